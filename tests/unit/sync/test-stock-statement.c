/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/stock-statement.h"

#include <string.h>

#include "base/id.h"
#include "base/json.h"

static TamboStockStatement *example (guint n_movements) {
  TamboStockStatement *statement = tambo_stock_statement_new ();
  TamboStockLevel *level = g_new0 (TamboStockLevel, 1);

  statement->station = g_strdup ("MIG-TEST-01");
  statement->incarnation = tambo_id_new ();
  statement->after = 7;
  statement->position = 7 + n_movements * 2;
  statement->time = g_strdup ("2026-11-22T10:00:00Z");
  for (guint i = 0; i < n_movements; i++) {
    TamboStockMovement *movement = tambo_stock_movement_new (7 + i * 2);
    movement->action = g_strdup ("assign");
    movement->kind = g_strdup ("card");
    movement->first = g_strdup ("C001");
    movement->last = g_strdup ("C010");
    movement->count = 10;
    movement->keeper = g_strdup ("anna");
    movement->actor = g_strdup ("berta+dora");
    movement->time = g_strdup ("2026-11-22T09:00:00Z");
    g_ptr_array_add (statement->movements, movement);
  }
  level->kind = g_strdup ("card");
  level->in_stock = 9;
  level->delivered = 1;
  g_ptr_array_add (statement->levels, level);
  return statement;
}

static void test_round_trip (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (TamboStockStatement) statement = example (TAMBO_STOCK_PAGE);
  g_autofree char *text = tambo_stock_statement_sign (statement, key);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStockStatement) read = tambo_stock_statement_verify (text, key, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->station, ==, "MIG-TEST-01");
  g_assert_cmpint (read->after, ==, 7);
  g_assert_cmpint (read->position, ==, 407);
  g_assert_cmpuint (read->movements->len, ==, TAMBO_STOCK_PAGE);
  const TamboStockMovement *movement = read->movements->pdata[3];
  g_assert_cmpint (movement->number, ==, 13);
  g_assert_cmpstr (movement->keeper, ==, "anna");
  g_assert_cmpint (movement->count, ==, 10);
  const TamboStockLevel *level = read->levels->pdata[0];
  g_assert_cmpint (level->in_stock, ==, 9);
  g_assert_cmpint (level->delivered, ==, 1);
  /* What headquarters reads of one request. */
  g_assert_cmpuint (strlen (text), <, 256 * 1024);
}

static void assert_refused (const TamboStockStatement *statement, TamboKey *key, int code) {
  g_autoptr (TamboKey) own = tambo_key_generate ();
  g_autofree char *text = tambo_stock_statement_sign (statement, own);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_stock_statement_verify (text, key != NULL ? key : own, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, code);
}

static void test_refuses (void) {
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autoptr (TamboStockStatement) good = example (2);
  g_autoptr (TamboStockStatement) many = example (TAMBO_STOCK_PAGE + 1);
  g_autoptr (TamboStockStatement) twice = example (2);
  g_autoptr (TamboStockStatement) outside = example (2);
  g_autoptr (TamboStockStatement) backwards = example (0);
  g_autoptr (TamboStockStatement) timeless = example (1);

  assert_refused (good, other, TAMBO_SYNC_ERROR_INTEGRITY);
  assert_refused (many, NULL, TAMBO_SYNC_ERROR_PROTOCOL);
  ((TamboStockMovement *) twice->movements->pdata[1])->number = 7;
  assert_refused (twice, NULL, TAMBO_SYNC_ERROR_PROTOCOL);
  ((TamboStockMovement *) outside->movements->pdata[0])->number = 6;
  assert_refused (outside, NULL, TAMBO_SYNC_ERROR_PROTOCOL);
  backwards->position = 6;
  assert_refused (backwards, NULL, TAMBO_SYNC_ERROR_PROTOCOL);
  g_free (timeless->time);
  timeless->time = g_strdup ("yesterday");
  assert_refused (timeless, NULL, TAMBO_SYNC_ERROR_PROTOCOL);
}

static void test_every_cut (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (TamboStockStatement) statement = example (1);
  g_autofree char *text = tambo_stock_statement_sign (statement, key);

  for (gsize size = 0; size < strlen (text); size++) {
    g_autofree char *cut = g_strndup (text, size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_stock_statement_verify (cut, key, &error));
    g_assert_nonnull (error);
  }
}

static void test_answer (void) {
  g_autofree char *text = tambo_stock_answer_to_json (42);
  g_autoptr (GError) error = NULL;
  gint64 position;

  g_assert_true (tambo_stock_answer_from_json (text, &position, &error));
  g_assert_cmpint (position, ==, 42);
  g_assert_false (tambo_stock_answer_from_json ("{}", &position, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stock-statement/round-trip", test_round_trip);
  g_test_add_func ("/stock-statement/refuses", test_refuses);
  g_test_add_func ("/stock-statement/cut", test_every_cut);
  g_test_add_func ("/stock-statement/answer", test_answer);
  return g_test_run ();
}
