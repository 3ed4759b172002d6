/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a document reader says on a serial line: the lines of a machine-readable zone, each ended by CR or LF,
 * between STX and ETX or with nothing around them. Bytes in, zones out. Pure: no clock, no port.
 */
#pragma once

#include <glib.h>

typedef struct _TamboMrzFrames TamboMrzFrames;

typedef enum {
  TAMBO_MRZ_FRAME_UNFINISHED,
  TAMBO_MRZ_FRAME_ZONE,    /* to be taken; a check digit may be wrong */
  TAMBO_MRZ_FRAME_REFUSED, /* a frame ended that holds no zone, such as another bar code */
} TamboMrzFrame;

TamboMrzFrames *tambo_mrz_frames_new (void);
void tambo_mrz_frames_free (TamboMrzFrames *frames); /* wipes what it holds */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboMrzFrames, tambo_mrz_frames_free)

TamboMrzFrame tambo_mrz_frames_push (TamboMrzFrames *frames, guint8 byte);
/* The lines of the last zone, joined by newlines; NULL when there is none. A secret of the caller's. */
char *tambo_mrz_frames_take (TamboMrzFrames *frames);
/* Something has begun that is not finished. */
gboolean tambo_mrz_frames_is_pending (const TamboMrzFrames *frames);
/* Nothing came for so long that what is unfinished stays so. */
void tambo_mrz_frames_reset (TamboMrzFrames *frames);
