/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The station: its folder, its keys, its store, its headquarters, and who sits at the desk. All use
 * cases take it as their first argument, and nothing outside this room changes what it holds.
 *
 * The folder (0700) has: station.json (code, URL), station.key and station.pem (the certificate),
 * ca.pem (headquarters' authority), trust.json, store.db, and ballast (room for a full disk).
 *
 * Every function may be called from any thread; those that touch the disk, a device or the network
 * block. "changed" is emitted on the main context after something in the store has changed.
 */
#pragma once

#include <gio/gio.h>

#include "station/station-error.h"
#include "store/operators.h"
#include "sync/protocol.h"

#define TAMBO_TYPE_STATION (tambo_station_get_type ())
G_DECLARE_FINAL_TYPE (TamboStation, tambo_station, TAMBO, STATION, GObject)

typedef struct {
  const char *folder;
  const char *code;        /* office and desk: [A-Z0-9-]{2,24} */
  const char *institution; /* whose blanks it may issue; NULL: the first part of the code */
  const char *url;         /* https://… */
  const char *ca_file;
  const char *token; /* invitation; NULL to register later */
} TamboStationMaking;

/* Makes the folder, keys and store, and registers where there is a token. A folder that was made but
 * not registered yet (headquarters was away) is taken up where it was left. */
TamboStation *tambo_station_make (const TamboStationMaking *making, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboStation *tambo_station_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *tambo_station_get_folder (TamboStation *self);
const char *tambo_station_get_code (TamboStation *self);
const char *tambo_station_get_institution (TamboStation *self);
const char *tambo_station_get_url (TamboStation *self);
gboolean tambo_station_is_registered (TamboStation *self);
gboolean tambo_station_is_practice (TamboStation *self);
/* Records that wait in the outbox; what the header bar shows. */
guint tambo_station_count_waiting (TamboStation *self);
/* Borrowed; for this room and for showing. NULL before the registration. */
const TamboTrust *tambo_station_get_trust (TamboStation *self);
TamboStore *tambo_station_get_store (TamboStation *self);

/* Unlocks the data key; the errors are those of tambo_operators_sign_in. PASSWORD is a secret. */
gboolean tambo_station_sign_in (TamboStation *self, const char *id, GBytes *password,
                                GError **error);
/* The PIN of the token for the next sign-in, where there is a token; a secret. Without it the PIN comes as
 * base/token.h says. */
void tambo_station_set_pin (TamboStation *self, GBytes *pin);
/* Wipes the data key. */
void tambo_station_sign_out (TamboStation *self);
/* TRUE when somebody was signed in and nobody did anything for TAMBO_STORE_IDLE_SECONDS: the data key is
 * wiped, "changed" comes, what was captured stays. For a timer of the window; every use asks itself. */
gboolean tambo_station_lock_when_idle (TamboStation *self);
/* A window watches for who sits there: what it reads by itself is no act of theirs. store.h tells more. */
void tambo_station_watch_presence (TamboStation *self);
void tambo_station_note_presence (TamboStation *self);
/* A copy; NULL when nobody is signed in. */
char *tambo_station_dup_operator (TamboStation *self);
/* The TamboRole that the one at the desk had when they signed in, for what is shown and hidden; 0 when
 * nobody is. What may be done is asked anew with each act. */
guint tambo_station_get_role (TamboStation *self);
/* A second person comes to the desk, for the next act that wants two (permissions.h) and for no other. */
gboolean tambo_station_bring_second (TamboStation *self, const char *id, GBytes *password,
                                     GError **error);
/* The file that look_for_news is about. */
char *tambo_station_dup_store_path (TamboStation *self);
/* Another process may have written to the store: "changed" comes when it did and somebody would see it. For whoever
 * watches the file; what this process writes is no news. */
gboolean tambo_station_look_for_news (TamboStation *self, GError **error);
/* Emits "changed" on the main context. */
void tambo_station_changed (TamboStation *self);
