/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/order-packet.h"

#include "base/hash.h"
#include "base/json.h"
#include "chip/active-authentication.h"
#include "chip/active-key.h"
#include "station/station-private.h"
#include "sync/envelope.h"

/* The manifest was verified when the message came; it is verified again, because the store lies on a
 * disk that others may have written to. */
static TamboPacket *open_packet (TamboStation *station, const TamboInboxRow *row, GError **error) {
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
      || g_strcmp0 (header.kind, "order") != 0 || g_strcmp0 (row->id, manifest->id) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "the order is not the one that headquarters signed");
    return NULL;
  }
  return tambo_packet_parse (plain, error);
}

static TamboOrder *read_order (TamboPacket *packet, const TamboInboxRow *row, GError **error) {
  g_autoptr (JsonObject) object = tambo_packet_get_json (packet, "order", error);
  if (object == NULL)
    return NULL;

  g_autoptr (TamboOrder) order = g_new0 (TamboOrder, 1);
  const struct {
    const char *member;
    char **field;
  } members[] = {
    { "id", &order->id },
    { "case", &order->case_id },
    { "tracking_number", &order->tracking_number },
    { "document_number", &order->document_number },
    { "document_type", &order->document_type },
    { "procedure", &order->procedure_id },
    { "holder", &order->holder },
    { "mrz", &order->mrz },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
    const char *value = tambo_json_get_string (object, members[i].member, error);
    if (value == NULL)
      return NULL;
    *members[i].field = g_strdup (value);
  }
  order->expiry_date = g_strdup (tambo_json_peek_string (object, "expiry_date"));
  order->chip_profile = g_strdup (tambo_json_peek_string (object, "chip_profile"));
  order->state = g_strdup (row->state);
  if (g_strcmp0 (order->id, row->id) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "the order names another order inside");
    return NULL;
  }
  return g_steal_pointer (&order);
}

static TamboLds *read_lds (TamboPacket *packet, GError **error) {
  GBytes *bytes = tambo_packet_get (packet, "lds");

  if (bytes != NULL)
    return tambo_lds_parse (bytes, error);
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL, "the order has no data groups");
  return NULL;
}

void tambo_order_content_clear (TamboOrderContent *content) {
  g_clear_pointer (&content->lds, tambo_lds_free);
  tambo_active_key_clear (&content->active);
  content->has_active = FALSE;
}

static gboolean read_content (TamboPacket *packet, TamboOrderContent *out_content, GError **error) {
  GBytes *key = tambo_packet_get (packet, "active-key");
  g_auto (TamboOrderContent) content = { .lds = read_lds (packet, error) };

  if (content.lds == NULL
      || (key != NULL && !tambo_active_key_decode (key, &content.active, error)))
    return FALSE;
  content.has_active = key != NULL;
  *out_content = content;
  content = (TamboOrderContent){ NULL };
  return TRUE;
}

gboolean tambo_order_packet_open (TamboStation *station, const char *id, TamboOrder **out_order,
                                  TamboOrderContent *out_content, GError **error) {
  if (!tambo_station_is_registered (station)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_REGISTERED,
                 "headquarters has not certified this station yet");
    return FALSE;
  }
  g_autoptr (TamboInboxRow) row = tambo_inbox_get (tambo_station_get_store (station), id, error);
  if (row == NULL)
    return FALSE;
  if (g_strcmp0 (row->kind, "order") != 0) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the message is a %s and no order", row->kind);
    return FALSE;
  }

  g_autoptr (TamboPacket) packet = open_packet (station, row, error);
  if (packet == NULL)
    return FALSE;
  g_autoptr (TamboOrder) order = read_order (packet, row, error);
  g_auto (TamboOrderContent) content = { NULL };
  if (order == NULL || !read_content (packet, &content, error))
    return FALSE;

  if (out_order != NULL)
    *out_order = g_steal_pointer (&order);
  if (out_content != NULL) {
    *out_content = content;
    content = (TamboOrderContent){ NULL };
  }
  return TRUE;
}
