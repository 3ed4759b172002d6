/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/message.h"

#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "station/station-private.h"
#include "sync/envelope.h"

#define FAILURE "failure"
#define REFUSAL "refusal"
#define MAX_RECAPTURE 16

static gboolean check_registered (TamboStation *station, GError **error) {
  if (tambo_station_is_registered (station))
    return TRUE;
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_REGISTERED,
               "headquarters has not certified this station yet");
  return FALSE;
}

/* The manifest was verified when the message came; it is verified again, because the store lies on a
 * disk that others may have written to. */
TamboPacket *tambo_message_open (TamboStation *station, const TamboInboxRow *row, GError **error) {
  if (!check_registered (station, error))
    return NULL;
  g_autoptr (TamboManifest) manifest =
      tambo_manifest_verify (row->manifest, tambo_station_get_trust (station)->signing_key, error);
  if (manifest == NULL)
    return NULL;
  g_autoptr (GBytes) sealed = tambo_inbox_load (tambo_station_get_store (station), row->id, error);
  if (sealed == NULL)
    return NULL;
  g_autofree char *sha256 = tambo_sha256_hex (sealed);
  g_autoptr (TamboKey) key = tambo_station_open_inbox_key (station, error);
  if (key == NULL)
    return NULL;

  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) plain = tambo_envelope_open (sealed, key, &header, error);
  if (plain == NULL)
    return NULL;
  if (g_strcmp0 (sha256, manifest->sha256) != 0 || g_strcmp0 (header.id, manifest->id) != 0
      || g_strcmp0 (header.kind, row->kind) != 0 || g_strcmp0 (row->id, manifest->id) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "the %s is not the one that headquarters signed", row->kind);
    return NULL;
  }
  return tambo_packet_parse (plain, error);
}

/* ---- notices ---- */

void tambo_notice_free (TamboNotice *notice) {
  if (notice == NULL)
    return;
  g_free (notice->id);
  g_free (notice->kind);
  g_free (notice->about);
  g_free (notice->reason);
  g_strfreev (notice->recapture);
  g_free (notice);
}

/* Names of slots alone, of what is an array of strings at all. */
static char **read_recapture (JsonObject *object) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = json_object_get_member (object, "recapture");
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? MIN (json_array_get_length (array), MAX_RECAPTURE) : 0;

  for (guint i = 0; i < n; i++) {
    JsonNode *element = json_array_get_element (array, i);
    const char *slot = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;

    if (slot != NULL && *slot != '\0'
        && strspn (slot, "abcdefghijklmnopqrstuvwxyz-") == strlen (slot))
      g_strv_builder_add (builder, slot);
  }
  return g_strv_builder_end (builder);
}

static TamboNotice *read_notice (JsonObject *object, const TamboInboxRow *row, GError **error) {
  const char *member = g_str_equal (row->kind, FAILURE) ? "record" : "case";
  const char *id = tambo_json_get_string (object, "id", error);
  const char *about = id != NULL ? tambo_json_get_string (object, member, error) : NULL;
  const char *reason = about != NULL ? tambo_json_get_string (object, "reason", error) : NULL;

  if (reason == NULL)
    return NULL;
  if (g_strcmp0 (id, row->id) != 0 || g_strcmp0 (about, row->case_id) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "the %s names another message or %s inside", row->kind, member);
    return NULL;
  }
  TamboNotice *notice = g_new0 (TamboNotice, 1);
  notice->id = g_strdup (id);
  notice->kind = g_strdup (row->kind);
  notice->about = g_strdup (about);
  notice->reason = g_strdup (reason);
  notice->recapture = read_recapture (object);
  return notice;
}

TamboNotice *tambo_message_open_notice (TamboStation *station, const TamboInboxRow *row,
                                        GError **error) {
  g_autoptr (TamboPacket) packet = tambo_message_open (station, row, error);
  g_autoptr (JsonObject) object =
      packet != NULL ? tambo_packet_get_json (packet, row->kind, error) : NULL;

  return object != NULL ? read_notice (object, row, error) : NULL;
}

TamboNotice *tambo_headquarters_open_notice (TamboStation *station, const char *id,
                                             GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_ORDER_READ, error);
  g_autoptr (TamboInboxRow) row =
      actor != NULL ? tambo_inbox_get (tambo_station_get_store (station), id, error) : NULL;

  if (row == NULL)
    return NULL;
  if (!g_str_equal (row->kind, FAILURE) && !g_str_equal (row->kind, REFUSAL)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the message is of the kind %s and no notice", row->kind);
    return NULL;
  }
  return tambo_message_open_notice (station, row, error);
}

static gboolean note_failure (TamboStore *store, const TamboNotice *notice, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL
         && tambo_outbox_explain_failure (store, notice->about, notice->reason, error)
         && tambo_inbox_set_state (store, notice->id, "done", error)
         && tambo_transaction_commit (transaction, error);
}

void tambo_message_read_failures (TamboStation *station) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GPtrArray) rows = tambo_inbox_list_new (store, FAILURE, &cause);

  if (rows == NULL)
    g_info ("no failure was read, and they wait: %s", cause->message);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboNotice) notice = tambo_message_open_notice (station, rows->pdata[i], &error);

    if (notice == NULL || !note_failure (store, notice, &error))
      g_info ("a failure was not read: %s", error->message);
  }
}
