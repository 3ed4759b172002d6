/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The personalisation agent's session with a chip, by its profile: in the clear, under secure
 * messaging with a personalisation key, or through a secure channel. Private to the room.
 */
#pragma once

#include "chip/command-template.h"
#include "chip/personalisation.h"
#include "chip/scp.h"

typedef struct {
  TamboChannel *channel;                /* borrowed */
  const TamboChipProfile *profile;      /* borrowed */
  const TamboPersonalisationKeys *keys; /* borrowed; NULL for a profile without authentication */
  TamboSecureMessaging *sm;
  TamboScp *scp;
  guint8 block;
  gboolean knows_lengths;
  gsize max_command; /* declared by the chip; 0: short ones */
} TamboPersonalisationSession;

void tambo_personalisation_session_clear (TamboPersonalisationSession *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPersonalisationSession, tambo_personalisation_session_clear)

/* The keys that the profile wants are there and have its sizes. */
gboolean tambo_personalisation_session_check (const TamboPersonalisationSession *session,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Selects and authenticates, ending a session before. LOCKED when the chip knows no personalisation
 * agent any more; a chip in the clear cannot tell. */
gboolean tambo_personalisation_session_open (TamboPersonalisationSession *session,
                                             GCancellable *cancellable,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One command of the profile, and the whole answer to it. */
gboolean tambo_personalisation_session_ask (TamboPersonalisationSession *session,
                                            const char *command_template,
                                            TamboTemplateValues *values,
                                            TamboResponse *out_response, GCancellable *cancellable,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same where the status word is all of it. */
gboolean tambo_personalisation_session_send (TamboPersonalisationSession *session,
                                             const char *command_template,
                                             TamboTemplateValues *values, guint16 *out_sw,
                                             GCancellable *cancellable,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_personalisation_session_select (TamboPersonalisationSession *session,
                                               TamboLdsFile file, GCancellable *cancellable,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The most {data} that one WRITE of the profile carries in this session. */
gsize tambo_personalisation_session_max_write (const TamboPersonalisationSession *session);
/* The size that the selected chip's file control parameters give for FILE. */
gboolean tambo_personalisation_session_get_size (TamboPersonalisationSession *session,
                                                 TamboLdsFile file, gsize *out_size,
                                                 GCancellable *cancellable,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
