/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/stock-count.h"

#include "base/clock.h"
#include "base/json.h"
#include "station/station-private.h"

static const char *const difference_names[] = {
  [TAMBO_COUNT_MISSING] = "missing",
  [TAMBO_COUNT_UNKNOWN] = "unknown",
  [TAMBO_COUNT_GONE] = "gone",
  [TAMBO_COUNT_ELSEWHERE] = "elsewhere",
  [TAMBO_COUNT_OTHER_KIND] = "other-kind",
  [TAMBO_COUNT_TWICE] = "twice",
};

const char *tambo_count_difference_to_string (TamboCountDifferenceKind kind) {
  return difference_names[kind];
}

static void difference_free (TamboCountDifference *difference) {
  g_free (difference->number);
  g_free (difference->keeper);
  g_free (difference);
}

void tambo_stock_count_free (TamboStockCount *count) {
  if (count == NULL)
    return;
  g_free (count->kind);
  g_clear_pointer (&count->differences, g_ptr_array_unref);
  g_free (count->statement);
  g_free (count);
}

/* ---- the comparison ---- */

static gboolean lies_here (const TamboBlankRow *row) {
  return row->state == TAMBO_BLANK_IN_STOCK || row->state == TAMBO_BLANK_QUARANTINED
         || row->state == TAMBO_BLANK_IN_WORK;
}

static gboolean is_of_kind (const TamboBlankRow *row, const TamboStockCounting *counting) {
  return counting->kind == NULL || g_str_equal (row->kind, counting->kind);
}

static gboolean is_in_place (const TamboBlankRow *row, const TamboStockCounting *counting) {
  if (counting->in_vault)
    return row->keeper == NULL;
  return counting->keeper == NULL || g_strcmp0 (row->keeper, counting->keeper) == 0;
}

static void add_difference (TamboStockCount *count, TamboCountDifferenceKind kind,
                            const char *number, const TamboBlankRow *row) {
  TamboCountDifference *difference = g_new0 (TamboCountDifference, 1);

  difference->kind = kind;
  difference->number = g_strdup (number);
  difference->state = row != NULL ? tambo_blank_state_to_string (row->state) : NULL;
  difference->keeper = row != NULL ? g_strdup (row->keeper) : NULL;
  g_ptr_array_add (count->differences, difference);
}

/* What NUMBER, which was found, says against the book. */
static void look_up (TamboStockCount *count, const TamboStockCounting *counting, const char *number,
                     const TamboBlankRow *row) {
  if (row == NULL)
    add_difference (count, TAMBO_COUNT_UNKNOWN, number, NULL);
  else if (!is_of_kind (row, counting))
    add_difference (count, TAMBO_COUNT_OTHER_KIND, number, row);
  else if (!lies_here (row))
    add_difference (count, TAMBO_COUNT_GONE, number, row);
  else if (!is_in_place (row, counting))
    add_difference (count, TAMBO_COUNT_ELSEWHERE, number, row);
}

static int compare_numbers (gconstpointer a, gconstpointer b) {
  const TamboCountDifference *left = *(TamboCountDifference *const *) a;
  const TamboCountDifference *right = *(TamboCountDifference *const *) b;
  int order = g_strcmp0 (left->number, right->number);

  return order != 0 ? order : (int) left->kind - (int) right->kind;
}

static TamboStockCount *compare (GPtrArray *blanks, const TamboStockCounting *counting) {
  g_autoptr (GHashTable) book = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) found = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) again = g_hash_table_new (g_str_hash, g_str_equal);
  TamboStockCount *count = g_new0 (TamboStockCount, 1);

  count->kind = g_strdup (counting->kind);
  count->differences = g_ptr_array_new_with_free_func ((GDestroyNotify) difference_free);
  for (guint i = 0; i < blanks->len; i++) {
    TamboBlankRow *row = g_ptr_array_index (blanks, i);
    g_hash_table_insert (book, row->number, row);
  }
  for (guint i = 0; i < counting->numbers->len; i++) {
    char *number = g_ptr_array_index (counting->numbers, i);
    const TamboBlankRow *row = g_hash_table_lookup (book, number);
    if (g_hash_table_add (found, number))
      look_up (count, counting, number, row);
    else if (g_hash_table_add (again, number))
      add_difference (count, TAMBO_COUNT_TWICE, number, row);
  }
  count->counted = g_hash_table_size (found);
  for (guint i = 0; i < blanks->len; i++) {
    const TamboBlankRow *row = g_ptr_array_index (blanks, i);
    if (!is_of_kind (row, counting) || !is_in_place (row, counting) || !lies_here (row))
      continue;
    count->expected++;
    if (!g_hash_table_contains (found, row->number))
      add_difference (count, TAMBO_COUNT_MISSING, row->number, row);
  }
  g_ptr_array_sort (count->differences, compare_numbers);
  return count;
}

/* ---- the statement ---- */

/* One for each kind: the count of passports does not make that of cards forgotten. */
static char *dup_setting (const char *kind) {
  return g_strconcat ("stock-count", kind != NULL ? "-" : NULL, kind, NULL);
}

static JsonArray *differences_to_json (GPtrArray *differences) {
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < differences->len; i++) {
    const TamboCountDifference *difference = g_ptr_array_index (differences, i);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "number", difference->number);
    json_object_set_string_member (object, "what",
                                   tambo_count_difference_to_string (difference->kind));
    tambo_json_set_optional (object, "state", difference->state);
    tambo_json_set_optional (object, "keeper", difference->keeper);
    json_array_add_object_element (array, object);
  }
  return array;
}

static char *keep (TamboStation *station, const TamboStockCounting *counting,
                   const TamboStockCount *count, const char *actor, GError **error) {
  const char *kind = counting->kind != NULL ? counting->kind : "all";
  g_autofree char *setting = dup_setting (counting->kind);
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *name = g_strconcat ("count-", kind, "-", now, NULL);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "type", "stock-count");
  json_object_set_string_member (object, "time", now);
  json_object_set_string_member (object, "kind", kind);
  tambo_json_set_optional (object, "keeper", counting->in_vault ? "" : counting->keeper);
  json_object_set_int_member (object, "expected", count->expected);
  json_object_set_int_member (object, "counted", count->counted);
  json_object_set_array_member (object, "differences", differences_to_json (count->differences));
  json_object_set_string_member (object, "remark", counting->remark);
  return tambo_statement_keep (
      station,
      &(TamboStatement){
          .setting = setting, .name = name, .action = "stock.count", .subject = kind },
      actor, object, error);
}

TamboStockCount *tambo_stock_count_take (TamboStation *station, const TamboStockCounting *counting,
                                         GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_STOCK_RECONCILE, error);
  /* Nothing moves between the look at the book and what is signed of it. */
  g_autoptr (TamboTransaction) transaction =
      actor != NULL ? tambo_transaction_begin (store, error) : NULL;
  g_autoptr (GPtrArray) blanks = transaction != NULL ? tambo_stock_list (store, error) : NULL;
  if (blanks == NULL)
    return NULL;

  g_autoptr (TamboStockCount) count = compare (blanks, counting);
  count->statement = keep (station, counting, count, actor, error);
  return count->statement != NULL && tambo_transaction_commit (transaction, error)
             ? g_steal_pointer (&count)
             : NULL;
}

JsonObject *tambo_stock_count_read_last (TamboStation *station, const char *kind, GError **error) {
  g_autofree char *setting = dup_setting (kind);

  return tambo_statement_read_last (station, setting, error);
}
