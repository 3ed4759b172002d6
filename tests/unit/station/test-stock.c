/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who has which blanks, and what two persons find when they count them.
 */
#include "practice-station.h"

#include "station/day-closing.h"
#include "station/order-desk.h"
#include "station/stock-count.h"
#include "station/stock-desk.h"

static void receive (Practice *practice, const char *kind, const char *first, const char *last) {
  g_autoptr (GError) error = NULL;
  guint count;

  sign_in (practice, "supervisor");
  bring_second (practice, "deputy");
  tambo_stock_desk_receive (practice->station, kind, NULL, first, last, &count, &error);
  g_assert_no_error (error);
}

static gboolean assign (Practice *practice, const char *first, const char *last, const char *keeper,
                        GError **error) {
  guint count;

  sign_in (practice, "supervisor");
  bring_second (practice, "deputy");
  return tambo_stock_desk_assign (practice->station, first, last, keeper, &count, error);
}

static TamboBlankFit fit (Practice *practice, const char *number) {
  g_autoptr (GError) error = NULL;
  g_autofree char *other = NULL;
  TamboBlankFit result;

  tambo_order_desk_fit_blank (practice->station, "order-1", "card", number, &result, &other,
                              &error);
  g_assert_no_error (error);
  return result;
}

static void test_assign (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;

  receive (practice, "card", "C001", "C010");
  sign_in (practice, "clerk");
  g_assert_cmpint (fit (practice, "C007"), ==, TAMBO_BLANK_FITS);
  g_assert_true (assign (practice, "C001", "C003", "clerk", &error));
  g_assert_no_error (error);
  assert_audit (practice->station, "supervisor+deputy", "stock.assign");
  g_assert_cmpint (fit (practice, "C001"), ==, TAMBO_BLANK_OTHER_KEEPER);
  sign_in (practice, "clerk");
  g_assert_cmpint (fit (practice, "C001"), ==, TAMBO_BLANK_FITS);
  g_assert_cmpint (fit (practice, "C004"), ==, TAMBO_BLANK_OTHER_KEEPER);
  g_assert_cmpint (fit (practice, "C999"), ==, TAMBO_BLANK_UNKNOWN);
}

