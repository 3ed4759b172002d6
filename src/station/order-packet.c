/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/order-packet.h"

#include "base/json.h"
#include "chip/active-authentication.h"
#include "chip/active-key.h"
#include "station/message.h"
#include "station/station-private.h"

/* Exceptions are counted by fingers, of which nobody has more. */
#define N_FINGERS 10

static TamboOrder *read_order (JsonObject *object, const TamboInboxRow *row, GError **error) {
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
  order->verification_code = g_strdup (tambo_json_peek_string (object, "verification_code"));
  order->verification_url = g_strdup (tambo_json_peek_string (object, "verification_url"));
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
  g_clear_pointer (&content->chip_key, g_bytes_unref);
  content->has_active = FALSE;
}

static gboolean read_content (TamboPacket *packet, TamboOrderContent *out_content, GError **error) {
  GBytes *key = tambo_packet_get (packet, "active-key");
  GBytes *pem = tambo_packet_get (packet, "chip-key");
  g_auto (TamboOrderContent) content = { .lds = read_lds (packet, error) };

  if (content.lds == NULL
      || (key != NULL && !tambo_active_key_decode (key, &content.active, error)))
    return FALSE;
  content.has_active = key != NULL;
  if (pem != NULL && (content.chip_key = tambo_personalisation_chip_key_parse (pem, error)) == NULL)
    return FALSE;
  *out_content = content;
  content = (TamboOrderContent){ NULL };
  return TRUE;
}

/* ---- the holder ---- */

static void reference_free (TamboOrderReference *reference) {
  g_bytes_unref (reference->record);
  g_free (reference);
}

void tambo_order_holder_clear (TamboOrderHolder *holder) {
  g_clear_pointer (&holder->references, g_ptr_array_unref);
  g_clear_pointer (&holder->exceptions, g_ptr_array_unref);
}

static GPtrArray *read_references (TamboPacket *packet) {
  GPtrArray *references = g_ptr_array_new_with_free_func ((GDestroyNotify) reference_free);

  for (int finger = TAMBO_FINGER_RIGHT_THUMB; finger <= TAMBO_FINGER_LEFT_LITTLE; finger++) {
    g_autofree char *name =
        g_strconcat (TAMBO_PACKET_REFERENCE, tambo_finger_to_string (finger), NULL);
    GBytes *record = tambo_packet_get (packet, name);
    if (record == NULL)
      continue;
    TamboOrderReference *reference = g_new0 (TamboOrderReference, 1);
    reference->finger = (TamboFinger) finger;
    reference->record = g_bytes_ref (record);
    g_ptr_array_add (references, reference);
  }
  return references;
}

static TamboFingerException *read_exception (JsonNode *node, GError **error) {
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = object != NULL ? tambo_json_peek_string (object, "finger") : NULL;
  const char *reason = object != NULL ? tambo_json_peek_string (object, "reason") : NULL;

  if (name == NULL || reason == NULL || tambo_finger_from_string (name) == TAMBO_FINGER_UNKNOWN) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                 "an exception of the order has no finger or no reason");
    return NULL;
  }
  TamboFingerException *exception = g_new0 (TamboFingerException, 1);
  exception->finger = tambo_finger_from_string (name);
  exception->reason = g_strdup (reason);
  return exception;
}

/* An order from before there were any has no exceptions. */
static GPtrArray *read_exceptions (JsonObject *object, GError **error) {
  g_autoptr (GPtrArray) exceptions =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_finger_exception_free);
  if (!json_object_has_member (object, "exceptions"))
    return g_steal_pointer (&exceptions);

  JsonArray *array = tambo_json_get_array (object, "exceptions", error);
  if (array == NULL)
    return NULL;
  for (guint i = 0; i < MIN (json_array_get_length (array), N_FINGERS); i++) {
    TamboFingerException *exception = read_exception (json_array_get_element (array, i), error);
    if (exception == NULL)
      return NULL;
    g_ptr_array_add (exceptions, exception);
  }
  return g_steal_pointer (&exceptions);
}

static gboolean read_holder (TamboPacket *packet, JsonObject *object, TamboOrderHolder *out_holder,
                             GError **error) {
  GPtrArray *exceptions = read_exceptions (object, error);

  if (exceptions == NULL)
    return FALSE;
  *out_holder = (TamboOrderHolder){ read_references (packet), exceptions };
  return TRUE;
}

/* ---- the whole ---- */

gboolean tambo_order_packet_open (TamboStation *station, const char *id, TamboOrder **out_order,
                                  TamboOrderContent *out_content, TamboOrderHolder *out_holder,
                                  GError **error) {
  g_autoptr (TamboInboxRow) row = tambo_inbox_get (tambo_station_get_store (station), id, error);
  if (row == NULL)
    return FALSE;
  if (g_strcmp0 (row->kind, "order") != 0) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the message is a %s and no order", row->kind);
    return FALSE;
  }

  g_autoptr (TamboPacket) packet = tambo_message_open (station, row, error);
  g_autoptr (JsonObject) object =
      packet != NULL ? tambo_packet_get_json (packet, "order", error) : NULL;
  if (object == NULL)
    return FALSE;
  g_autoptr (TamboOrder) order = read_order (object, row, error);
  g_auto (TamboOrderContent) content = { NULL };
  g_auto (TamboOrderHolder) holder = { NULL };
  if (order == NULL || !read_content (packet, &content, error)
      || !read_holder (packet, object, &holder, error))
    return FALSE;

  if (out_order != NULL)
    *out_order = g_steal_pointer (&order);
  if (out_content != NULL) {
    *out_content = content;
    content = (TamboOrderContent){ NULL };
  }
  if (out_holder != NULL) {
    *out_holder = holder;
    holder = (TamboOrderHolder){ NULL };
  }
  return TRUE;
}
