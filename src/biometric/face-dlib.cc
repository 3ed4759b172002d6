/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/face-module.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <vector>

#include <dlib/array2d.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>

namespace {

const char *const model = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat";

struct Detector {
  dlib::frontal_face_detector faces = dlib::get_frontal_face_detector ();
  dlib::shape_predictor places;
};

/* A picture that lies in somebody else's memory, as dlib wants to see it. */
struct Grey {
  const unsigned char *pixels;
  long width, height;
};

dlib::array2d<unsigned char> copy_of (const Grey &grey) {
  dlib::array2d<unsigned char> image (grey.height, grey.width);
  for (long y = 0; y < grey.height; y++)
    for (long x = 0; x < grey.width; x++)
      image[y][x] = grey.pixels[y * grey.width + x];
  return image;
}

void *open_detector (char *cause, size_t size) {
  const char *path = std::getenv ("TAMBO_FACE_LANDMARKS");
  if (path == nullptr)
    path = model;
  try {
    auto *detector = new Detector;
    try {
      dlib::deserialize (path) >> detector->places;
    } catch (...) {
      delete detector;
      throw;
    }
    if (detector->places.num_parts () == TAMBO_FACE_POINTS)
      return detector;
    delete detector;
    std::snprintf (cause, size, "%s does not have %d places", path, TAMBO_FACE_POINTS);
  } catch (const std::exception &) {
    std::snprintf (cause, size, "%s cannot be read", path);
  }
  return nullptr;
}

int find_faces (void *self, const unsigned char *grey, int width, int height, double threshold,
                TamboFaceBox *out_boxes, int capacity) {
  auto *detector = static_cast<Detector *> (self);
  try {
    std::vector<dlib::rect_detection> found;
    detector->faces (copy_of ({ grey, width, height }), found, threshold);
    int count = 0;
    for (const auto &face : found) {
      if (count == capacity)
        break;
      TamboFaceBox &box = out_boxes[count++];
      box.x = static_cast<int> (face.rect.left ());
      box.y = static_cast<int> (face.rect.top ());
      box.width = static_cast<int> (face.rect.width ());
      box.height = static_cast<int> (face.rect.height ());
      box.score = face.detection_confidence;
    }
    return count;
  } catch (const std::exception &) {
    return -1;
  }
}

int mark_face (void *self, const unsigned char *grey, int width, int height,
               const TamboFaceBox *box, TamboFacePoint *out_points) {
  auto *detector = static_cast<Detector *> (self);
  try {
    dlib::rectangle place (box->x, box->y, box->x + box->width - 1, box->y + box->height - 1);
    dlib::full_object_detection face =
        detector->places (copy_of ({ grey, width, height }), place);
    for (unsigned long i = 0; i < TAMBO_FACE_POINTS; i++)
      out_points[i] = { static_cast<float> (face.part (i).x ()),
                        static_cast<float> (face.part (i).y ()) };
    return 0;
  } catch (const std::exception &) {
    return -1;
  }
}

void close_detector (void *self) {
  delete static_cast<Detector *> (self);
}

} // namespace

extern "C" const TamboFaceModule tambo_face_module;
extern "C" const TamboFaceModule tambo_face_module = {
  TAMBO_FACE_ABI, "dlib 19.24, frontal faces and 68 landmarks", open_detector, find_faces, mark_face, close_detector,
};
