/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"

#define TYPE_REFERENCE "tambo-reference/1"
#define MAX_KEYS 32
/* 2^53: what every JSON reader keeps whole. */
#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740992)

static void key_free (TamboReferenceKey *key) {
  g_clear_pointer (&key->key, tambo_key_unref);
  g_free (key->from);
  g_free (key);
}

TamboReference *tambo_reference_new (gint64 version, const char *time) {
  TamboReference *reference = g_new0 (TamboReference, 1);

  reference->version = version;
  reference->time = g_strdup (time);
  reference->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) key_free);
  return reference;
}

void tambo_reference_free (TamboReference *reference) {
  if (reference == NULL)
    return;
  g_free (reference->time);
  g_ptr_array_unref (reference->keys);
  g_free (reference);
}

void tambo_reference_add_key (TamboReference *reference, TamboKey *key, const char *from) {
  TamboReferenceKey *entry = g_new0 (TamboReferenceKey, 1);

  entry->key = tambo_key_ref (key);
  entry->from = g_strdup (from);
  g_ptr_array_add (reference->keys, entry);
}

char *tambo_reference_sign (const TamboReference *reference, TamboKey *key) {
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *keys = json_array_new ();

  json_object_set_string_member (object, "type", TYPE_REFERENCE);
  json_object_set_int_member (object, "version", reference->version);
  json_object_set_string_member (object, "time", reference->time);
  for (guint i = 0; i < reference->keys->len; i++) {
    const TamboReferenceKey *entry = reference->keys->pdata[i];
    g_autoptr (GBytes) point = tambo_key_dup_point (entry->key);
    JsonObject *row = json_object_new ();

    tambo_json_set_bytes (row, "key", point);
    json_object_set_string_member (row, "from", entry->from);
    json_array_add_object_element (keys, row);
  }
  json_object_set_array_member (object, "envelope_keys", keys);
  return tambo_json_sign (object, key);
}

static gboolean has_form (const char *time) {
  gint64 seconds;

  return time != NULL && tambo_clock_parse (time, &seconds);
}

static gboolean add_row (TamboReference *reference, JsonNode *node, GError **error) {
  JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *from = row != NULL ? tambo_json_peek_string (row, "from") : NULL;
  g_autoptr (GBytes) point = has_form (from) ? tambo_json_get_bytes (row, "key", error) : NULL;
  g_autoptr (TamboKey) key = NULL;
  gsize size;
  gconstpointer data;

  if (point == NULL)
    return FALSE;
  data = g_bytes_get_data (point, &size);
  key = tambo_key_new_from_point (data, size, error);
  if (key == NULL)
    return FALSE;
  tambo_reference_add_key (reference, key, from);
  return TRUE;
}

static TamboReference *reference_from_json (JsonObject *object, GError **error) {
  JsonArray *keys = tambo_json_get_array (object, "envelope_keys", error);
  const char *time = tambo_json_peek_string (object, "time");
  g_autoptr (TamboReference) reference = NULL;
  gint64 version;

  if (keys == NULL || !tambo_json_get_int (object, "version", 1, MAX_NUMBER, &version, error)
      || g_strcmp0 (tambo_json_peek_string (object, "type"), TYPE_REFERENCE) != 0
      || !has_form (time) || json_array_get_length (keys) > MAX_KEYS)
    return NULL;
  reference = tambo_reference_new (version, time);
  for (guint i = 0; i < json_array_get_length (keys); i++)
    if (!add_row (reference, json_array_get_element (keys, i), error))
      return NULL;
  return g_steal_pointer (&reference);
}

TamboReference *tambo_reference_verify (const char *text, TamboKey *key, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_verify (text, -1, key, &cause);
  TamboReference *reference = object != NULL ? reference_from_json (object, &cause) : NULL;

  if (reference == NULL)
    g_set_error (error, TAMBO_SYNC_ERROR,
                 g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY)
                     ? TAMBO_SYNC_ERROR_INTEGRITY
                     : TAMBO_SYNC_ERROR_PROTOCOL,
                 "the reference data: %s",
                 cause != NULL ? cause->message : "a member does not have its form");
  return reference;
}

TamboKey *tambo_reference_pick_key (const TamboReference *reference, gint64 now) {
  TamboKey *picked = NULL;
  gint64 latest = G_MININT64;

  for (guint i = 0; i < reference->keys->len; i++) {
    const TamboReferenceKey *entry = reference->keys->pdata[i];
    gint64 from;

    if (tambo_clock_parse (entry->from, &from) && from <= now && from > latest) {
      latest = from;
      picked = entry->key;
    }
  }
  return picked;
}
