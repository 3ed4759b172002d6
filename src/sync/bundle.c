/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"

#define TYPE_BUNDLE "tambo-bundle/1"
#define MAX_STATEMENT (16 * 1024)

/* Takes CAUSE, which may be NULL. */
static void set_cause (GError **error, const char *what, GError *cause) {
  gboolean is_signature = g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY);

  g_set_error (error, TAMBO_SYNC_ERROR,
               is_signature ? TAMBO_SYNC_ERROR_INTEGRITY : TAMBO_SYNC_ERROR_PROTOCOL, "%s: %s",
               what, cause != NULL ? cause->message : "a member does not have its form");
  g_clear_error (&cause);
}

static void entry_free (TamboBundleEntry *entry) {
  g_free (entry->sha256);
  g_free (entry->manifest);
  g_free (entry);
}

TamboBundle *tambo_bundle_new (const char *station, const char *created) {
  TamboBundle *bundle = g_new0 (TamboBundle, 1);

  bundle->station = g_strdup (station);
  bundle->created = g_strdup (created);
  bundle->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  return bundle;
}

void tambo_bundle_free (TamboBundle *bundle) {
  if (bundle == NULL)
    return;
  g_free (bundle->station);
  g_free (bundle->created);
  g_ptr_array_unref (bundle->entries);
  g_free (bundle);
}

void tambo_bundle_add (TamboBundle *bundle, const char *sha256, const char *manifest) {
  TamboBundleEntry *entry = g_new0 (TamboBundleEntry, 1);

  entry->sha256 = g_strdup (sha256);
  entry->manifest = g_strdup (manifest);
  g_ptr_array_add (bundle->entries, entry);
}

char *tambo_bundle_sign (const TamboBundle *bundle, TamboKey *key) {
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *records = json_array_new ();

  json_object_set_string_member (object, "type", TYPE_BUNDLE);
  json_object_set_string_member (object, "station", bundle->station);
  json_object_set_string_member (object, "created", bundle->created);
  for (guint i = 0; i < bundle->entries->len; i++) {
    const TamboBundleEntry *entry = bundle->entries->pdata[i];
    JsonObject *row = json_object_new ();

    json_object_set_string_member (row, "sha256", entry->sha256);
    json_object_set_string_member (row, "manifest", entry->manifest);
    json_array_add_object_element (records, row);
  }
  json_object_set_array_member (object, "records", records);
  return tambo_json_sign (object, key);
}

static gboolean is_station (const char *text) {
  return text != NULL && tambo_station_code_is_valid (text);
}

char *tambo_bundle_peek_station (const char *text, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) signed_object = tambo_json_parse_object (text, -1, &cause);
  JsonObject *object =
      signed_object != NULL ? tambo_json_get_object (signed_object, "statement", &cause) : NULL;
  const char *station = object != NULL ? tambo_json_peek_string (object, "station") : NULL;

  if (is_station (station))
    return g_strdup (station);
  set_cause (error, "the bundle's list", cause);
  return NULL;
}

static gboolean add_row (TamboBundle *bundle, JsonNode *node) {
  JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *sha256 = row != NULL ? tambo_json_peek_string (row, "sha256") : NULL;
  const char *manifest = row != NULL ? tambo_json_peek_string (row, "manifest") : NULL;

  if (sha256 == NULL || !tambo_is_sha256_hex (sha256) || manifest == NULL
      || strlen (manifest) > MAX_STATEMENT)
    return FALSE;
  tambo_bundle_add (bundle, sha256, manifest);
  return TRUE;
}

static TamboBundle *bundle_from_json (JsonObject *object, GError **error) {
  const char *station = tambo_json_peek_string (object, "station");
  const char *created = tambo_json_peek_string (object, "created");
  JsonArray *records = tambo_json_get_array (object, "records", error);
  g_autoptr (TamboBundle) bundle = NULL;
  gint64 seconds;

  if (records == NULL || g_strcmp0 (tambo_json_peek_string (object, "type"), TYPE_BUNDLE) != 0
      || !is_station (station) || created == NULL || !tambo_clock_parse (created, &seconds)
      || json_array_get_length (records) > TAMBO_BUNDLE_MAX)
    return NULL;
  bundle = tambo_bundle_new (station, created);
  for (guint i = 0; i < json_array_get_length (records); i++)
    if (!add_row (bundle, json_array_get_element (records, i)))
      return NULL;
  return g_steal_pointer (&bundle);
}

TamboBundle *tambo_bundle_verify (const char *text, TamboKey *key, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_verify (text, -1, key, &cause);
  TamboBundle *bundle = object != NULL ? bundle_from_json (object, &cause) : NULL;

  if (bundle == NULL)
    set_cause (error, "the bundle's list", cause);
  return bundle;
}

char *tambo_bundle_receipts_to_json (GPtrArray *receipts) {
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < receipts->len; i++)
    json_array_add_string_element (array, receipts->pdata[i]);
  json_object_set_array_member (object, "receipts", array);
  return tambo_json_canonical (object);
}

GPtrArray *tambo_bundle_receipts_from_json (const char *text, gssize size, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, &cause);
  JsonArray *array = object != NULL ? tambo_json_get_array (object, "receipts", &cause) : NULL;
  g_autoptr (GPtrArray) receipts = g_ptr_array_new_with_free_func (g_free);
  gboolean is_good = array != NULL && json_array_get_length (array) <= TAMBO_BUNDLE_MAX;

  for (guint i = 0; is_good && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    is_good = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
    if (is_good)
      g_ptr_array_add (receipts, g_strdup (json_node_get_string (node)));
  }
  if (is_good)
    return g_steal_pointer (&receipts);
  set_cause (error, "the receipts", cause);
  return NULL;
}
