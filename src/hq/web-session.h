/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is signed in at the pages: sessions in memory, ended by leaving, by time and with the process. A cookie is
 * known here by its hash alone. Each form of a session has a token of its own, so that no other site can send
 * one. Times are seconds of any clock that does not go back.
 */
#pragma once

#include <glib.h>

#define TAMBO_SESSION_IDLE (30 * 60)
#define TAMBO_SESSION_LONGEST (10 * 60 * 60)

typedef struct _TamboSessions TamboSessions;

TamboSessions *tambo_sessions_new (void);
void tambo_sessions_free (TamboSessions *sessions);
/* The cookie's value. */
char *tambo_sessions_begin (TamboSessions *sessions, const char *person, gint64 now);
/* The person's name, or NULL when COOKIE (which may be NULL) is nobody's or not any more. */
char *tambo_sessions_find (TamboSessions *sessions, const char *cookie, gint64 now);
void tambo_sessions_end (TamboSessions *sessions, const char *cookie);

/* The token of the form that is sent to ACTION, for whoever has COOKIE. */
char *tambo_sessions_dup_token (TamboSessions *sessions, const char *cookie, const char *action);
gboolean tambo_sessions_check_token (TamboSessions *sessions, const char *cookie,
                                     const char *action, const char *token);
