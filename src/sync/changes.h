/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What headquarters tells a station beside its messages: appointments, alerts, procedures and other data
 * that stations work with. Each item has a kind, an id and a version; every change gives it a higher
 * version than anything had before.
 *
 *   POST /v1/changes   {"after":VERSION,"inbox_key":POINT} -> a signed statement
 *
 * The statement says what changed after the version that the station has, and the state that follows: a
 * hash over all items that the station then has. When that is another one, something is missing, and the
 * station asks for everything anew (after 0), which takes the place of all that it had.
 */
#pragma once

#include "sync/protocol.h"

/* Items of one statement. */
#define TAMBO_CHANGES_PAGE 200

typedef struct {
  char *kind, *id;
  gint64 version;
  gboolean is_gone; /* then there is no body */
  char *body;       /* canonical JSON of an object: nothing personal */
  GBytes *sealed;   /* for the station's inbox key, an envelope of the same kind and id; NULL */
} TamboChange;

TamboChange *tambo_change_new (const char *kind, const char *id, gint64 version);
void tambo_change_free (TamboChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboChange, tambo_change_free)
/* Over body and sealed bytes: 64 hexadecimal digits. */
char *tambo_change_dup_digest (const char *body, GBytes *sealed);

/* The hash over a set of items, in whatever order they are added. */
typedef struct _TamboChangesState TamboChangesState;
TamboChangesState *tambo_changes_state_new (void);
void tambo_changes_state_add (TamboChangesState *state, const char *kind, const char *id,
                              gint64 version, const char *digest);
char *tambo_changes_state_finish (TamboChangesState *state); /* frees STATE */

typedef struct {
  char *station;
  gint64 after;       /* 0: everything, in the place of what was there */
  gint64 version;     /* the station's after this statement */
  gboolean has_more;  /* the state is that after the last one */
  char *time;         /* headquarters' clock */
  char *state;        /* "" when there is more to come */
  GPtrArray *changes; /* TamboChange, by version */
} TamboChanges;

TamboChanges *tambo_changes_new (void);
void tambo_changes_free (TamboChanges *changes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboChanges, tambo_changes_free)
char *tambo_changes_sign (const TamboChanges *changes, TamboKey *key);
/* INTEGRITY when the signature is not KEY's; PROTOCOL for anything that has not its form. */
TamboChanges *tambo_changes_verify (const char *text, TamboKey *key,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  gint64 after;
  GBytes *inbox_key; /* P-256 point; NULL while the station has none */
} TamboChangesRequest;

void tambo_changes_request_clear (TamboChangesRequest *request);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboChangesRequest, tambo_changes_request_clear)
char *tambo_changes_request_to_json (const TamboChangesRequest *request);
gboolean tambo_changes_request_from_json (const char *text, gssize size,
                                          TamboChangesRequest *out_request,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
