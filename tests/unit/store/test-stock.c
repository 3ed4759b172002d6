/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/stock.h"

#include "desk.h"
#include "store/chip-journal.h"

static gboolean receive (Desk *desk, const char *institution, const char *first, const char *last,
                         GError **error) {
  return tambo_stock_receive (desk->store, "passport", institution, "UTO", first, last,
                              DESK_OPERATOR, NULL, error);
}

static char *take (Desk *desk, const char *number, const char *order, GError **error) {
  return tambo_stock_take (desk->store, "passport", number, order, DESK_OPERATOR, error);
}

static void assert_takes (Desk *desk, const char *number, const char *order, const char *expected) {
  g_autoptr (GError) error = NULL;
  g_autofree char *taken = take (desk, number, order, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (taken, ==, expected);
}

static void assert_take_fails (Desk *desk, const char *number, const char *order,
                               TamboStoreError code) {
  g_autoptr (GError) error = NULL;

  g_assert_null (take (desk, number, order, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, (int) code);
}

static void assert_count (Desk *desk, TamboBlankState state, guint expected) {
  g_autoptr (GError) error = NULL;
  guint count;

  g_assert_true (tambo_stock_count (desk->store, "passport", state, &count, &error));
  g_assert_cmpuint (count, ==, expected);
}

static void set_state (Desk *desk, const char *number, TamboBlankState state) {
  g_autoptr (GError) error = NULL;

  tambo_stock_set_state (desk->store, number, state, "torn", DESK_OPERATOR, &error);
  g_assert_no_error (error);
}

static void assert_set_state_fails (Desk *desk, const char *number, TamboBlankState state,
                                    TamboStoreError code) {
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_stock_set_state (desk->store, number, state, NULL, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, (int) code);
}

static void test_receive (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  const TamboBlankRow *row;
  guint count;

  desk_init (&desk);
  g_assert_true (tambo_stock_receive (desk.store, "passport", "UTO", "UTO", "AB0099", "AB0101",
                                      DESK_OPERATOR, &count, &error));
  g_assert_cmpuint (count, ==, 3);
  g_assert_true (receive (&desk, "XXA", "Z9", "Z9", &error));
  desk_reopen (&desk);
  rows = tambo_stock_list (desk.store, &error);
  g_assert_cmpuint (rows->len, ==, 4);
  row = rows->pdata[0];
  g_assert_cmpstr (row->number, ==, "Z9");
  g_assert_cmpint (row->state, ==, TAMBO_BLANK_QUARANTINED);
  g_assert_cmpstr (row->institution, ==, "XXA");
  row = rows->pdata[3];
  g_assert_cmpstr (row->number, ==, "AB0101");
  g_assert_cmpint (row->state, ==, TAMBO_BLANK_IN_STOCK);
  g_assert_null (row->order_id);
  desk_assert_audit (&desk, "stock.receive", 2);
}

static void test_receive_refuses (void) {
  static const char *const bad[][2] = {
    { "AB0002", "AB0001" },
    { "AB1", "AC2" },
    { "AB1", "AB10" },
    { "ab1", "ab2" },
    { "AB", "AB" },
    { "", "" },
    { "A1B", "A2B" },
    { "A000000", "A100000" },
    { "A 1", "A 2" },
    { "ABCDEFGHI1", "ABCDEFGHI2" },
    { "A1234567890123", "A1234567890124" },
    { "A-1", "A-2" },
  };
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (receive (&desk, "UTO", bad[i][0], bad[i][1], &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
    g_clear_error (&error);
  }
  assert_count (&desk, TAMBO_BLANK_IN_STOCK, 0);
}

static void test_receive_is_all_or_nothing (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (receive (&desk, "UTO", "A005", "A005", &error));
  g_assert_false (receive (&desk, "UTO", "A001", "A009", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS);
  g_assert_cmpstr (error->message, ==, "the blank A005 is known already");
  assert_count (&desk, TAMBO_BLANK_IN_STOCK, 1);
}

static void test_receive_a_hundred_thousand (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (receive (&desk, "UTO", "A000000", "A099999", &error));
  assert_count (&desk, TAMBO_BLANK_IN_STOCK, 100000);
  assert_takes (&desk, NULL, "order-1", "A000000");
}

static void test_take (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  assert_take_fails (&desk, NULL, "order-1", TAMBO_STORE_ERROR_NOT_FOUND);
  g_assert_true (receive (&desk, "XXA", "A001", "A002", &error));
  assert_take_fails (&desk, NULL, "order-1", TAMBO_STORE_ERROR_NOT_FOUND);
  assert_take_fails (&desk, "A001", "order-1", TAMBO_STORE_ERROR_STATE);
  g_assert_true (receive (&desk, "UTO", "A098", "A101", &error));
  assert_takes (&desk, NULL, "order-1", "A098");
  assert_takes (&desk, NULL, "order-1", "A098");
  assert_takes (&desk, "A098", "order-1", "A098");
  assert_take_fails (&desk, "A099", "order-1", TAMBO_STORE_ERROR_STATE);
  assert_take_fails (&desk, "A098", "order-2", TAMBO_STORE_ERROR_STATE);
  assert_take_fails (&desk, "B001", "order-2", TAMBO_STORE_ERROR_NOT_FOUND);
  assert_takes (&desk, "A100", "order-2", "A100");
  assert_takes (&desk, NULL, "order-3", "A099");
  g_assert_null (tambo_stock_take (desk.store, "card", "A101", "order-4", DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  assert_count (&desk, TAMBO_BLANK_IN_WORK, 3);
  desk_assert_audit (&desk, "stock.take", 3);
}

static void test_states (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  desk_init (&desk);
  g_assert_true (receive (&desk, "UTO", "A001", "A004", &error));
  g_assert_true (receive (&desk, "XXA", "B001", "B001", &error));
  assert_set_state_fails (&desk, "A001", TAMBO_BLANK_ISSUED, TAMBO_STORE_ERROR_STATE);
  assert_set_state_fails (&desk, "Z001", TAMBO_BLANK_SPOILED, TAMBO_STORE_ERROR_NOT_FOUND);
  assert_set_state_fails (&desk, "B001", TAMBO_BLANK_IN_STOCK, TAMBO_STORE_ERROR_STATE);
  assert_takes (&desk, NULL, "order-1", "A001");
  set_state (&desk, "A001", TAMBO_BLANK_IN_STOCK);
  assert_takes (&desk, NULL, "order-2", "A001");
  set_state (&desk, "A001", TAMBO_BLANK_SPOILED);
  assert_takes (&desk, NULL, "order-2", "A002");
  set_state (&desk, "A002", TAMBO_BLANK_ISSUED);
  set_state (&desk, "A003", TAMBO_BLANK_SPOILED);
  set_state (&desk, "B001", TAMBO_BLANK_SPOILED);
  assert_set_state_fails (&desk, "A002", TAMBO_BLANK_SPOILED, TAMBO_STORE_ERROR_STATE);
  assert_set_state_fails (&desk, "A001", TAMBO_BLANK_IN_STOCK, TAMBO_STORE_ERROR_STATE);

  rows = tambo_stock_list (desk.store, &error);
  g_assert_cmpstr (((TamboBlankRow *) rows->pdata[0])->order_id, ==, "order-2");
  g_assert_cmpstr (((TamboBlankRow *) rows->pdata[1])->order_id, ==, "order-2");
  g_assert_null (((TamboBlankRow *) rows->pdata[2])->order_id);
  assert_count (&desk, TAMBO_BLANK_IN_STOCK, 1);
  assert_count (&desk, TAMBO_BLANK_SPOILED, 3);
  assert_count (&desk, TAMBO_BLANK_ISSUED, 1);
  desk_assert_audit (&desk, "stock.spoiled", 3);
  desk_assert_audit (&desk, "stock.issued", 1);
  desk_assert_audit (&desk, "stock.return", 1);
}

/* Only what was issued, and once. */
static void test_delivered (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (receive (&desk, "UTO", "A001", "A002", &error));
  assert_set_state_fails (&desk, "A001", TAMBO_BLANK_DELIVERED, TAMBO_STORE_ERROR_STATE);
  assert_takes (&desk, NULL, "order-1", "A001");
  assert_set_state_fails (&desk, "A001", TAMBO_BLANK_DELIVERED, TAMBO_STORE_ERROR_STATE);
  g_assert_null (tambo_stock_find_issued (desk.store, "order-1", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  set_state (&desk, "A001", TAMBO_BLANK_ISSUED);
  set_state (&desk, "A001", TAMBO_BLANK_DELIVERED);
  assert_set_state_fails (&desk, "A001", TAMBO_BLANK_DELIVERED, TAMBO_STORE_ERROR_STATE);
  assert_set_state_fails (&desk, "A001", TAMBO_BLANK_SPOILED, TAMBO_STORE_ERROR_STATE);

  g_autoptr (TamboBlankRow) row = tambo_stock_find_issued (desk.store, "order-1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (row->number, ==, "A001");
  g_assert_cmpint (row->state, ==, TAMBO_BLANK_DELIVERED);
  assert_count (&desk, TAMBO_BLANK_DELIVERED, 1);
  desk_assert_audit (&desk, "stock.delivered", 1);
}

/* A chip that an APDU may have reached is no blank any more. */
static void test_journalled_blank_never_returns (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (receive (&desk, "UTO", "A001", "A001", &error));
  assert_takes (&desk, NULL, "order-1", "A001");
  g_assert_true (tambo_chip_journal_append (desk.store, "order-1", "A001", "CREATE DG1", &error));
  assert_set_state_fails (&desk, "A001", TAMBO_BLANK_IN_STOCK, TAMBO_STORE_ERROR_STATE);
  set_state (&desk, "A001", TAMBO_BLANK_SPOILED);
}

static gboolean assign (Desk *desk, const char *first, const char *last, const char *keeper,
                        GError **error) {
  return tambo_stock_assign (desk->store, first, last, keeper, "berta+dora", NULL, error);
}

static void assert_takes_as (Desk *desk, const char *actor, const char *order,
                             const char *expected) {
  g_autoptr (GError) error = NULL;
  g_autofree char *taken = tambo_stock_take (desk->store, "passport", NULL, order, actor, &error);

  g_assert_cmpstr (taken, ==, expected);
  if (expected == NULL)
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
}

/* Once anything of a kind was given, each takes of its own alone. */
static void test_assign (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (receive (&desk, "UTO", "A098", "A110", &error));
  assert_takes_as (&desk, "anna", "order-1", "A098");
  g_assert_true (assign (&desk, "A100", "A101", "anna", &error));
  g_assert_true (assign (&desk, "A105", "A105", "carla", &error));
  desk_reopen (&desk);
  assert_takes_as (&desk, "anna", "order-2", "A100");
  assert_takes_as (&desk, "carla", "order-3", "A105");
  assert_takes_as (&desk, "carla", "order-4", NULL);
  assert_takes_as (&desk, "dora", "order-4", NULL);
  assert_take_fails (&desk, "A101", "order-4", TAMBO_STORE_ERROR_STATE);
  assert_take_fails (&desk, "A099", "order-4", TAMBO_STORE_ERROR_STATE);

  /* What is put back is still the one's who had it; back in the vault it is everybody's. */
  set_state (&desk, "A100", TAMBO_BLANK_IN_STOCK);
  assert_takes_as (&desk, "anna", "order-5", "A100");
  g_assert_true (assign (&desk, "A101", "A101", NULL, &error));
  assert_takes_as (&desk, "dora", "order-4", "A099");
  desk_assert_audit (&desk, "stock.assign", 3);
}

/* All of them or none, and the number that is in the way is named. */
static void test_assign_refuses (void) {
  static const struct {
    const char *first, *last, *message;
    TamboStoreError code;
  } bad[] = {
    { "A004", "A006", "no blank has the number A006", TAMBO_STORE_ERROR_NOT_FOUND },
    { "A001", "A005", "the blank A003 is spoiled", TAMBO_STORE_ERROR_STATE },
    { "B1", "B1", "the blank B1 is quarantined", TAMBO_STORE_ERROR_STATE },
    { "A005", "A001", NULL, TAMBO_STORE_ERROR_INVALID },
    { "A0001", "A0002", "no blank has the number A0001", TAMBO_STORE_ERROR_NOT_FOUND },
  };
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (receive (&desk, "UTO", "A001", "A005", &error));
  g_assert_true (receive (&desk, "XXA", "B1", "B1", &error));
  set_state (&desk, "A003", TAMBO_BLANK_SPOILED);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (assign (&desk, bad[i].first, bad[i].last, "anna", &error));
    g_assert_error (error, TAMBO_STORE_ERROR, (int) bad[i].code);
    if (bad[i].message != NULL)
      g_assert_cmpstr (error->message, ==, bad[i].message);
    g_clear_error (&error);
  }
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM blanks WHERE keeper IS NOT NULL"), ==,
                   0);
}

static void test_expand (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) numbers = tambo_stock_expand ("AB0098", "AB0101", &error);

  g_assert_cmpuint (numbers->len, ==, 4);
  g_assert_cmpstr (numbers->pdata[0], ==, "AB0098");
  g_assert_cmpstr (numbers->pdata[3], ==, "AB0101");
  g_assert_null (tambo_stock_expand ("AB1", "AB22", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
}

static void test_tally (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tallies = NULL;

  desk_init (&desk);
  tallies = tambo_stock_tally (desk.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tallies->len, ==, 0);
  g_clear_pointer (&tallies, g_ptr_array_unref);
  g_assert_true (receive (&desk, "UTO", "A001", "A005", &error));
  g_assert_true (
      tambo_stock_receive (desk.store, "card", "UTO", "UTO", "C1", "C2", "anna", NULL, &error));
  set_state (&desk, "A002", TAMBO_BLANK_SPOILED);

  tallies = tambo_stock_tally (desk.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tallies->len, ==, 2);
  const TamboStockTally *cards = tallies->pdata[0], *passports = tallies->pdata[1];
  g_assert_cmpstr (cards->kind, ==, "card");
  g_assert_cmpuint (cards->count[TAMBO_BLANK_IN_STOCK], ==, 2);
  g_assert_cmpuint (passports->count[TAMBO_BLANK_IN_STOCK], ==, 4);
  g_assert_cmpuint (passports->count[TAMBO_BLANK_SPOILED], ==, 1);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stock/tally", test_tally);
  g_test_add_func ("/stock/receive", test_receive);
  g_test_add_func ("/stock/receive/refuses", test_receive_refuses);
  g_test_add_func ("/stock/receive/all-or-nothing", test_receive_is_all_or_nothing);
  g_test_add_func ("/stock/receive/many", test_receive_a_hundred_thousand);
  g_test_add_func ("/stock/take", test_take);
  g_test_add_func ("/stock/assign", test_assign);
  g_test_add_func ("/stock/assign/refuses", test_assign_refuses);
  g_test_add_func ("/stock/expand", test_expand);
  g_test_add_func ("/stock/states", test_states);
  g_test_add_func ("/stock/delivered", test_delivered);
  g_test_add_func ("/stock/journalled", test_journalled_blank_never_returns);
  return g_test_run ();
}
