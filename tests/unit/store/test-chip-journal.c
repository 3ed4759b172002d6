/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chip-journal.h"

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

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip-journal/order", test_steps_come_back_in_order);
  g_test_add_func ("/chip-journal/transaction", test_is_no_part_of_a_transaction);
  return g_test_run ();
}
