/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/item.h"

#include "sync/envelope.h"
#include "sync/protocol.h"

JsonObject *tambo_item_open (const TamboFeedRow *row, TamboKey *key, GError **error) {
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (TamboPacket) packet = NULL;

  if (row->sealed == NULL) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL, "the %s has no sealed part",
                 row->kind);
    return NULL;
  }
  plain = tambo_envelope_open (row->sealed, key, &header, error);
  if (plain == NULL)
    return NULL;
  if (g_strcmp0 (header.kind, row->kind) != 0 || g_strcmp0 (header.id, row->id) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "what is sealed is not of this %s", row->kind);
    return NULL;
  }
  packet = tambo_packet_parse (plain, error);
  return packet != NULL ? tambo_packet_get_json (packet, row->kind, error) : NULL;
}
