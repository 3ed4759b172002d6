/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One personalisation under way, as its files share it: the order of steps in personalisation.c, keys
 * in personalisation-keys.c. Private to the room.
 */
#pragma once

#include "chip/personalisation-session.h"

typedef struct {
  const TamboPersonalisation *order;
  TamboChannel *channel;
  TamboPersonalisationSession session;
  TamboMrz *mrz;
  gsize done, total;
  GCancellable *cancellable;
} TamboPersonalisationRun;

void tambo_personalisation_run_clear (TamboPersonalisationRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPersonalisationRun, tambo_personalisation_run_clear)

/* Into the journal, before anything of STEP is sent. */
gboolean tambo_personalisation_announce (TamboPersonalisationRun *run,
                                         TamboPersonalisationStep step, TamboLdsFile file,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the profile takes the keys that the order brings. */
gboolean tambo_personalisation_check_keys (const TamboPersonalisationRun *run,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All that the chip keeps to itself, and EF.CardAccess; the access keys last. */
gboolean tambo_personalisation_write_keys (TamboPersonalisationRun *run,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The chip holds what inspection with the MRZ alone has not asked it for. */
gboolean tambo_personalisation_prove_keys (TamboPersonalisationRun *run, GPtrArray *verdicts,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
