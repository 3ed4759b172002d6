/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/portrait-guide.h"

#include <math.h>

#include "biometric/portrait-face.h"

#define LOOK_EVERY 8 /* frames between two searches */
#define STILL 0.06   /* eye distances from frame to frame */
#define NEAR 0.30    /* eye distance over the frame's shorter side */
#define FAR 0.12
#define ASIDE 0.12 /* of the frame, from its middle */
#define ROLL 8.0
#define TURNED 14.0
#define DARK 40
#define BRIGHT 225
#define BLURRED 2.2

struct _TamboGuide {
  TamboFaceFinder *finder; /* borrowed */
  TamboFace face;
  gboolean has_face;
  guint n_faces, n_frames;
};

TamboGuide *tambo_guide_new (TamboFaceFinder *finder) {
  TamboGuide *guide = g_new0 (TamboGuide, 1);
  guide->finder = finder;
  return guide;
}

void tambo_guide_free (TamboGuide *guide) {
  g_free (guide);
}

const TamboFace *tambo_guide_get_face (const TamboGuide *guide) {
  return guide->has_face ? &guide->face : NULL;
}

static void look (TamboGuide *guide, const TamboImage *frame) {
  g_autoptr (GArray) faces = tambo_face_find_fast (guide->finder, frame, NULL);

  guide->n_faces = 0;
  for (guint i = 0; faces != NULL && i < faces->len; i++)
    guide->n_faces += g_array_index (faces, TamboFace, i).box.score >= 0;
  guide->has_face = guide->n_faces > 0;
  if (guide->has_face)
    guide->face = g_array_index (faces, TamboFace, 0);
}

static const char *guide_place (const TamboFace *face, const TamboImage *frame) {
  TamboFacePoint eyes = tambo_face_between_eyes (face);
  double size = tambo_face_eye_distance (face) / MIN (frame->width, frame->height);

  if (size < FAR)
    return "Come nearer";
  if (size > NEAR)
    return "Go back a little";
  if (fabs (eyes.x / frame->width - 0.5) > ASIDE)
    return eyes.x < frame->width / 2.0 ? "Move to the right of the picture"
                                       : "Move to the left of the picture";
  if (eyes.y / frame->height < 0.25)
    return "The head is too high in the picture";
  return eyes.y / frame->height > 0.6 ? "The head is too low in the picture" : NULL;
}

static const char *guide_head (const TamboFace *face, const TamboImage *frame) {
  TamboFaceShape shape;
  TamboFaceLook seen;

  tambo_face_measure_shape (face, &shape);
  if (fabs (shape.roll) > ROLL)
    return "Hold the head upright";
  if (fabs (shape.yaw) > TURNED || fabs (shape.pitch) > TURNED)
    return "Look straight into the camera";
  tambo_face_measure_look (face, frame, &seen);
  if (seen.brightness < DARK)
    return "The face is too dark";
  if (seen.brightness > BRIGHT)
    return "The face is too bright";
  if (seen.eyes_dark > 0.8)
    return "Take off the sunglasses";
  if (seen.sharpness < BLURRED)
    return "Hold still";
  if (seen.eyes_closed >= 1)
    return "Open both eyes";
  return shape.mouth_gap > 0.12 ? "Close the mouth" : NULL;
}

const char *tambo_guide_feed (TamboGuide *guide, const TamboImage *frame) {
  TamboFacePoint before = tambo_face_between_eyes (&guide->face);
  gboolean was_there = guide->has_face;
  g_autoptr (TamboImage) grey = tambo_image_to_grey (frame);

  if (grey == NULL)
    return "The picture is too large";
  if (!guide->has_face || guide->n_frames++ % LOOK_EVERY == 0
      || !tambo_face_follow (guide->finder, grey, &guide->face))
    look (guide, grey);
  if (!guide->has_face)
    return "Look at the camera";
  if (guide->n_faces > 1)
    return "Only one person may be in the picture";

  TamboFacePoint now = tambo_face_between_eyes (&guide->face);
  const char *hint = guide_place (&guide->face, frame);
  if (hint == NULL && was_there
      && hypot (now.x - before.x, now.y - before.y)
             > STILL * tambo_face_eye_distance (&guide->face))
    hint = "Hold still";
  return hint != NULL ? hint : guide_head (&guide->face, frame);
}
