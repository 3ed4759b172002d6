/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chip-journal.h"

#include <string.h>

#include "desk.h"

static void append (Desk *desk, const char *order, const char *blank, const char *step) {
  g_autoptr (GError) error = NULL;

  tambo_chip_journal_append (desk->store, order, blank, step, &error);
  g_assert_no_error (error);
}

static void test_steps_come_back_in_order (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) of_one = NULL;
  g_autoptr (GPtrArray) all = NULL;
  const TamboChipJournalRow *row;

  desk_init (&desk);
  append (&desk, "order-1", "A001", "CREATE DG1");
  append (&desk, "order-2", "A002", "CREATE DG1");
  append (&desk, "order-1", "A001", "done");
  desk_reopen (&desk);
  of_one = tambo_chip_journal_list (desk.store, "order-1", &error);
  g_assert_cmpuint (of_one->len, ==, 2);
  row = of_one->pdata[1];
  g_assert_cmpstr (row->step, ==, "done");
  g_assert_cmpstr (row->blank, ==, "A001");
  g_assert_cmpstr (row->order_id, ==, "order-1");
  g_assert_nonnull (row->time);
  all = tambo_chip_journal_list (desk.store, NULL, &error);
  g_assert_cmpuint (all->len, ==, 3);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpint (((TamboChipJournalRow *) all->pdata[i])->number, ==, i + 1);
}

/* A step that could still be rolled back is not durable before its APDU. */
static void test_is_no_part_of_a_transaction (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTransaction) transaction = NULL;

  desk_init (&desk);
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_false (tambo_chip_journal_append (desk.store, "o", "A001", "CREATE DG1", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
}

/* The end of a personalisation stands or falls with what follows from it. */
static void test_close_joins_a_transaction (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) open_rows = NULL;
  g_autoptr (GPtrArray) closed_rows = NULL;
  TamboTransaction *transaction;

  desk_init (&desk);
  append (&desk, "order-1", "A001", "CREATE DG1");
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_true (tambo_chip_journal_close (desk.store, "order-1", "A001", "done", &error));
  tambo_transaction_free (transaction);
  open_rows = tambo_chip_journal_list (desk.store, "order-1", &error);
  g_assert_cmpuint (open_rows->len, ==, 1);
  g_assert_true (tambo_chip_journal_close (desk.store, "order-1", "A001", "spoiled", &error));
  closed_rows = tambo_chip_journal_list (desk.store, "order-1", &error);
  g_assert_cmpuint (closed_rows->len, ==, 2);
  g_assert_cmpstr (((TamboChipJournalRow *) closed_rows->pdata[1])->step, ==, "spoiled");
}

/* Which order a step was of may be what has rotted. */
static void test_rot_of_an_order_is_named (void) {
  static const char *const rots[] = {
    "UPDATE chip_journal SET order_id = 'order-9' WHERE number = 2",
    "UPDATE chip_journal SET order_id = 'order-2' WHERE number = 2",
    "UPDATE chip_journal SET blank = 'A009' WHERE number = 2",
    "UPDATE chip_journal SET step = 'CREATE DG9' WHERE number = 2",
    "UPDATE chip_journal SET time = '' WHERE number = 2",
    "UPDATE chip_journal SET digest = zeroblob (32) WHERE number = 2",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rots); i++) {
    g_auto (Desk) desk = { 0 };
    g_autoptr (GPtrArray) of_one = NULL, of_other = NULL, all = NULL;
    g_autoptr (GError) error = NULL;

    desk_init (&desk);
    append (&desk, "order-1", "A001", "CREATE DG1");
    append (&desk, "order-1", "A001", "CREATE DG2");
    append (&desk, "order-2", "A002", "CREATE DG1");
    desk_sql (&desk, rots[i]);
    of_one = tambo_chip_journal_list (desk.store, "order-1", &error);
    g_assert_null (of_one);
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
    g_assert_nonnull (strstr (error->message, "chip_journal 2"));
    g_clear_error (&error);
    /* Whoever may be hurt is told. */
    of_other = tambo_chip_journal_list (desk.store, "order-2", i == 1 ? NULL : &error);
    g_assert_no_error (error);
    g_assert_true ((of_other == NULL) == (i == 1));
    all = tambo_chip_journal_list (desk.store, NULL, &error);
    g_assert_cmpuint (all->len, ==, 2);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip-journal/order", test_steps_come_back_in_order);
  g_test_add_func ("/chip-journal/transaction", test_is_no_part_of_a_transaction);
  g_test_add_func ("/chip-journal/close", test_close_joins_a_transaction);
  g_test_add_func ("/chip-journal/rot", test_rot_of_an_order_is_named);
  return g_test_run ();
}
