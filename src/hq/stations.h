/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stations: invited, registered, revoked. A station is who presents the very certificate that it
 * was given at its registration.
 */
#pragma once

#include "hq/headquarters.h"

typedef struct {
  char *code;
  char *state; /* "active", "revoked" */
  gint64 epoch;
  char *certificate; /* PEM */
  char *fingerprint;
  TamboKey *key; /* of the certificate */
  char *registered_at;
  char *revoked_at;                       /* NULL */
  char *last_seen;                        /* NULL */
  gint64 records, last_sequence, missing; /* of this epoch; missing: numbers that never came */
} TamboStationRow;

TamboStationRow *tambo_station_row_copy (const TamboStationRow *row);
void tambo_station_row_free (TamboStationRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStationRow, tambo_station_row_free)

/* A token of 128 bits for one registration of CODE within seven days. Only its hash is kept. */
char *tambo_stations_invite (TamboHq *hq, const char *code,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Elements are TamboStationRow, by code. */
GPtrArray *tambo_stations_list (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboStationRow *tambo_stations_get (TamboHq *hq, const char *code,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In force at every receiver when it returns. */
gboolean tambo_stations_revoke (TamboHq *hq, const char *code, GError **error);

/* Numbers of one station that never came, although later ones did. */
typedef struct {
  char *station;
  gint64 first, last;
  char *since; /* when the number behind the gap was announced */
} TamboGap;

void tambo_gap_free (TamboGap *gap);
/* Elements are TamboGap, of the present registrations. */
GPtrArray *tambo_stations_list_gaps (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Uses the token up and gives the certificate; the same token and key get the same certificate again,
 * as the answer may have been lost. TOKEN, INVALID. */
char *tambo_stations_register (TamboHq *hq, const TamboRegistration *registration,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The active station of this certificate, without its counts; REVOKED for any other. */
TamboStationRow *tambo_stations_authenticate (TamboHq *hq, const char *code,
                                              const char *fingerprint,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
