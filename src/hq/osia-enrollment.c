/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/json.h"
#include "hq/osia-api.h"

#define MAX_EXPRESSIONS 8
#define MAX_LIMIT 1000
#define MAX_OFFSET 100000

/* What can be looked for, and where it is. */
static const struct {
  const char *attribute, *column;
} attributes[] = {
  { "enrollmentId", "id" },
  { "enrollmentType", "procedure" },
  { "trackingNumber", "tracking_number" },
  { "state", "state" },
  { "office", "station" },
  { "enrollmentDate", "created_at" },
};

static const char *const operators[] = { "<", ">", "=", ">=", "<=", "!=" };
static const char *const required[] = { "enrollmentId", "status", NULL };

#define COLUMNS "id, procedure, practice, tracking_number, state, station, created_at"

static gboolean refuse (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

static void set_text (JsonObject *object, const char *member, TamboQuery *query, int column) {
  const char *text = tambo_query_text (query, column);

  if (*text != '\0')
    json_object_set_string_member (object, member, text);
}

/* What has come here was finished at its station. */
static JsonObject *make_enrollment (TamboQuery *query) {
  JsonObject *enrollment = json_object_new ();
  JsonObject *flags = json_object_new ();
  JsonObject *request = json_object_new ();
  JsonObject *context = json_object_new ();

  set_text (enrollment, "enrollmentId", query, 0);
  json_object_set_string_member (enrollment, "status", "FINALIZED");
  set_text (enrollment, "enrollmentType", query, 1);
  json_object_set_boolean_member (flags, "practice", tambo_query_int (query, 2) != 0);
  json_object_set_object_member (enrollment, "enrollmentFlags", flags);
  set_text (request, "trackingNumber", query, 3);
  set_text (request, "state", query, 4);
  json_object_set_object_member (enrollment, "requestData", request);
  set_text (context, "office", query, 5);
  set_text (context, "enrollmentDate", query, 6);
  json_object_set_object_member (enrollment, "contextualData", context);
  return enrollment;
}

static JsonNode *node_of (JsonObject *object) {
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

gboolean tambo_osia_read_enrollment (TamboWebRequest *request, TamboWebAnswer *answer,
                                     GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = NULL;
  JsonObject *enrollment;

  if (!tambo_osia_admit (request, "enroll.read", error))
    return FALSE;
  query = tambo_database_query (request->web->hq->database, error,
                                "SELECT " COLUMNS " FROM cases WHERE id = ?", "s", request->tail);
  if (query == NULL)
    return FALSE;
  if (!tambo_query_next (query, &cause)) {
    if (cause == NULL)
      return refuse (error, TAMBO_HQ_ERROR_NOT_FOUND, "there is no such enrollment");
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  enrollment = make_enrollment (query);
  tambo_osia_select (request, enrollment, required);
  return tambo_osia_answer (node_of (enrollment), answer);
}

/* ---- finding ---- */

/* Conditions of SQL; values go beside them, never into them. */
typedef struct {
  GString *sql;
  const char *values[MAX_EXPRESSIONS]; /* borrowed of the expressions */
  guint n;
} Search;

static const char *find_column (const char *attribute) {
  for (gsize i = 0; i < G_N_ELEMENTS (attributes); i++)
    if (g_strcmp0 (attributes[i].attribute, attribute) == 0)
      return attributes[i].column;
  return NULL;
}

static const char *find_operator (const char *text) {
  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    if (g_strcmp0 (operators[i], text) == 0)
      return operators[i];
  return NULL;
}

static gboolean add_expression (Search *search, JsonNode *node, GError **error) {
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *attribute = object != NULL ? tambo_json_peek_string (object, "attributeName") : NULL;
  const char *operator= object != NULL ? find_operator (tambo_json_peek_string (object, "operator"))
                                       : NULL;
  const char *value = object != NULL ? tambo_json_peek_string (object, "value") : NULL;
  const char *column = find_column (attribute);

  if (attribute == NULL || operator== NULL || value == NULL)
    return refuse (error, TAMBO_HQ_ERROR_INVALID,
                   "an expression has attributeName, operator and a value, which is a string here");
  /* All that have come are finalized. */
  if (strcmp (attribute, "status") == 0) {
    gboolean is_finalized = strcmp (value, "FINALIZED") == 0;

    g_string_append (search->sql,
                     is_finalized == (strcmp (operator, "=") == 0) ? " AND 1 = 1" : " AND 1 = 0");
    return TRUE;
  }
  if (column == NULL)
    return refuse (
        error, TAMBO_HQ_ERROR_INVALID,
        "enrollments cannot be found by this attribute: what is of the person is sealed");
  g_string_append_printf (search->sql, " AND %s %s ?%u", column,
                          strcmp (operator, "!=") == 0 ? "<>" : operator, search->n + 1);
  search->values[search->n++] = value;
  return TRUE;
}

static gboolean read_number (TamboWebRequest *request, const char *name, guint64 fallback,
                             guint64 most, guint64 *out_value, GError **error) {
  const char *text = tambo_form_get (request->query, name);

  *out_value = fallback;
  return *text == '\0' || g_ascii_string_to_unsigned (text, 10, 0, most, out_value, NULL)
         || refuse (error, TAMBO_HQ_ERROR_INVALID, "offset or limit is no number, or too large");
}

static gboolean read_expressions (TamboWebRequest *request, JsonArray **out_expressions,
                                  GError **error) {
  if (request->body->len == 0) {
    *out_expressions = json_array_new ();
    return TRUE;
  }
  *out_expressions = request->is_too_long
                         ? NULL
                         : tambo_json_parse_array ((const char *) request->body->data,
                                                   (gssize) request->body->len, NULL);
  if (*out_expressions == NULL)
    return refuse (error, TAMBO_HQ_ERROR_INVALID, "the body is no array of expressions");
  if (json_array_get_length (*out_expressions) <= MAX_EXPRESSIONS)
    return TRUE;
  g_clear_pointer (out_expressions, json_array_unref);
  return refuse (error, TAMBO_HQ_ERROR_INVALID, "there are more than 8 expressions");
}

/* Places that no expression uses are used all the same, since a database wants to know their type. */
static TamboQuery *run_search (TamboHq *hq, Search *search, guint64 offset, guint64 limit,
                               GError **error) {
  g_autofree char *sql = NULL;

  for (guint i = search->n; i < MAX_EXPRESSIONS; i++) {
    g_string_append_printf (search->sql, " AND ?%u = ''", i + 1);
    search->values[i] = "";
  }
  sql = g_strdup_printf ("SELECT " COLUMNS " FROM cases WHERE 1 = 1%s ORDER BY created_at, id"
                         " LIMIT ?9 OFFSET ?10",
                         search->sql->str);
  return tambo_database_query (hq->database, error, sql, "ssssssssii", search->values[0],
                               search->values[1], search->values[2], search->values[3],
                               search->values[4], search->values[5], search->values[6],
                               search->values[7], (gint64) limit, (gint64) offset);
}

static gboolean answer_rows (TamboQuery *query, TamboWebAnswer *answer, GError **error) {
  g_autoptr (GError) cause = NULL;
  JsonArray *found = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, found);
  while (tambo_query_next (query, &cause))
    json_array_add_object_element (found, make_enrollment (query));
  if (cause == NULL)
    return tambo_osia_answer (node, answer);
  json_node_unref (node);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

gboolean tambo_osia_find_enrollments (TamboWebRequest *request, TamboWebAnswer *answer,
                                      GError **error) {
  g_autoptr (JsonArray) expressions = NULL;
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (TamboQuery) query = NULL;
  Search search = { .sql = sql };
  guint64 offset, limit;

  if (!tambo_osia_admit (request, "enroll.read", error)
      || !read_number (request, "offset", 0, MAX_OFFSET, &offset, error)
      || !read_number (request, "limit", 100, MAX_LIMIT, &limit, error)
      || !read_expressions (request, &expressions, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (expressions); i++)
    if (!add_expression (&search, json_array_get_element (expressions, i), error))
      return FALSE;
  query = run_search (request->web->hq, &search, offset, limit, error);
  return query != NULL && answer_rows (query, answer, error);
}
