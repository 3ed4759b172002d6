/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Faces in a picture and their landmarks, found by a module that is looked for at run time (face-module.h).
 * Where there is none, what does not need a face can still be judged.
 */
#pragma once

#include "biometric/face-module.h"
#include "format/image.h"

#define TAMBO_FACE_ERROR tambo_face_error_quark ()
GQuark tambo_face_error_quark (void);

typedef enum {
  TAMBO_FACE_ERROR_UNAVAILABLE, /* no module, or a model of it is missing */
  TAMBO_FACE_ERROR_FAILED,      /* the module failed on this picture */
  TAMBO_FACE_ERROR_FRAME,       /* the picture ends where the document needs more of it */
} TamboFaceError;

/* In pixels of the picture that was given. Right and left are the applicant's: the right eye lies left. */
typedef struct {
  TamboFaceBox box;
  TamboFacePoint points[TAMBO_FACE_POINTS];
  TamboFacePoint right_eye, left_eye; /* irises: ISO/IEC 19794-5, feature points 12.2 and 12.1 */
  double irises_seen;                 /* how clear the edge of the fainter iris is; 0.1 is little */
} TamboFace;

typedef struct _TamboFaceFinder TamboFaceFinder;

/* Takes about a second and 40 MB the first time, which stay until it rests; not to be called on the main
 * thread. All finders are one, and threads wait for each other in it. */
TamboFaceFinder *tambo_face_finder_new (GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_face_finder_free (TamboFaceFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFaceFinder, tambo_face_finder_free)
/* Gives the 40 MB back where nobody has had a finder for so long; not on the main thread, either. Whether
 * there is something to give back is told without waiting. */
gboolean tambo_face_finder_may_rest (gint64 unused_us);
void tambo_face_finder_rest (gint64 unused_us);
/* Library and version, for the record. */
const char *tambo_face_finder_get_name (const TamboFaceFinder *finder);

/* The TamboFace of a picture, the most certain first; certain ones (score at least 0) alone, or where
 * there are none the best candidate with a score below 0: a face that something covers, or no face. */
GArray *tambo_face_find (TamboFaceFinder *finder, const TamboImage *image,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for live pictures: half the resolution, landmarks that are less steady. */
GArray *tambo_face_find_fast (TamboFaceFinder *finder, const TamboImage *image,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same face in a next picture of the same size, near where it was; FALSE when it is lost. */
gboolean tambo_face_follow (TamboFaceFinder *finder, const TamboImage *grey, TamboFace *face);

double tambo_face_eye_distance (const TamboFace *face);
double tambo_face_roll (const TamboFace *face); /* degrees, clockwise in the picture */
TamboFacePoint tambo_face_between_eyes (const TamboFace *face);
/* The middle of the lids of an eye, wherever it looks. */
TamboFacePoint tambo_face_lids (const TamboFace *face, gboolean is_left);
