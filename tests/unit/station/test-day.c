/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figures of a day, and its closing: what adds up, and what does not and is named.
 */
#include "practice-station.h"

#include "station/closing-sheet.h"
#include "station/day-closing.h"
#include "station/desk-status.h"
#include "station/enrol.h"
#include "station/parked.h"
#include "station/stock-desk.h"
#include "station/stock-figures.h"
#include "store/stock.h"

static void receive (Practice *practice, const char *kind, const char *first, const char *last) {
  g_autoptr (GError) error = NULL;
  guint count;

  sign_in (practice, "supervisor");
  bring_second (practice, "deputy");
  tambo_stock_desk_receive (practice->station, kind, NULL, first, last, &count, &error);
  g_assert_no_error (error);
}

static void spoil (Practice *practice, const char *number) {
  g_autoptr (GError) error = NULL;

  bring_second (practice, "deputy");
  tambo_stock_desk_spoil (practice->station, number, "bent", &error);
  g_assert_no_error (error);
}

static TamboEnrolment *begin (Practice *practice) {
  g_autoptr (GError) error = NULL;
  TamboEnrolment *enrolment =
      tambo_enrol_begin (practice->station, "foreigner-card", NULL, MRZ_LINES, NULL, &error);

  g_assert_no_error (error);
  return enrolment;
}

static TamboDayClosing *prepare (Practice *practice) {
  g_autoptr (GError) error = NULL;
  TamboDayClosing *closing = tambo_day_closing_prepare (practice->station, &error);

  g_assert_no_error (error);
  return closing;
}

static const TamboGap *find_gap (const TamboDayClosing *closing, TamboGapKind kind) {
  for (guint i = 0; i < closing->gaps->len; i++) {
    const TamboGap *gap = closing->gaps->pdata[i];
    if (gap->kind == kind)
      return gap;
  }
  return NULL;
}

static char *close_day (Practice *practice, const TamboDayClosing *closing) {
  g_autoptr (GError) error = NULL;
  char *path = tambo_day_closing_sign (practice->station, closing, "counted twice", &error);

  g_assert_no_error (error);
  return path;
}

