/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/inbox.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "sync/envelope.h"

#define SENDER "headquarters"
#define PAGE 200

/* The number of the next message and the hash of the manifest before it. */
static gboolean find_end (TamboHq *hq, const TamboInboxAddress *address, gint64 *out_number,
                          char **out_previous, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, error,
                            "SELECT number, manifest FROM inbox WHERE station = ? AND epoch = ?"
                            " ORDER BY number DESC LIMIT 1",
                            "si", address->station, address->epoch);
  gboolean has_row = query != NULL && tambo_query_next (query, &cause);

  if (query == NULL)
    return FALSE;
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (has_row) {
    const char *manifest = tambo_query_text (query, 1);
    g_autoptr (GBytes) bytes = g_bytes_new (manifest, strlen (manifest));

    *out_previous = tambo_sha256_hex (bytes);
    *out_number = tambo_query_int (query, 0) + 1;
  } else {
    *out_previous = g_strdup ("");
    *out_number = 1;
  }
  return TRUE;
}

static char *sign_message (TamboHq *hq, const TamboInboxAddress *address, gint64 number,
                           const char *previous, const char *now, TamboKey *recipient,
                           GBytes *sealed) {
  g_autoptr (TamboManifest) manifest = tambo_manifest_new ();

  manifest->id = g_strdup (address->id);
  manifest->kind = g_strdup (address->kind);
  manifest->sender = g_strdup (SENDER);
  manifest->sequence = number;
  manifest->created = g_strdup (now);
  manifest->recipient = tambo_key_dup_id (recipient);
  manifest->sha256 = tambo_sha256_hex (sealed);
  manifest->size = (gint64) g_bytes_get_size (sealed);
  manifest->previous = g_strdup (previous);
  manifest->case_id = g_strdup (address->case_id);
  return tambo_manifest_sign (manifest, hq->signing_key);
}

gboolean tambo_hq_inbox_append (TamboHq *hq, const TamboInboxAddress *address, TamboPacket *packet,
                                GError **error) {
  gsize point_size;
  gconstpointer point = g_bytes_get_data (address->reply_key, &point_size);
  g_autoptr (TamboKey) recipient = tambo_key_new_from_point (point, point_size, error);
  g_autoptr (GBytes) encoded = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *previous = NULL;
  g_autofree char *manifest = NULL;
  TamboEnvelopeHeader header = { .id = (char *) address->id,
                                 .kind = (char *) address->kind,
                                 .sender = (char *) SENDER,
                                 .created = now };

  if (recipient == NULL || !find_end (hq, address, &header.sequence, &previous, error))
    return FALSE;
  encoded = tambo_packet_encode (packet);
  sealed = tambo_envelope_seal (&header, encoded, recipient, error);
  if (sealed == NULL)
    return FALSE;
  manifest = sign_message (hq, address, header.sequence, previous, now, recipient, sealed);
  return tambo_database_run (hq->database, error,
                             "INSERT INTO inbox (station, epoch, number, id, kind, case_id,"
                             " manifest, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                             "siissssb", address->station, address->epoch, header.sequence,
                             address->id, address->kind, address->case_id, manifest, sealed);
}

GPtrArray *tambo_hq_inbox_list (TamboHq *hq, const TamboStationRow *station, gint64 after,
                                GError **error) {
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_inbox_item_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT number, manifest FROM inbox WHERE station = ? AND epoch = ? AND number > ?"
      " ORDER BY number LIMIT ?",
      "siii", station->code, station->epoch, after, (gint64) PAGE);

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause)) {
    TamboInboxItem *item = g_new0 (TamboInboxItem, 1);

    item->number = tambo_query_int (query, 0);
    item->manifest = tambo_query_dup_text (query, 1);
    g_ptr_array_add (items, item);
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&items);
}

GBytes *tambo_hq_inbox_load (TamboHq *hq, const TamboStationRow *station, gint64 number,
                             GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT sealed FROM inbox WHERE station = ? AND epoch = ? AND number = ?", "sii",
      station->code, station->epoch, number);

  if (query == NULL)
    return NULL;
  if (tambo_query_next (query, &cause))
    return tambo_query_dup_blob (query, 0);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                 "there is no message %" G_GINT64_FORMAT " for this station", number);
  return NULL;
}
