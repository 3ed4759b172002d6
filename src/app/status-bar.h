/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the header bar says on every page: the queue, the connection, the room that is left, and who sits
 * here.
 */
#pragma once

#include "app/session.h"
#include "app/sync-process.h"
#include "station/desk-status.h"

#define TAMBO_TYPE_STATUS_BAR (tambo_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (TamboStatusBar, tambo_status_bar, TAMBO, STATUS_BAR, GtkBox)

void tambo_status_bar_set_operator (TamboStatusBar *self, const char *id, guint role);
/* Counts anew. Signal "room-told" (guint: applicants for whom there is room) after it. */
void tambo_status_bar_load (TamboStatusBar *self, TamboSession *session);
/* SINCE may be NULL. */
void tambo_status_bar_set_connection (TamboStatusBar *self, TamboConnection connection,
                                      GDateTime *since);
/* In words, as it is shown. */
const char *tambo_status_bar_get_connection (TamboStatusBar *self);
void tambo_status_bar_set_not_registered (TamboStatusBar *self);
/* An exchange is under way. */
void tambo_status_bar_set_sending (TamboStatusBar *self);
