/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/stock-statement.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"

#define TYPE_STOCK "tambo-stock/1"
#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740992)
#define MAX_WORD 200
#define MAX_KINDS 64

TamboStockMovement *tambo_stock_movement_new (gint64 number) {
  TamboStockMovement *movement = g_new0 (TamboStockMovement, 1);

  movement->number = number;
  return movement;
}

void tambo_stock_movement_free (TamboStockMovement *movement) {
  if (movement == NULL)
    return;
  g_free (movement->action);
  g_free (movement->kind);
  g_free (movement->first);
  g_free (movement->last);
  g_free (movement->keeper);
  g_free (movement->actor);
  g_free (movement->time);
  g_free (movement);
}

void tambo_stock_level_free (TamboStockLevel *level) {
  if (level == NULL)
    return;
  g_free (level->kind);
  g_free (level);
}

TamboStockStatement *tambo_stock_statement_new (void) {
  TamboStockStatement *statement = g_new0 (TamboStockStatement, 1);

  statement->movements =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_stock_movement_free);
  statement->levels = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_stock_level_free);
  return statement;
}

void tambo_stock_statement_free (TamboStockStatement *statement) {
  if (statement == NULL)
    return;
  g_free (statement->station);
  g_free (statement->incarnation);
  g_free (statement->time);
  g_ptr_array_unref (statement->movements);
  g_ptr_array_unref (statement->levels);
  g_free (statement);
}

/* ---- to JSON ---- */

static JsonObject *movement_to_json (const TamboStockMovement *movement) {
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "number", movement->number);
  json_object_set_string_member (object, "action", movement->action);
  json_object_set_string_member (object, "kind", movement->kind);
  json_object_set_string_member (object, "first", movement->first);
  json_object_set_string_member (object, "last", movement->last);
  json_object_set_int_member (object, "count", movement->count);
  json_object_set_string_member (object, "keeper", movement->keeper);
  json_object_set_string_member (object, "actor", movement->actor);
  json_object_set_string_member (object, "time", movement->time);
  return object;
}

/* The members of a level, of both directions. */
static const struct {
  const char *name;
  gsize offset;
} level_members[] = {
  { "in_stock", G_STRUCT_OFFSET (TamboStockLevel, in_stock) },
  { "quarantined", G_STRUCT_OFFSET (TamboStockLevel, quarantined) },
  { "in_work", G_STRUCT_OFFSET (TamboStockLevel, in_work) },
  { "issued", G_STRUCT_OFFSET (TamboStockLevel, issued) },
  { "spoiled", G_STRUCT_OFFSET (TamboStockLevel, spoiled) },
  { "delivered", G_STRUCT_OFFSET (TamboStockLevel, delivered) },
};

static JsonObject *level_to_json (const TamboStockLevel *level) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", level->kind);
  for (gsize i = 0; i < G_N_ELEMENTS (level_members); i++)
    json_object_set_int_member (object, level_members[i].name,
                                G_STRUCT_MEMBER (gint64, level, level_members[i].offset));
  return object;
}

char *tambo_stock_statement_sign (const TamboStockStatement *statement, TamboKey *key) {
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *movements = json_array_new (), *levels = json_array_new ();

  for (guint i = 0; i < statement->movements->len; i++)
    json_array_add_object_element (movements, movement_to_json (statement->movements->pdata[i]));
  for (guint i = 0; i < statement->levels->len; i++)
    json_array_add_object_element (levels, level_to_json (statement->levels->pdata[i]));
  json_object_set_string_member (object, "type", TYPE_STOCK);
  json_object_set_string_member (object, "station", statement->station);
  json_object_set_string_member (object, "incarnation", statement->incarnation);
  json_object_set_int_member (object, "after", statement->after);
  json_object_set_int_member (object, "position", statement->position);
  json_object_set_string_member (object, "time", statement->time);
  json_object_set_array_member (object, "movements", movements);
  json_object_set_array_member (object, "levels", levels);
  return tambo_json_sign (object, key);
}

/* ---- from JSON ---- */

static gboolean malformed (GError **error) {
  g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                       "an entry does not have its form");
  return FALSE;
}

static char *dup_word (JsonObject *object, const char *member, GError **error) {
  const char *text = tambo_json_get_string (object, member, error);

  if (text != NULL && strlen (text) > MAX_WORD) {
    malformed (error);
    return NULL;
  }
  return g_strdup (text);
}

