/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/portrait-desk.h"

#include "biometric/portrait-crop.h"
#include "biometric/portrait-guide.h"
#include "biometric/portrait-judge.h"

/* A camera that stood still in between has not seen that it was right all the time. */
#define LONGEST_BREAK_US (1000 * 1000)

/* ---- before ---- */

double tambo_portrait_hold_feed (TamboPortraitHold *hold, gboolean is_right, gint64 now_us) {
  gboolean goes_on = hold->n_frames > 0 && now_us - hold->last < LONGEST_BREAK_US;

  if (!is_right) {
    *hold = (TamboPortraitHold){ 0 };
    return 0;
  }
  if (!goes_on)
    *hold = (TamboPortraitHold){ .since = now_us };
  hold->last = now_us;
  hold->n_frames++;
  return MIN (MIN (1.0, (double) (now_us - hold->since) / TAMBO_PORTRAIT_HOLD_US),
              (double) hold->n_frames / TAMBO_PORTRAIT_HOLD_FRAMES);
}

struct _TamboPortraitWatch {
  TamboFaceFinder *finder;
  TamboGuide *guide;
  TamboPortraitHold hold;
};

TamboPortraitWatch *tambo_portrait_watch_new (GError **error) {
  TamboFaceFinder *finder = tambo_face_finder_new (error);
  if (finder == NULL)
    return NULL;

  TamboPortraitWatch *watch = g_new0 (TamboPortraitWatch, 1);
  watch->finder = finder;
  watch->guide = tambo_guide_new (finder);
  return watch;
}

void tambo_portrait_watch_free (TamboPortraitWatch *watch) {
  if (watch == NULL)
    return;
  tambo_guide_free (watch->guide);
  tambo_face_finder_free (watch->finder);
  g_free (watch);
}

void tambo_portrait_watch_feed (TamboPortraitWatch *watch, const TamboImage *frame, gint64 now_us,
                                TamboPortraitSight *out_sight) {
  const char *hint = tambo_guide_feed (watch->guide, frame);
  const TamboFace *face = tambo_guide_get_face (watch->guide);

  *out_sight = (TamboPortraitSight){ .hint = hint, .has_face = face != NULL };
  out_sight->held = tambo_portrait_hold_feed (&watch->hold, hint == NULL, now_us);
  if (face == NULL)
    return;
  TamboFacePoint eyes = tambo_face_between_eyes (face);
  out_sight->eyes_x = eyes.x / frame->width;
  out_sight->eyes_y = eyes.y / frame->height;
}

gboolean tambo_portrait_may_rest (gint64 unused_us) {
  return tambo_face_finder_may_rest (unused_us);
}

void tambo_portrait_rest (gint64 unused_us) {
  tambo_face_finder_rest (unused_us);
}

/* ---- after ---- */

/* FACE as it lies in the part of its picture that FRAME is. */
static GArray *move_face (const TamboFace *face, const TamboFrame *frame) {
  GArray *faces = g_array_new (FALSE, FALSE, sizeof (TamboFace));
  TamboFace moved = *face;
  TamboFacePoint *places[] = { &moved.right_eye, &moved.left_eye };

  for (gsize i = 0; i < TAMBO_FACE_POINTS; i++) {
    moved.points[i].x -= frame->x;
    moved.points[i].y -= frame->y;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    places[i]->x -= frame->x;
    places[i]->y -= frame->y;
  }
  moved.box.x -= frame->x;
  moved.box.y -= frame->y;
  g_array_append_val (faces, moved);
  return faces;
}

/* What goes into the document is judged, not what lies around it. */
static void judge_crop (TamboPortraitReport *report, const TamboImage *image,
                        const TamboFace *face) {
  TamboFrame frame;

  if (!tambo_portrait_frame (face, image->width, image->height, &frame))
    return;
  report->crop = tambo_image_crop (image, frame.x, frame.y, frame.width, frame.height);
  if (report->crop == NULL)
    return;
  g_autoptr (GArray) faces = move_face (face, &frame);
  g_array_unref (report->measures);
  report->measures = tambo_portrait_judge (report->crop, faces);
}

TamboPortraitReport *tambo_portrait_report_new (const TamboImage *image) {
  TamboPortraitReport *report = g_new0 (TamboPortraitReport, 1);
  g_autoptr (TamboFaceFinder) finder = tambo_face_finder_new (NULL);
  g_autoptr (GArray) faces = finder != NULL ? tambo_face_find (finder, image, NULL) : NULL;

  report->measures = tambo_portrait_judge (image, faces);
  if (faces != NULL && tambo_portrait_count_faces (image, faces) == 1)
    judge_crop (report, image, &g_array_index (faces, TamboFace, 0));
  return report;
}

void tambo_portrait_report_free (TamboPortraitReport *report) {
  if (report == NULL)
    return;
  g_array_unref (report->measures);
  g_clear_pointer (&report->crop, tambo_image_free);
  g_free (report);
}

guint tambo_portrait_count_faults (const char *verdicts) {
  guint count = 0;

  if (verdicts == NULL)
    return G_MAXUINT;
  for (; *verdicts != '\0'; verdicts++)
    count += *verdicts == '!';
  return count;
}
