/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/member.h"

#include <string.h>

static gboolean set_wrong (GError **error, TamboRecordError code, const char *member,
                           const char *wanted) {
  g_set_error (error, TAMBO_RECORD_ERROR, code, "member \"%s\" is not %s", member, wanted);
  return FALSE;
}

/* Some programs write null for what they do not know. */
static JsonNode *find (JsonObject *object, const char *member) {
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

static gboolean holds (JsonNode *node, GType type) {
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

void tambo_member_set_missing (GError **error, const char *member) {
  g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED, "member \"%s\" is missing",
               member);
}

gboolean tambo_member_text (JsonObject *object, const char *member, TamboRecordError code,
                            char **out_text, GError **error) {
  JsonNode *node = find (object, member);

  if (node == NULL)
    return TRUE;
  if (!holds (node, G_TYPE_STRING))
    return set_wrong (error, code, member, "a string");
  if (strlen (json_node_get_string (node)) > TAMBO_MEMBER_MAX_TEXT)
    return set_wrong (error, code, member, "short enough");
  g_free (*out_text);
  *out_text = json_node_dup_string (node);
  return TRUE;
}

gboolean tambo_member_int (JsonObject *object, const char *member, gint64 min, gint64 max,
                           gint64 *out_value, GError **error) {
  JsonNode *node = find (object, member);

  if (node == NULL)
    return TRUE;
  if (!holds (node, G_TYPE_INT64))
    return set_wrong (error, TAMBO_RECORD_ERROR_MALFORMED, member, "an integer");
  if (json_node_get_int (node) < min || json_node_get_int (node) > max)
    return set_wrong (error, TAMBO_RECORD_ERROR_MALFORMED, member, "within its limits");
  *out_value = json_node_get_int (node);
  return TRUE;
}

gboolean tambo_member_bool (JsonObject *object, const char *member, gboolean *out_value,
                            GError **error) {
  JsonNode *node = find (object, member);

  if (node == NULL)
    return TRUE;
  if (!holds (node, G_TYPE_BOOLEAN))
    return set_wrong (error, TAMBO_RECORD_ERROR_MALFORMED, member, "true or false");
  *out_value = json_node_get_boolean (node);
  return TRUE;
}

gboolean tambo_member_strings (JsonObject *object, const char *member, TamboRecordError code,
                               char ***out_strings, GError **error) {
  JsonNode *node = find (object, member);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return set_wrong (error, code, member, "a list of strings");
  array = json_node_get_array (node);
  if (json_array_get_length (array) > TAMBO_MEMBER_MAX_LIST)
    return set_wrong (error, code, member, "short enough");
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (!holds (element, G_TYPE_STRING)
        || strlen (json_node_get_string (element)) > TAMBO_MEMBER_MAX_TEXT)
      return set_wrong (error, code, member, "a list of short strings");
    g_strv_builder_add (builder, json_node_get_string (element));
  }
  g_strfreev (*out_strings);
  *out_strings = g_strv_builder_end (builder);
  return TRUE;
}

gboolean tambo_member_object (JsonObject *object, const char *member, JsonObject **out_object,
                              GError **error) {
  JsonNode *node = find (object, member);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_wrong (error, TAMBO_RECORD_ERROR_MALFORMED, member, "an object");
  *out_object = json_node_get_object (node);
  return TRUE;
}

gboolean tambo_member_objects (JsonObject *object, const char *member, JsonArray **out_array,
                               GError **error) {
  JsonNode *node = find (object, member);
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return set_wrong (error, TAMBO_RECORD_ERROR_MALFORMED, member, "a list");
  array = json_node_get_array (node);
  if (json_array_get_length (array) > TAMBO_MEMBER_MAX_LIST)
    return set_wrong (error, TAMBO_RECORD_ERROR_MALFORMED, member, "short enough");
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      return set_wrong (error, TAMBO_RECORD_ERROR_MALFORMED, member, "a list of objects");
  *out_array = array;
  return TRUE;
}

void tambo_member_put_strings (JsonObject *object, const char *member, char *const *strings) {
  JsonArray *array = json_array_new ();

  for (gsize i = 0; strings != NULL && strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  json_object_set_array_member (object, member, array);
}

gboolean tambo_is_keyword (const char *text) {
  if (text == NULL || text[0] == '\0' || strlen (text) > 64)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++) {
    gboolean is_hyphen = *p == '-' && p > text && p[1] != '\0' && p[1] != '-';

    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && !is_hyphen)
      return FALSE;
  }
  return TRUE;
}
