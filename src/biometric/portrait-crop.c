/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/portrait-crop.h"

#include <math.h>

/* A head is not quite twice as high as its chin lies below the eyes. */
#define HEAD_OVER_CHIN 1.85
#define TOKEN_WIDTH_MIN 240

/* What the frame looks for first, and how far it may go from it (TR-03121-3 Volume 4, table 4.6). */
#define HEAD_WANTED 0.70
#define HEAD_MOST 0.88
#define EYES_WANTED 0.44
#define EYES_LEAST 0.32
#define EYES_MOST 0.49
#define ASIDE_MOST 0.04

double tambo_portrait_head_height (const TamboFace *face) {
  TamboFacePoint eyes = tambo_face_between_eyes (face);
  return HEAD_OVER_CHIN * hypot (face->points[8].x - eyes.x, face->points[8].y - eyes.y);
}

double tambo_portrait_head_width (const TamboFace *face) {
  return hypot (face->points[16].x - face->points[0].x, face->points[16].y - face->points[0].y);
}

/* A frame of WIDTH whose middle and eye line may move a little to stay inside. */
static gboolean place_frame (const TamboFace *face, int width, int height, int frame_width,
                             TamboFrame *out_frame) {
  TamboFacePoint eyes = tambo_face_between_eyes (face);
  int frame_height = frame_width * 4 / 3;
  double x = eyes.x - frame_width / 2.0, y = eyes.y - EYES_WANTED * frame_height;

  x = CLAMP (x, 0, MAX (width - frame_width, 0));
  y = CLAMP (y, 0, MAX (height - frame_height, 0));
  TamboFrame frame = { (int) x, (int) y, frame_width, frame_height };
  double aside = (eyes.x - frame.x) / frame_width, down = (eyes.y - frame.y) / frame_height;
  if (frame_width > width || frame_height > height || fabs (aside - 0.5) > ASIDE_MOST
      || down < EYES_LEAST || down > EYES_MOST)
    return FALSE;
  *out_frame = frame;
  return TRUE;
}

gboolean tambo_portrait_frame (const TamboFace *face, int width, int height,
                               TamboFrame *out_frame) {
  double head = tambo_portrait_head_height (face);

  for (double share = HEAD_WANTED; share <= HEAD_MOST; share += 0.02) {
    int frame_width = (int) (head / share * 3 / 4) / 3 * 3;
    if (frame_width > 0 && place_frame (face, width, height, frame_width, out_frame))
      return TRUE;
  }
  return FALSE;
}

static void *set_too_near (GError **error) {
  g_set_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_FRAME,
               "the head is too near to the edge of the picture");
  return NULL;
}

TamboImage *tambo_portrait_crop_frontal (const TamboImage *image, const TamboFace *face,
                                         GError **error) {
  TamboFrame frame;

  if (!tambo_portrait_frame (face, image->width, image->height, &frame))
    return set_too_near (error);
  return tambo_image_crop (image, frame.x, frame.y, frame.width, frame.height);
}

/* Bilinear; the caller saw that all four neighbours exist. */
static void copy_pixel (const TamboImage *image, double x, double y, guint8 *out) {
  int left = MIN ((int) x, image->width - 2), top = MIN ((int) y, image->height - 2);
  double u = x - left, v = y - top;
  gsize stride = (gsize) image->width * image->channels;
  const guint8 *at = image->data + (gsize) top * stride + (gsize) left * image->channels;

  for (int c = 0; c < image->channels; c++) {
    double upper = at[c] * (1 - u) + at[c + image->channels] * u;
    double lower = at[c + stride] * (1 - u) + at[c + stride + image->channels] * u;
    out[c] = (guint8) (upper * (1 - v) + lower * v + 0.5);
  }
}

TamboImage *tambo_portrait_crop_token (const TamboImage *image, const TamboFace *face,
                                       GError **error) {
  double length = tambo_face_eye_distance (face);
  int width = (int) (4 * length), height = (int) (width / 0.75 + 0.5);
  if (width < TOKEN_WIDTH_MIN) {
    g_set_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_FRAME,
                 "%.0f pixels between the eyes give a token image of %d pixels, fewer than %d",
                 length, width, TOKEN_WIDTH_MIN);
    return NULL;
  }

  /* One source pixel or a little more for each: never enlarged. */
  double ax = (face->left_eye.x - face->right_eye.x) / (0.25 * width);
  double ay = (face->left_eye.y - face->right_eye.y) / (0.25 * width);
  g_autoptr (TamboImage) token = tambo_image_new (width, height, image->channels);
  if (token == NULL)
    return set_too_near (error);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      double u = x - (0.375 * width - 1), v = y - 0.6 * width;
      double from_x = face->right_eye.x + u * ax - v * ay;
      double from_y = face->right_eye.y + u * ay + v * ax;
      if (from_x < 0 || from_y < 0 || from_x > image->width - 1 || from_y > image->height - 1)
        return set_too_near (error);
      copy_pixel (image, from_x, from_y, token->data + ((gsize) y * width + x) * token->channels);
    }
  token->ppi = image->ppi;
  return g_steal_pointer (&token);
}
