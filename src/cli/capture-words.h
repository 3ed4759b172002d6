/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The capture options that `enrol` and `case resume` share, and carrying them out: each sample comes
 * from a file or from a device, and a slot that is filled already is left alone.
 */
#pragma once

#include "cli/cli.h"
#include "format/image.h"
#include "record/enrolment.h"

typedef struct {
  char *portrait;           /* FILE or "camera" */
  char **fingers;           /* POSITION=FILE, POSITION=sensor or SLAP=sensor */
  char **finger_exceptions; /* POSITION=REASON */
  char *signature;          /* FILE or "pad" */
  char **documents;         /* KIND=FILE */
} TamboCaptureWords;

void tambo_capture_words_clear (TamboCaptureWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboCaptureWords, tambo_capture_words_clear)

/* Options that fill WORDS, ended by a NULL entry; the caller frees the array. */
GOptionEntry *tambo_capture_words_options (TamboCaptureWords *words, const GOptionEntry *more);

/* Tells first what headquarters warns of; ALERTS, and nothing is captured, where not every alert can be compared. */
gboolean tambo_capture_words_run (const TamboCaptureWords *words, TamboCli *cli,
                                  TamboStation *station, TamboEnrolment *enrolment, GError **error);

/* Seals the case and says where it stands. */
TamboExit tambo_capture_words_finish (TamboCli *cli, TamboStation *station,
                                      TamboEnrolment *enrolment);
/* The failure line, and how to go on with the case. */
TamboExit tambo_capture_words_interrupted (const TamboEnrolment *enrolment, const GError *error);

/* "POSITION=SOURCE". OUT_SOURCE lies in WORD. */
gboolean tambo_capture_words_split_finger (const char *word, TamboFinger *out_finger,
                                           const char **out_source, GError **error);
/* An image, or an ANSI/NIST transaction that has one of this finger. */
TamboImage *tambo_capture_words_read_finger (const char *path, TamboFinger finger,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
