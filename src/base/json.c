/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/json-grammar.h"

/* No message here quotes the text: it may be about a person. */
static void set_malformed (GError **error, const char *what) {
  g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED, what);
}

/* The root of a text that holds to the bounds; NULL when it does not. */
static JsonNode *parse_root (const char *text, gssize size, GError **error) {
  gsize length = size < 0 ? strlen (text) : (gsize) size;
  g_autoptr (JsonParser) parser = NULL;
  const char *fault;

  if (length > TAMBO_JSON_MAX_SIZE) {
    set_malformed (error, "the JSON text is too large");
    return NULL;
  }
  fault = tambo_json_grammar_fault (text, length);
  if (fault != NULL) {
    set_malformed (error, fault);
    return NULL;
  }
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL)
      || json_parser_get_root (parser) == NULL) {
    set_malformed (error, "the JSON text cannot be parsed");
    return NULL;
  }
  return json_parser_steal_root (parser);
}

JsonObject *tambo_json_parse_object (const char *text, gssize size, GError **error) {
  g_autoptr (JsonNode) root = parse_root (text, size, error);

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return json_node_dup_object (root);
  if (root != NULL)
    set_malformed (error, "the JSON text is not an object");
  return NULL;
}

JsonArray *tambo_json_parse_array (const char *text, gssize size, GError **error) {
  g_autoptr (JsonNode) root = parse_root (text, size, error);

  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    return json_node_dup_array (root);
  if (root != NULL)
    set_malformed (error, "the JSON text is not an array");
  return NULL;
}

static gboolean append_node (GString *text, JsonNode *node);

/* Only what RFC 8259 says must be escaped, in the spelling of RFC 8785 section 3.2.2.2. */
static void append_string (GString *text, const char *string) {
  static const char short_forms[] = "\bb\tt\nn\ff\rr\"\"\\\\";

  g_string_append_c (text, '"');
  for (const char *p = string; *p != '\0'; p++) {
    const char *form = NULL;

    for (gsize i = 0; short_forms[i] != '\0' && form == NULL; i += 2)
      if (short_forms[i] == *p)
        form = &short_forms[i + 1];
    if (form != NULL)
      g_string_append_printf (text, "\\%c", *form);
    else if ((guchar) *p < 0x20)
      g_string_append_printf (text, "\\u%04x", (guint) (guchar) *p);
    else
      g_string_append_c (text, *p);
  }
  g_string_append_c (text, '"');
}

static int compare_names (gconstpointer a, gconstpointer b) {
  return strcmp (a, b);
}

static gboolean append_object (GString *text, JsonObject *object) {
  g_autoptr (GList) names = g_list_sort (json_object_get_members (object), compare_names);

  g_string_append_c (text, '{');
  for (GList *link = names; link != NULL; link = link->next) {
    if (link != names)
      g_string_append_c (text, ',');
    append_string (text, link->data);
    g_string_append_c (text, ':');
    if (!append_node (text, json_object_get_member (object, link->data)))
      return FALSE;
  }
  g_string_append_c (text, '}');
  return TRUE;
}

static gboolean append_array (GString *text, JsonArray *array) {
  guint length = json_array_get_length (array);

  g_string_append_c (text, '[');
  for (guint i = 0; i < length; i++) {
    if (i > 0)
      g_string_append_c (text, ',');
    if (!append_node (text, json_array_get_element (array, i)))
      return FALSE;
  }
  g_string_append_c (text, ']');
  return TRUE;
}

static gboolean append_value (GString *text, JsonNode *node) {
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    append_string (text, json_node_get_string (node));
  else if (type == G_TYPE_INT64)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
  else
    return FALSE;
  return TRUE;
}

/* FALSE for what has no canonical form here: a double. */
static gboolean append_node (GString *text, JsonNode *node) {
  switch (json_node_get_node_type (node)) {
  case JSON_NODE_OBJECT:
    return append_object (text, json_node_get_object (node));
  case JSON_NODE_ARRAY:
    return append_array (text, json_node_get_array (node));
  case JSON_NODE_NULL:
    g_string_append (text, "null");
    return TRUE;
  case JSON_NODE_VALUE:
  default:
    return append_value (text, node);
  }
}

static char *try_canonical (JsonObject *object) {
  GString *text = g_string_new (NULL);
  gboolean has_form = append_object (text, object);

  return g_string_free (text, !has_form);
}