static void test_figures (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *midnight = tambo_day_dup_midnight (now);
  g_autoptr (GError) error = NULL;
  TamboDay day;

  receive (practice, "card", "C001", "C020");
  spoil (practice, "C003");
  g_assert_true (tambo_day_read (practice->station, midnight, &day, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (day.begun, ==, 1);
  g_assert_cmpuint (day.sealed, ==, 0);
  g_assert_cmpuint (day.blanks_received, ==, 20);
  g_assert_cmpuint (day.blanks_spoiled, ==, 1);
  g_assert_true (tambo_day_read (practice->station, "2999-01-01T00:00:00Z", &day, &error));
  g_assert_cmpuint (day.begun, ==, 0);
}

static void test_range (void) {
  g_assert_cmpuint (tambo_day_count_range ("P001..P100"), ==, 100);
  g_assert_cmpuint (tambo_day_count_range ("P7..P7"), ==, 1);
  g_assert_cmpuint (tambo_day_count_range ("P7"), ==, 0);
  g_assert_cmpuint (tambo_day_count_range ("P9..P7"), ==, 0);
}

static void test_status (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  TamboDeskStatus status;

  g_assert_true (tambo_desk_status_read (practice->station, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (status.waiting, ==, 0);
  g_assert_cmpuint (status.approvals, ==, 0);
  g_assert_cmpuint (status.cases_left, >, 0);
}

static void test_parked (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drafts =
      tambo_parked_list (practice->station, TAMBO_CASE_DRAFT, 10, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (drafts->len, ==, 1);
  g_assert_cmpstr (((TamboParked *) drafts->pdata[0])->name, ==, "ERIKSSON, ANNA MARIA");
  g_autoptr (GPtrArray) none = tambo_parked_list (practice->station, TAMBO_CASE_DRAFT, 0, &error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void test_stock_figures (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;

  receive (practice, "card", "C001", "C014");
  spoil (practice, "C001");
  spoil (practice, "C002");
  g_autoptr (TamboStockFigures) figures = tambo_stock_figures_read (practice->station, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (figures->kinds->len, ==, 1);
  const TamboStockKind *kind = figures->kinds->pdata[0];
  g_assert_cmpuint (kind->count[TAMBO_BLANK_IN_STOCK], ==, 12);
  g_assert_cmpuint (kind->used[TAMBO_STOCK_DAYS - 1], ==, 2);
  g_assert_cmpint (kind->days_left, ==, 6);
  g_assert_false (tambo_stock_kind_is_low (kind));
  g_assert_cmpuint (figures->movements->len, ==, 3);
  g_assert_cmpstr (((TamboAuditEntry *) figures->movements->pdata[0])->subject, ==, "C002");

  spoil (practice, "C003");
  spoil (practice, "C004");
  spoil (practice, "C005");
  g_autoptr (TamboStockFigures) later = tambo_stock_figures_read (practice->station, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_stock_kind_is_low (later->kinds->pdata[0]));
}

/* What was there at the last closing is where the next one begins. */
static void test_closing_adds_up (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);

  receive (practice, "card", "C001", "C020");
  g_autoptr (TamboDayClosing) first = prepare (practice);
  g_assert_cmpuint (first->gaps->len, ==, 0);
  g_assert_cmpstr (first->previous, ==, "");
  g_autofree char *path = close_day (practice, first);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  assert_audit (practice->station, "supervisor", "day.close");

  spoil (practice, "C001");
  g_autoptr (TamboDayClosing) second = prepare (practice);
  const TamboClosingStock *stock = second->stock->pdata[0];
  g_assert_cmpuint (second->gaps->len, ==, 0);
  g_assert_cmpstr (second->from, ==, first->to);
  g_assert_cmpint ((int) strlen (second->previous), ==, 64);
  g_assert_cmpuint (stock->at_start, ==, 20);
  g_assert_cmpuint (stock->received, ==, 0);
  g_assert_cmpuint (stock->spoiled, ==, 1);
  g_assert_cmpuint (stock->at_end, ==, 19);
}

static void test_closing_names_what_is_open (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;

  receive (practice, "card", "C001", "C020");
  g_autoptr (TamboDayClosing) first = prepare (practice);
  g_assert_nonnull (find_gap (first, TAMBO_GAP_DRAFT));
  g_assert_cmpuint (first->drafts, ==, 1);
  g_autofree char *path = close_day (practice, first);

  /* Two blanks vanish without an act; the log of one act is all that is left of a record. */
  g_autofree char *taken = tambo_stock_take (store, "card", NULL, "order-1", "clerk", &error);
  g_assert_cmpstr (taken, ==, "C001");
  g_assert_true (tambo_audit_append (store, "clerk", "stock.issued", "C009", NULL, &error));
  g_assert_true (
      tambo_audit_append (store, "clerk", "record.seal", "no such record", NULL, &error));
  g_autoptr (TamboDayClosing) second = prepare (practice);
  const TamboGap *blanks = find_gap (second, TAMBO_GAP_BLANKS);
  g_assert_nonnull (blanks);
  g_assert_cmpstr (blanks->about, ==, "card");
  g_assert_cmpuint (blanks->expected, ==, 19);
  g_assert_cmpuint (blanks->found, ==, 20);
  g_assert_cmpstr (find_gap (second, TAMBO_GAP_BLANK_IN_WORK)->about, ==, "C001");
  g_assert_cmpstr (find_gap (second, TAMBO_GAP_RECORD_LOST)->about, ==, "no such record");
}

/* On paper is what was signed last. */
static void test_closing_on_paper (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;

  receive (practice, "card", "C001", "C020");
  g_assert_null (tambo_closing_sheet_draw (practice->station, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_autoptr (TamboDayClosing) closing = prepare (practice);
  g_autofree char *path = close_day (practice, closing);
  g_autoptr (GBytes) first = tambo_closing_sheet_draw (practice->station, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (first), >, 1000);
  g_assert_cmpmem (g_bytes_get_data (first, NULL), 5, "%PDF-", 5);

  sign_in (practice, "clerk");
  g_assert_null (tambo_closing_sheet_draw (practice->station, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
}

static void test_closing_of_a_clerk (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboDayClosing) closing = prepare (practice);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_day_closing_sign (practice->station, closing, "", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
}

/* A closing that somebody changed is not built upon. */
static void test_changed_closing (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;

  sign_in (practice, "supervisor");
  g_autoptr (TamboDayClosing) closing = prepare (practice);
  g_autofree char *path = close_day (practice, closing);
  g_autofree char *text = tambo_store_dup_setting (store, "day-closing", &error);
  char *figure = strstr (text, "counted twice");
  g_assert_nonnull (figure);
  figure[0] = 'C';
  g_assert_true (tambo_store_set_setting (store, "day-closing", text, &error));
  g_assert_null (tambo_day_closing_prepare (practice->station, &error));
  g_assert_nonnull (error);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/day/figures", test_figures);
  g_test_add_func ("/station/day/range", test_range);
  g_test_add_func ("/station/day/status", test_status);
  g_test_add_func ("/station/day/parked", test_parked);
  g_test_add_func ("/station/day/stock", test_stock_figures);
  g_test_add_func ("/station/closing/adds-up", test_closing_adds_up);
  g_test_add_func ("/station/closing/open", test_closing_names_what_is_open);
  g_test_add_func ("/station/closing/on-paper", test_closing_on_paper);
  g_test_add_func ("/station/closing/clerk", test_closing_of_a_clerk);
  g_test_add_func ("/station/closing/changed", test_changed_closing);
  return g_test_run ();
}
