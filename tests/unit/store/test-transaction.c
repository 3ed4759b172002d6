/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk.h"
#include "store/audit.h"
#include "store/stock.h"

static void assert_setting (TamboStore *store, const char *name, const char *expected) {
  g_autoptr (GError) error = NULL;
  g_autofree char *value = tambo_store_dup_setting (store, name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (value, ==, expected);
}

static void test_rolls_back_on_free (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  TamboTransaction *transaction;

  desk_init (&desk);
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_true (tambo_store_set_setting (desk.store, "a", "1", &error));
  assert_setting (desk.store, "a", "1");
  tambo_transaction_free (transaction);
  assert_setting (desk.store, "a", NULL);
}

static void test_commits (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStore) other = NULL;
  TamboTransaction *transaction;

  desk_init (&desk);
  other = desk_open_again (&desk);
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_true (tambo_store_set_setting (desk.store, "a", "1", &error));
  assert_setting (other, "a", NULL);
  g_assert_true (tambo_transaction_commit (transaction, &error));
  tambo_transaction_free (transaction);
  assert_setting (other, "a", "1");
}

/* A call that fails inside undoes its own work alone. */
static void test_inner_failure_leaves_the_outer_whole (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTransaction) transaction = NULL;
  guint count;

  desk_init (&desk);
  g_assert_true (tambo_stock_receive (desk.store, "passport", "UTO", "UTO", "P0000005", "P0000005",
                                      DESK_OPERATOR, NULL, &error));
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_true (tambo_store_set_setting (desk.store, "a", "1", &error));
  g_assert_false (tambo_stock_receive (desk.store, "passport", "UTO", "UTO", "P0000001", "P0000009",
                                       DESK_OPERATOR, NULL, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (tambo_transaction_commit (transaction, &error));
  g_assert_true (tambo_stock_count (desk.store, "passport", TAMBO_BLANK_IN_STOCK, &count, &error));
  g_assert_cmpuint (count, ==, 1);
  assert_setting (desk.store, "a", "1");
  desk_assert_audit (&desk, "stock.receive", 1);
}

/* The first operator's key goes with the transaction that made it. */
static void test_new_key_is_forgotten (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);
  g_autofree char *path = NULL;
  g_autoptr (TamboStore) store = NULL;
  TamboTransaction *transaction;

  desk_init (&desk);
  path = g_build_filename (desk.folder, "fresh.db", NULL);
  store = tambo_store_create (path, &error);
  g_assert_true (tambo_store_set_setting (store, "scrypt-log2-n", "10", &error));
  transaction = tambo_transaction_begin (store, &error);
  g_assert_true (
      tambo_operators_add (store, "first", TAMBO_ROLE_CLERK, password, "station", &error));
  g_assert_true (tambo_store_is_unlocked (store));
  tambo_transaction_free (transaction);
  g_assert_false (tambo_store_is_unlocked (store));
  g_assert_true (
      tambo_operators_add (store, "second", TAMBO_ROLE_CLERK, password, "station", &error));
  g_assert_true (tambo_store_is_unlocked (store));
}

static void test_two_processes_take_turns (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStore) other = NULL;
  TamboTransaction *transaction;

  desk_init (&desk);
  other = desk_open_again (&desk);
  sqlite3_busy_timeout (other->db, 50);
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_no_error (error);
  g_assert_false (tambo_store_set_setting (other, "a", "2", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (tambo_transaction_commit (transaction, &error));
  tambo_transaction_free (transaction);
  g_assert_true (tambo_store_set_setting (other, "a", "2", &error));
  assert_setting (desk.store, "a", "2");
}

static gpointer append_many (gpointer data) {
  TamboStore *store = data;

  for (int i = 0; i < 40; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, &error);

    g_assert_no_error (error);
    tambo_audit_append (store, "station", "test.one", "", NULL, &error);
    g_assert_no_error (error);
    tambo_audit_append (store, "station", "test.two", "", NULL, &error);
    g_assert_no_error (error);
    g_assert_true (tambo_transaction_commit (transaction, &error));
  }
  return NULL;
}

/* Two threads of one connection and one of another: no entry is lost, and none stands between the
 * two of a transaction. */
static void test_threads_and_connections (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStore) other = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  GThread *threads[3];

  desk_init (&desk);
  other = desk_open_again (&desk);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("writer", append_many, i == 2 ? other : desk.store);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  desk_assert_audit (&desk, "test.one", 120);
  entries = tambo_audit_list (desk.store, &error);
  for (guint i = 0; i < entries->len; i++) {
    const TamboAuditEntry *entry = entries->pdata[i];

    if (g_str_equal (entry->action, "test.one")) {
      const TamboAuditEntry *next = entries->pdata[i + 1];

      g_assert_cmpstr (next->action, ==, "test.two");
    }
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transaction/rolls-back", test_rolls_back_on_free);
  g_test_add_func ("/transaction/commits", test_commits);
  g_test_add_func ("/transaction/inner-failure", test_inner_failure_leaves_the_outer_whole);
  g_test_add_func ("/transaction/new-key", test_new_key_is_forgotten);
  g_test_add_func ("/transaction/two-processes", test_two_processes_take_turns);
  g_test_add_func ("/transaction/threads", test_threads_and_connections);
  return g_test_run ();
}
