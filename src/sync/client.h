/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP to headquarters over libcurl: mutual TLS 1.3, our authority alone, one connection kept.
 * Blocking; for one thread.
 */
#pragma once

#include <gio/gio.h>

#include "sync/protocol.h"

typedef struct {
  const char *url;         /* "https://hq.example:8443" */
  const char *ca_file;     /* PEM */
  const char *certificate; /* PEM file of the station; NULL for the registration */
  const char *key;         /* PEM file */
  guint64 limit_rate;      /* bytes a second; 0: no limit */
  guint patience;          /* seconds of a line that carries next to nothing; 0: as it is usual */
  gint64 time_floor; /* it is later than this, whatever this computer's clock says; 0: unknown */
} TamboClientSettings;

typedef struct _TamboClient TamboClient;

/* Bytes sent of the record under way. */
typedef void (*TamboClientProgress) (gint64 done, gint64 total, gpointer data);

TamboClient *tambo_client_new (const TamboClientSettings *settings);
void tambo_client_free (TamboClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboClient, tambo_client_free)
void tambo_client_set_progress (TamboClient *client, TamboClientProgress progress, gpointer data);
/* Asked now and then while a record is on its way; TRUE ends its turn (TURN_OVER), and what was sent of it
 * is kept at the other end. */
typedef gboolean (*TamboClientTurn) (gpointer data);
void tambo_client_set_turn (TamboClient *client, TamboClientTurn is_over, gpointer data);

/* For how many seconds headquarters wants to be left alone, by its last answer; 0 when it said nothing. */
guint tambo_client_get_retry_after (TamboClient *client);
/* By how many seconds this computer's clock is ahead of headquarters', by its last answer; 0 before. */
gint64 tambo_client_get_clock_offset (TamboClient *client);

/* Brings one record to headquarters, from wherever the last try broke off, and gives the receipt's
 * text as it came; the caller verifies it. */
char *tambo_client_send (TamboClient *client, const char *sha256, const char *manifest,
                         GBytes *sealed, GCancellable *cancellable,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Elements are TamboInboxItem. */
GPtrArray *tambo_client_inbox (TamboClient *client, gint64 after, GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_client_inbox_load (TamboClient *client, gint64 number, GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The countersigned head's text; FORK when headquarters knows another history. */
char *tambo_client_checkpoint (TamboClient *client, const char *checkpoint,
                               GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a station tells of its blanks (stock-statement.h); the answer's text. */
char *tambo_client_stock (TamboClient *client, const char *statement, GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Which of CLAIMS, and how much of INBOX, headquarters knows. */
TamboClaimsAnswer *tambo_client_claim (TamboClient *client, const char *claims,
                                       GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The signed reference data's text. */
char *tambo_client_reference (TamboClient *client, GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What changed, a signed statement's text (changes.h). */
char *tambo_client_changes (TamboClient *client, const char *request, GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *tambo_client_renew (TamboClient *client, const char *request, GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *tambo_client_register (TamboClient *client, const char *registration,
                             GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
