/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The file commands of Doc 9303-10 section 3.6 as inspection and personalisation share them: SELECT,
 * READ BINARY, UPDATE BINARY. Private to the room. SM may be NULL: in the clear then.
 */
#pragma once

#include "chip/lds.h"
#include "chip/secure-messaging.h"

/* Bytes moved since the last call. */
typedef void (*TamboFileProgress) (gsize bytes, gpointer data);

gboolean tambo_file_transmit (TamboChannel *channel, TamboSecureMessaging *sm,
                              const TamboCommand *command, TamboResponse *out_response,
                              GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* In the clear always: it ends a session. UNSUPPORTED when the card has no such application. */
gboolean tambo_file_select_application (TamboChannel *channel, GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The greatest command and answer that the chip declares in EF.ATR/INFO; 0: short ones. */
typedef struct {
  gsize command, answer;
} TamboFileLengths;

/* Before the application is selected. TRUE with zeros where the chip declares nothing. */
gboolean tambo_file_read_lengths (TamboChannel *channel, TamboFileLengths *out_lengths,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Under SM, which goes on. */
gboolean tambo_file_select_application_under (TamboChannel *channel, TamboSecureMessaging *sm,
                                              GCancellable *cancellable,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Any elementary file below the current one (P1 02), or the master file (P1 00). NAME is for messages.
 * STATUS when the file is not there or may not be selected. */
gboolean tambo_file_select_id (TamboChannel *channel, TamboSecureMessaging *sm, guint8 p1,
                               guint16 id, const char *name, GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a file of the application. */
gboolean tambo_file_select (TamboChannel *channel, TamboSecureMessaging *sm, TamboLdsFile file,
                            GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Selects a file and reads the whole of it. */
GBytes *tambo_file_select_and_read (TamboChannel *channel, TamboSecureMessaging *sm,
                                    TamboLdsFile file, TamboFileProgress progress, gpointer data,
                                    GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a file of the master file that is one object of TAG, 16 KiB at most. */
GBytes *tambo_file_select_and_read_as (TamboChannel *channel, TamboSecureMessaging *sm, guint16 id,
                                       const char *name, guint8 tag, GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
