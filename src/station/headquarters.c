/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/headquarters.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "station/ballast.h"
#include "station/order-packet.h"
#include "station/renewal.h"
#include "station/retention.h"
#include "station/station-private.h"
#include "store/audit.h"

/* What is old is let go at each contact. A receipt that does not hold is told by `outbox purge` and
 * `outbox verify`; it makes no exchange fail. */
static void purge (TamboStation *station, TamboExchangeResult *result) {
  TamboRetentionResult purged;
  g_autoptr (GError) error = NULL;

  if (!tambo_retention_purge (station, FALSE, &purged, &error))
    g_warning ("the outbox was not purged: %s", error->message);
  result->purged = purged.records;
}

gint64 tambo_headquarters_get_last_contact (TamboStation *station) {
  g_autofree char *root = NULL, *statement = NULL;
  g_autoptr (TamboCheckpoint) head = NULL;
  gint64 size, time;

  if (!tambo_audit_get_countersigned (tambo_station_get_store (station), &size, &root, &statement,
                                      NULL)
      || statement == NULL)
    return 0;
  head = tambo_checkpoint_verify (statement, tambo_station_get_trust (station)->signing_key, NULL);
  return head != NULL && tambo_clock_parse (head->time, &time) ? time : 0;
}

char *tambo_headquarters_dup_unknown (TamboStation *station) {
  g_autofree char *requests =
      tambo_store_dup_setting (tambo_station_get_store (station), TAMBO_EXCHANGE_OLDER, NULL);

  return requests != NULL && *requests != '\0' ? g_steal_pointer (&requests) : NULL;
}

/* With the certificate of now: it may just have been renewed. */
static TamboClient *open_client (TamboStation *station, const TamboLineLimits *limits,
                                 gint64 time_floor) {
  g_autofree char *ca_file = tambo_station_path (station, "ca.pem");
  g_autofree char *certificate = tambo_station_path (station, "station.pem");
  g_autofree char *key = tambo_station_path (station, "station.key");
  TamboClientSettings settings = {
    .url = tambo_station_get_url (station),
    .ca_file = ca_file,
    .certificate = certificate,
    .key = key,
    .limit_rate = limits != NULL ? limits->rate : 0,
    .patience = limits != NULL ? limits->patience : 0,
    .time_floor = time_floor,
  };

  return tambo_client_new (&settings);
}

static gboolean run_exchange (TamboStation *station, TamboClient *client,
                              TamboExchangeProgress progress, gpointer data,
                              GCancellable *cancellable, TamboExchangeResult *out_result,
                              GError **error) {
  GError *cause = NULL;
  gboolean done = FALSE;

  do {
    done = tambo_exchange_run (tambo_station_get_store (station), client,
                               tambo_station_get_trust (station), tambo_station_get_code (station),
                               tambo_station_get_key (station), progress, data, cancellable,
                               out_result, &cause);
  } while (!done && tambo_ballast_relieves (station, &cause));
  if (!done)
    g_propagate_error (error, cause);
  return done;
}

gboolean tambo_headquarters_exchange (TamboStation *station, const TamboLineLimits *limits,
                                      TamboExchangeProgress progress, gpointer data,
                                      GCancellable *cancellable, TamboExchangeResult *out_result,
                                      GError **error) {
  if (!tambo_station_is_registered (station)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_REGISTERED,
                 "headquarters has not certified this station yet");
    return FALSE;
  }

  gint64 time_floor = tambo_headquarters_get_last_contact (station);
  TamboRenewal renewal = tambo_renewal_see_to (station, time_floor, cancellable);
  g_autoptr (TamboClient) client = open_client (station, limits, time_floor);
  gboolean done = run_exchange (station, client, progress, data, cancellable, out_result, error);
  out_result->certificate_days = renewal.days_left;
  out_result->is_renewed = renewal.is_renewed;
  if (done)
    purge (station, out_result);
  tambo_ballast_restore (tambo_station_get_folder (station));
  tambo_store_settle (tambo_station_get_store (station));
  tambo_station_changed (station);
  return done;
}

GPtrArray *tambo_headquarters_list_outbox (TamboStation *station, GError **error) {
  return tambo_outbox_list (tambo_station_get_store (station), error);
}

GPtrArray *tambo_headquarters_list_recent (TamboStation *station, guint count, GError **error) {
  return tambo_outbox_list_recent (tambo_station_get_store (station), count, error);
}

TamboOutboxRow *tambo_headquarters_get_record (TamboStation *station, const char *id,
                                               GError **error) {
  return tambo_outbox_get (tambo_station_get_store (station), id, error);
}

GError *tambo_headquarters_read_cause (const char *text) {
  return tambo_sync_error_from_note (text);
}

