/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The C ABI behind which a face detector lies: a loadable module that exports tambo_face_module. The
 * program runs without one. Plain C types alone, since the far side is C++; no exception crosses.
 */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TAMBO_FACE_ABI 1
#define TAMBO_FACE_SYMBOL "tambo_face_module"
#define TAMBO_FACE_POINTS 68 /* the places of the iBUG 300-W scheme, its first one at index 0 */

typedef struct {
  int x, y, width, height; /* pixels; may reach over the edge of the picture */
  double score;            /* of the detector: 0 where it is sure enough to claim a face */
} TamboFaceBox;

typedef struct {
  float x, y;
} TamboFacePoint;

typedef struct {
  unsigned abi;     /* TAMBO_FACE_ABI */
  const char *name; /* library and version, for the record */
  /* NULL with a CAUSE of at most SIZE bytes when a model is missing. */
  void *(*open) (char *cause, size_t size);
  /* Faces of at least 80 pixels in a GREY picture without row padding, whose score is at least
   * THRESHOLD, the best first: how many, -1 when the library fails. */
  int (*find) (void *detector, const unsigned char *grey, int width, int height, double threshold,
               TamboFaceBox *out_boxes, int capacity);
  /* 0 when the TAMBO_FACE_POINTS places of the face in BOX were set. */
  int (*mark) (void *detector, const unsigned char *grey, int width, int height,
               const TamboFaceBox *box, TamboFacePoint *out_points);
  void (*close) (void *detector);
} TamboFaceModule;

#ifdef __cplusplus
}
#endif
