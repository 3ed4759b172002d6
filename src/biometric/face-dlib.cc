/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/face-module.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <memory>
#include <new>
#include <vector>

#include <dlib/array2d.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>

namespace {

const char *const model = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat";

/* One step of the cascade, for a picture's grey values at PIXELS places: trees, all of the same depth, of which each
 * moves the landmarks by one of its leaves. */
struct Forest {
  struct Split {
    std::uint16_t first, second; /* of the places */
    float threshold;
  };

  size_t n_splits = 0;             /* of each tree */
  std::vector<Split> splits;       /* of all trees */
  std::vector<float> steps;        /* of each tree */
  std::vector<std::int16_t> moves; /* of all leaves, in steps */
  std::vector<unsigned long> anchors;
  std::vector<dlib::vector<float, 2>> deltas;
};

/* What dlib::shape_predictor does, from the same file and with the same arithmetic but for the leaves: dlib keeps
 * each as a matrix of floats, 72 MB in all; as 16-bit multiples of a step they need half of it. What that moves, a
 * thousandth of a pixel, can make a pixel's neighbour be looked at: single landmarks then lie a pixel or two elsewhere,
 * as they do when the picture moves as little. */
class Landmarks {
public:
  void read (std::istream &in);
  void mark (const dlib::array2d<unsigned char> &image, const dlib::rectangle &place,
             TamboFacePoint *out_points) const;

private:
  void move (const Forest &forest, const std::vector<float> &pixels,
             dlib::matrix<float, 0, 1> &shape) const;

  dlib::matrix<float, 0, 1> initial;
  std::vector<Forest> forests;
};

/* More than any model in use has. */
constexpr unsigned long most_forests = 64, most_trees = 4096, most_splits = 1023;
constexpr long n_coordinates = 2 * TAMBO_FACE_POINTS;

void require (bool truth, const char *what) {
  if (!truth)
    throw dlib::serialization_error (what);
}

unsigned long read_count (std::istream &in, unsigned long most) {
  unsigned long count;
  dlib::deserialize (count, in);
  require (count > 0 && count <= most, "a number out of bounds");
  return count;
}

void add_leaves (Forest &forest, const dlib::impl::regression_tree &tree) {
  float largest = 0;
  for (const auto &leaf : tree.leaf_values) {
    require (leaf.size () == n_coordinates, "a leaf of another size");
    for (float value : leaf)
      largest = std::max (largest, std::abs (value));
  }
  require (std::isfinite (largest), "a leaf without bounds");
  float step = largest > 0 ? largest / INT16_MAX : 1;
  forest.steps.push_back (step);
  for (const auto &leaf : tree.leaf_values)
    for (float value : leaf)
      forest.moves.push_back (static_cast<std::int16_t> (std::lround (value / step)));
}

void add_tree (Forest &forest, const dlib::impl::regression_tree &tree) {
  size_t n = tree.splits.size ();

  /* Full to the last level. */
  require (n > 0 && n <= most_splits && (n & (n + 1)) == 0 && tree.leaf_values.size () == n + 1,
           "a tree of another shape");
  require (forest.n_splits == 0 || forest.n_splits == n, "trees of two depths");
  forest.n_splits = n;
  for (const auto &split : tree.splits) {
    require (split.idx1 <= UINT16_MAX && split.idx2 <= UINT16_MAX, "a place out of bounds");
    forest.splits.push_back ({ static_cast<std::uint16_t> (split.idx1),
                               static_cast<std::uint16_t> (split.idx2), split.thresh });
  }
  add_leaves (forest, tree);
}

Forest read_forest (std::istream &in) {
  Forest forest;

  for (unsigned long n = read_count (in, most_trees); n > 0; n--) {
    dlib::impl::regression_tree tree;
    deserialize (tree, in);
    add_tree (forest, tree);
  }
  forest.splits.shrink_to_fit ();
  forest.moves.shrink_to_fit ();
  return forest;
}

void check_places (const Forest &forest) {
  require (forest.anchors.size () == forest.deltas.size (), "places without anchors");
  for (unsigned long anchor : forest.anchors)
    require (anchor < TAMBO_FACE_POINTS, "an anchor out of bounds");
  for (const auto &split : forest.splits)
    require (split.first < forest.deltas.size () && split.second < forest.deltas.size (),
             "a place out of bounds");
}

void Landmarks::read (std::istream &in) {
  int version;
  dlib::deserialize (version, in);
  require (version == 1, "another version");
  dlib::deserialize (initial, in);
  require (initial.size () == n_coordinates, "another number of landmarks");
  for (unsigned long n = read_count (in, most_forests); n > 0; n--)
    forests.push_back (read_forest (in));
  require (read_count (in, most_forests) == forests.size (), "anchors of other forests");
  for (auto &forest : forests)
    dlib::deserialize (forest.anchors, in);
  require (read_count (in, most_forests) == forests.size (), "places of other forests");
  for (auto &forest : forests) {
    dlib::deserialize (forest.deltas, in);
    check_places (forest);
  }
}

void Landmarks::move (const Forest &forest, const std::vector<float> &pixels,
                      dlib::matrix<float, 0, 1> &shape) const {
  const Forest::Split *splits = forest.splits.data ();
  const std::int16_t *moves = forest.moves.data ();

  for (float step : forest.steps) {
    size_t i = 0;
    while (i < forest.n_splits)
      i = 2 * i
          + (pixels[splits[i].first] - pixels[splits[i].second] > splits[i].threshold ? 1 : 2);
    const std::int16_t *leaf = moves + (i - forest.n_splits) * n_coordinates;
    for (long k = 0; k < n_coordinates; k++)
      shape (k) += step * leaf[k];
    splits += forest.n_splits;
    moves += (forest.n_splits + 1) * n_coordinates;
  }
}

void Landmarks::mark (const dlib::array2d<unsigned char> &image, const dlib::rectangle &place,
                      TamboFacePoint *out_points) const {
  dlib::matrix<float, 0, 1> shape = initial;
  std::vector<float> pixels;

  for (const auto &forest : forests) {
    dlib::impl::extract_feature_pixel_values (image, place, shape, initial, forest.anchors,
                                              forest.deltas, pixels);
    move (forest, pixels, shape);
  }
  const auto to_image = dlib::impl::unnormalizing_tform (place);
  for (unsigned long i = 0; i < TAMBO_FACE_POINTS; i++) {
    const dlib::point point = to_image (dlib::impl::location (shape, i));
    out_points[i] = { static_cast<float> (point.x ()), static_cast<float> (point.y ()) };
  }
}

struct Detector {
  dlib::frontal_face_detector faces = dlib::get_frontal_face_detector ();
  Landmarks places;
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
    auto detector = std::make_unique<Detector> ();
    std::ifstream in (path, std::ios::binary);
    if (!in) {
      std::snprintf (cause, size, "%s cannot be read", path);
      return nullptr;
    }
    detector->places.read (in);
    return detector.release ();
  } catch (const dlib::serialization_error &error) {
    std::snprintf (cause, size, "%s is no model of landmarks: %s", path, error.what ());
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
    detector->places.mark (copy_of ({ grey, width, height }), place, out_points);
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
  TAMBO_FACE_ABI, "dlib 19.24, frontal faces and 68 landmarks",
  open_detector,  find_faces,
  mark_face,      close_detector,
};