/* What an older station noted has no code; the state says the most of it. */
GError *tambo_headquarters_dup_cause (const TamboOutboxRow *record) {
  g_autoptr (GError) noted =
      record->last_error != NULL ? tambo_headquarters_read_cause (record->last_error) : NULL;

  switch (record->state) {
  case TAMBO_OUTBOX_REFUSED:
    return g_error_new_literal (TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED,
                                noted != NULL ? noted->message : "");
  case TAMBO_OUTBOX_QUARANTINED:
    return g_error_new_literal (TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CONFLICT,
                                noted != NULL ? noted->message : "");
  case TAMBO_OUTBOX_QUEUED:
  case TAMBO_OUTBOX_SENDING:
    return g_steal_pointer (&noted);
  default:
    return NULL;
  }
}

/* ---- verification of what waits ---- */

/* Of what was purged the receipt is all that tells where it is. */
static gboolean verify_receipt (TamboStation *station, const TamboOutboxRow *row, GError **error) {
  g_autoptr (TamboReceipt) receipt = NULL;

  if (row->receipt == NULL)
    return TRUE;
  receipt = tambo_exchange_read_receipt (row->receipt, tambo_station_get_trust (station),
                                         tambo_station_get_code (station), row, error);
  return receipt != NULL;
}

static gboolean verify_record (TamboStation *station, const TamboOutboxRow *row, char **previous,
                               GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  if (row->state != TAMBO_OUTBOX_PURGED && !tambo_outbox_check_sealed (store, row, error))
    return FALSE;
  g_autofree char *text = tambo_outbox_dup_manifest (store, row->id, error);
  g_autoptr (TamboManifest) manifest =
      text != NULL ? tambo_manifest_verify (text, tambo_station_get_key (station), error) : NULL;
  if (manifest == NULL || !verify_receipt (station, row, error))
    return FALSE;

  if (g_strcmp0 (manifest->id, row->id) != 0 || g_strcmp0 (manifest->sha256, row->sha256) != 0
      || manifest->sequence != row->sequence || g_strcmp0 (manifest->previous, *previous) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "the manifest does not belong to the record or breaks the chain");
    return FALSE;
  }
  g_autoptr (GBytes) text_bytes = g_bytes_new (text, strlen (text));
  g_free (*previous);
  *previous = tambo_sha256_hex (text_bytes);
  return TRUE;
}

gboolean tambo_headquarters_verify_outbox (TamboStation *station, guint *out_records,
                                           GError **error) {
  g_autoptr (GPtrArray) rows = tambo_headquarters_list_outbox (station, error);
  if (rows == NULL)
    return FALSE;

  g_autofree char *previous = g_strdup ("");
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = g_ptr_array_index (rows, i);
    if (!verify_record (station, row, &previous, error)) {
      g_prefix_error (error, "record %s: ", row->id);
      return FALSE;
    }
  }
  *out_records = rows->len;
  return TRUE;
}

gboolean tambo_headquarters_retry (TamboStation *station, const char *id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_OUTBOX_RETRY, error);
  if (actor == NULL)
    return FALSE;
  gboolean done = tambo_outbox_set_state (tambo_station_get_store (station), id,
                                          TAMBO_OUTBOX_QUEUED, "retry", actor, error);
  tambo_station_changed (station);
  return done;
}

/* ---- orders ---- */

GPtrArray *tambo_headquarters_list_inbox (TamboStation *station, GError **error) {
  return tambo_inbox_list (tambo_station_get_store (station), error);
}

TamboInboxRow *tambo_headquarters_get_message (TamboStation *station, const char *id,
                                               GError **error) {
  return tambo_inbox_get (tambo_station_get_store (station), id, error);
}

void tambo_order_free (TamboOrder *order) {
  if (order == NULL)
    return;
  g_free (order->id);
  g_free (order->case_id);
  g_free (order->tracking_number);
  tambo_secret_string_free (order->document_number);
  g_free (order->document_type);
  g_free (order->procedure_id);
  tambo_secret_string_free (order->holder);
  tambo_secret_string_free (order->mrz);
  g_free (order->expiry_date);
  g_free (order->chip_profile);
  g_free (order->verification_code);
  g_free (order->verification_url);
  g_free (order->state);
  g_free (order);
}

const char *tambo_order_blank_kind (const TamboOrder *order) {
  return order->document_type[0] == 'P' ? "passport" : "card";
}

TamboOrder *tambo_headquarters_open_order (TamboStation *station, const char *id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_ORDER_READ, error);
  g_autoptr (TamboOrder) order = NULL;

  if (actor == NULL || !tambo_order_packet_open (station, id, &order, NULL, NULL, error))
    return NULL;
  return g_steal_pointer (&order);
}