static gboolean read_movement (TamboStockStatement *statement, JsonObject *object, GError **error) {
  g_autoptr (TamboStockMovement) movement = tambo_stock_movement_new (0);
  gint64 at;

  if (!tambo_json_get_int (object, "number", statement->after, statement->position - 1,
                           &movement->number, error)
      || !tambo_json_get_int (object, "count", 0, MAX_NUMBER, &movement->count, error)
      || (movement->action = dup_word (object, "action", error)) == NULL
      || (movement->kind = dup_word (object, "kind", error)) == NULL
      || (movement->first = dup_word (object, "first", error)) == NULL
      || (movement->last = dup_word (object, "last", error)) == NULL
      || (movement->keeper = dup_word (object, "keeper", error)) == NULL
      || (movement->actor = dup_word (object, "actor", error)) == NULL
      || (movement->time = dup_word (object, "time", error)) == NULL)
    return FALSE;
  const TamboStockMovement *before =
      statement->movements->len > 0 ? statement->movements->pdata[statement->movements->len - 1]
                                    : NULL;
  if (!tambo_clock_parse (movement->time, &at)
      || (before != NULL && before->number >= movement->number))
    return malformed (error);
  g_ptr_array_add (statement->movements, g_steal_pointer (&movement));
  return TRUE;
}

static gboolean read_level (TamboStockStatement *statement, JsonObject *object, GError **error) {
  g_autoptr (TamboStockLevel) level = g_new0 (TamboStockLevel, 1);

  level->kind = dup_word (object, "kind", error);
  if (level->kind == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (level_members); i++)
    if (!tambo_json_get_int (object, level_members[i].name, 0, MAX_NUMBER,
                             G_STRUCT_MEMBER_P (level, level_members[i].offset), error))
      return FALSE;
  for (guint i = 0; i < statement->levels->len; i++)
    if (g_str_equal (((TamboStockLevel *) statement->levels->pdata[i])->kind, level->kind))
      return malformed (error);
  g_ptr_array_add (statement->levels, g_steal_pointer (&level));
  return TRUE;
}

typedef gboolean (*ReadRow) (TamboStockStatement *statement, JsonObject *object, GError **error);

static gboolean read_rows (TamboStockStatement *statement, JsonObject *object, const char *member,
                           guint max, ReadRow read_row, GError **error) {
  JsonArray *array = tambo_json_get_array (object, member, error);

  if (array == NULL)
    return FALSE;
  if (json_array_get_length (array) > max)
    return malformed (error);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    if (!JSON_NODE_HOLDS_OBJECT (node))
      return malformed (error);
    if (!read_row (statement, json_node_get_object (node), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_head (TamboStockStatement *statement, JsonObject *object, GError **error) {
  gint64 at;

  if ((statement->station = dup_word (object, "station", error)) == NULL
      || (statement->incarnation = dup_word (object, "incarnation", error)) == NULL
      || (statement->time = dup_word (object, "time", error)) == NULL
      || !tambo_json_get_int (object, "after", 0, MAX_NUMBER, &statement->after, error)
      || !tambo_json_get_int (object, "position", statement->after, MAX_NUMBER,
                              &statement->position, error))
    return FALSE;
  return (g_strcmp0 (tambo_json_peek_string (object, "type"), TYPE_STOCK) == 0
          && tambo_station_code_is_valid (statement->station)
          && tambo_id_is_valid (statement->incarnation) && tambo_clock_parse (statement->time, &at))
         || malformed (error);
}

TamboStockStatement *tambo_stock_statement_verify (const char *text, TamboKey *key,
                                                   GError **error) {
  g_autoptr (TamboStockStatement) statement = tambo_stock_statement_new ();
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_verify (text, -1, key, &cause);

  if (object != NULL && read_head (statement, object, &cause)
      && read_rows (statement, object, "movements", TAMBO_STOCK_PAGE, read_movement, &cause)
      && read_rows (statement, object, "levels", MAX_KINDS, read_level, &cause))
    return g_steal_pointer (&statement);
  g_set_error (error, TAMBO_SYNC_ERROR,
               g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY)
                   ? TAMBO_SYNC_ERROR_INTEGRITY
                   : TAMBO_SYNC_ERROR_PROTOCOL,
               "the statement about blanks: %s", cause->message);
  return NULL;
}

/* ---- the answer ---- */

char *tambo_stock_answer_to_json (gint64 position) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_int_member (object, "position", position);
  return tambo_json_canonical (object);
}

gboolean tambo_stock_answer_from_json (const char *text, gint64 *out_position, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, -1, &cause);

  if (object != NULL
      && tambo_json_get_int (object, "position", 0, MAX_NUMBER, out_position, &cause))
    return TRUE;
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL, "the answer about blanks: %s",
               cause->message);
  return FALSE;
}