static void test_assign_refuses (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;

  receive (practice, "card", "C001", "C010");
  g_assert_false (assign (practice, "C001", "C003", "nobody", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  bring_second (practice, "deputy");
  add_operator (practice, "technician", TAMBO_ROLE_TECHNICIAN);
  g_assert_false (assign (practice, "C001", "C003", "technician", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
  g_clear_error (&error);
  g_assert_false (assign (practice, "C001", "C011", "clerk", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STOCK);
  g_clear_error (&error);
  tambo_operator_desk_disable (practice->station, "clerk", &error);
  g_assert_no_error (error);
  g_assert_false (assign (practice, "C001", "C003", "clerk", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE);
}

/* ---- counting ---- */

static TamboStockCount *take_count (Practice *practice, TamboStockCounting counting,
                                    const char *numbers) {
  g_auto (GStrv) words = g_strsplit (numbers, " ", -1);
  g_autoptr (GPtrArray) array = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    g_ptr_array_add (array, words[i]);
  counting.numbers = array;
  counting.remark = "at the end of the day";
  sign_in (practice, "clerk");
  bring_second (practice, "supervisor");
  TamboStockCount *count = tambo_stock_count_take (practice->station, &counting, &error);
  g_assert_no_error (error);
  return count;
}

/* "C001:missing C002:twice" */
static void assert_differences (const TamboStockCount *count, const char *expected) {
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < count->differences->len; i++) {
    const TamboCountDifference *difference = count->differences->pdata[i];
    g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", difference->number,
                            tambo_count_difference_to_string (difference->kind));
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static Practice *with_stock (void) {
  Practice *practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;

  receive (practice, "card", "C001", "C005");
  receive (practice, "passport", "P001", "P002");
  bring_second (practice, "deputy");
  tambo_stock_desk_spoil (practice->station, "C005", "bent", &error);
  g_assert_no_error (error);
  return practice;
}

static void test_count_adds_up (void) {
  g_autoptr (Practice) practice = with_stock ();
  g_autoptr (TamboStockCount) all =
      take_count (practice, (TamboStockCounting){ 0 }, "C004 C001 C002 P001 P002 C003");
  g_autoptr (TamboStockCount) cards =
      take_count (practice, (TamboStockCounting){ .kind = "card" }, "C001 C002 C003 C004");

  assert_differences (all, "");
  g_assert_cmpuint (all->expected, ==, 6);
  g_assert_cmpuint (all->counted, ==, 6);
  assert_differences (cards, "");
  g_assert_cmpuint (cards->expected, ==, 4);
  assert_audit (practice->station, "clerk+supervisor", "stock.count");
  g_assert_true (g_file_test (cards->statement, G_FILE_TEST_IS_REGULAR));

  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) statement =
      tambo_stock_count_read_last (practice->station, "card", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tambo_json_peek_string (statement, "operator"), ==, "clerk+supervisor");
  g_assert_cmpstr (tambo_json_peek_string (statement, "remark"), ==, "at the end of the day");
}

static void test_count_names_what_differs (void) {
  g_autoptr (Practice) practice = with_stock ();
  g_autoptr (TamboStockCount) count = take_count (practice, (TamboStockCounting){ .kind = "card" },
                                                  "C001 C002 C002 C002 C005 P001 X001 C003");

  assert_differences (count, "C002:twice C004:missing C005:gone P001:other-kind X001:unknown");
  g_assert_cmpuint (count->counted, ==, 6);
  g_autoptr (TamboStockCount) nothing =
      take_count (practice, (TamboStockCounting){ .kind = "passport" }, "");
  assert_differences (nothing, "P001:missing P002:missing");
}

static void test_count_of_a_keeper (void) {
  g_autoptr (Practice) practice = with_stock ();
  g_autoptr (GError) error = NULL;

  g_assert_true (assign (practice, "C001", "C002", "clerk", &error));
  g_autoptr (TamboStockCount) own =
      take_count (practice, (TamboStockCounting){ .kind = "card", .keeper = "clerk" }, "C001 C003");
  assert_differences (own, "C002:missing C003:elsewhere");
  g_autoptr (TamboStockCount) vault =
      take_count (practice, (TamboStockCounting){ .kind = "card", .in_vault = TRUE }, "C003 C004");
  assert_differences (vault, "");
}

/* The closing tells what a count since the last one found, and not what an older one did. */
static void test_closing_tells (void) {
  g_autoptr (Practice) practice = with_stock ();
  g_autoptr (TamboStockCount) count =
      take_count (practice, (TamboStockCounting){ .kind = "card" }, "C001 C002 C003 X001");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboDayClosing) closing = tambo_day_closing_prepare (practice->station, &error);
  g_autoptr (GString) told = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < closing->gaps->len; i++) {
    const TamboGap *gap = closing->gaps->pdata[i];
    if (gap->kind == TAMBO_GAP_BLANK_COUNTED)
      g_string_append_printf (told, "%s %u/%u ", gap->about, gap->expected, gap->found);
  }
  g_assert_cmpstr (told->str, ==, "C004 1/0 X001 0/1 ");
}

/* A count that somebody changed is not built upon. */
static void test_changed_count (void) {
  g_autoptr (Practice) practice = with_stock ();
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (TamboStockCount) count =
      take_count (practice, (TamboStockCounting){ .kind = "card" }, "C001");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tambo_store_dup_setting (store, "stock-count-card", &error);
  char *number = strstr (text, "C004");

  number[3] = '5';
  g_assert_true (tambo_store_set_setting (store, "stock-count-card", text, &error));
  g_assert_null (tambo_day_closing_prepare (practice->station, &error));
  g_assert_nonnull (error);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/stock/assign", test_assign);
  g_test_add_func ("/station/stock/assign/refuses", test_assign_refuses);
  g_test_add_func ("/station/stock/count", test_count_adds_up);
  g_test_add_func ("/station/stock/count/differs", test_count_names_what_differs);
  g_test_add_func ("/station/stock/count/keeper", test_count_of_a_keeper);
  g_test_add_func ("/station/stock/count/closing", test_closing_tells);
  g_test_add_func ("/station/stock/count/changed", test_changed_count);
  return g_test_run ();
}