char *tambo_json_canonical (JsonObject *object) {
  char *text = try_canonical (object);

  if (text == NULL)
    g_error ("a JSON object with a fraction has no canonical form");
  return text;
}

char *tambo_json_pretty (JsonObject *object) {
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (root, object);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_indent (generator, 2);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

static void set_wrong_member (GError **error, const char *member, const char *wanted) {
  g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED, "member \"%s\" is not %s",
               member, wanted);
}

static JsonNode *find_value (JsonObject *object, const char *member, GType type) {
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != type)
    return NULL;
  return node;
}

const char *tambo_json_get_string (JsonObject *object, const char *member, GError **error) {
  JsonNode *node = find_value (object, member, G_TYPE_STRING);

  if (node == NULL) {
    set_wrong_member (error, member, "a string");
    return NULL;
  }
  return json_node_get_string (node);
}

gboolean tambo_json_get_int (JsonObject *object, const char *member, gint64 min, gint64 max,
                             gint64 *out_value, GError **error) {
  JsonNode *node = find_value (object, member, G_TYPE_INT64);
  gint64 value;

  if (node == NULL) {
    set_wrong_member (error, member, "an integer");
    return FALSE;
  }
  value = json_node_get_int (node);
  if (value < min || value > max) {
    g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                 "member \"%s\" is not between %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT, member,
                 min, max);
    return FALSE;
  }
  *out_value = value;
  return TRUE;
}

JsonObject *tambo_json_get_object (JsonObject *object, const char *member, GError **error) {
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    set_wrong_member (error, member, "an object");
    return NULL;
  }
  return json_node_get_object (node);
}

JsonArray *tambo_json_get_array (JsonObject *object, const char *member, GError **error) {
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node)) {
    set_wrong_member (error, member, "an array");
    return NULL;
  }
  return json_node_get_array (node);
}

GBytes *tambo_json_get_bytes (JsonObject *object, const char *member, GError **error) {
  const char *text = tambo_json_get_string (object, member, error);
  GBytes *bytes;

  if (text == NULL)
    return NULL;
  bytes = tambo_base64_decode (text);
  if (bytes == NULL)
    set_wrong_member (error, member, "base64");
  return bytes;
}

const char *tambo_json_peek_string (JsonObject *object, const char *member) {
  JsonNode *node = find_value (object, member, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

void tambo_json_set_bytes (JsonObject *object, const char *member, GBytes *bytes) {
  g_autofree char *text = tambo_base64_encode (bytes);

  json_object_set_string_member (object, member, text);
}

void tambo_json_set_optional (JsonObject *object, const char *member, const char *value) {
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

char *tambo_json_sign (JsonObject *statement, TamboKey *key) {
  g_autofree char *canonical = tambo_json_canonical (statement);
  g_autoptr (GBytes) signature = tambo_key_sign (key, canonical, strlen (canonical));
  g_autofree char *key_id = tambo_key_dup_id (key);
  g_autoptr (JsonObject) signed_object = json_object_new ();

  json_object_set_string_member (signed_object, "key", key_id);
  tambo_json_set_bytes (signed_object, "signature", signature);
  json_object_set_object_member (signed_object, "statement", json_object_ref (statement));
  return tambo_json_canonical (signed_object);
}

JsonObject *tambo_json_verify (const char *text, gssize size, TamboKey *key, GError **error) {
  g_autoptr (JsonObject) signed_object = tambo_json_parse_object (text, size, error);
  g_autoptr (GBytes) signature = NULL;
  g_autofree char *key_id = tambo_key_dup_id (key);
  g_autofree char *canonical = NULL;
  const char *claimed_id;
  JsonObject *statement;

  if (signed_object == NULL)
    return NULL;
  claimed_id = tambo_json_get_string (signed_object, "key", error);
  if (claimed_id == NULL)
    return NULL;
  signature = tambo_json_get_bytes (signed_object, "signature", error);
  if (signature == NULL)
    return NULL;
  statement = tambo_json_get_object (signed_object, "statement", error);
  if (statement == NULL)
    return NULL;
  canonical = try_canonical (statement);
  if (canonical == NULL) {
    set_malformed (error, "the statement has a fraction and no canonical form");
    return NULL;
  }
  if (strcmp (claimed_id, key_id) != 0) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
                         "the statement was signed with another key");
    return NULL;
  }
  if (!tambo_key_verify (key, canonical, strlen (canonical), signature)) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
                         "the signature of the statement does not hold");
    return NULL;
  }
  return json_object_ref (statement);
}
