/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each role and each operation: who is refused is refused by the use case itself, below any window.
 */
#include "practice-station.h"

#include "station/backup.h"
#include "station/case-desk.h"
#include "station/deliver.h"
#include "station/enrol.h"
#include "station/headquarters.h"
#include "station/issue.h"
#include "station/retention.h"
#include "station/station-private.h"
#include "station/stock-count.h"
#include "station/stock-desk.h"

/* In the order of the roles' bits; each is one operator, too. */
static const char *const people[] = { "clerk", "supervisor", "technician", "auditor" };

/* ---- the use cases, so that they fail for some other reason when they are allowed ---- */

static GBytes *secret (void) {
  return tambo_secret_new (PASSWORD, strlen (PASSWORD));
}

static void capture (TamboStation *station, GError **error) {
  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrol_begin (station, "no such procedure", NULL, NULL, NULL, error);
}

static void search (TamboStation *station, GError **error) {
  g_autoptr (GPtrArray) rows = tambo_case_desk_search (station, "nobody", error);
}

static void approve (TamboStation *station, GError **error) {
  tambo_case_desk_approve (station, "no such case", error);
}

static void approve_here (TamboStation *station, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_APPROVE_HERE, error);
}

static void discard (TamboStation *station, GError **error) {
  tambo_case_desk_discard (station, "no such case", error);
}

static void retry (TamboStation *station, GError **error) {
  tambo_headquarters_retry (station, "no such record", error);
}

static void read_order (TamboStation *station, GError **error) {
  g_autoptr (TamboOrder) order = tambo_headquarters_open_order (station, "no such order", error);
}

static void issue (TamboStation *station, GError **error) {
  TamboIssueRequest request = { .order_id = "no such order" };
  g_auto (TamboIssuance) issuance = { 0 };

  tambo_issue (station, &request, NULL, &issuance, error);
}

static void deliver (TamboStation *station, GError **error) {
  g_autoptr (TamboDelivery) delivery = tambo_delivery_begin (station, "no such order", error);
}

static void receive (TamboStation *station, GError **error) {
  guint count;

  tambo_stock_desk_receive (station, "card", NULL, "no number", "C2", &count, error);
}

static void assign (TamboStation *station, GError **error) {
  tambo_stock_desk_assign (station, "C999", "C999", NULL, NULL, error);
}

static void reconcile (TamboStation *station, GError **error) {
  g_autoptr (GPtrArray) numbers = g_ptr_array_new ();
  const TamboStockCounting counting = { .remark = "", .numbers = numbers };
  g_autoptr (TamboStockCount) count = tambo_stock_count_take (station, &counting, error);
}

static void spoil (TamboStation *station, GError **error) {
  tambo_stock_desk_spoil (station, "C999", "test", error);
}

static void put_back (TamboStation *station, GError **error) {
  tambo_stock_desk_return (station, "C999", "test", error);
}

static void back_up (TamboStation *station, GError **error) {
  g_autoptr (GBytes) password = secret ();

  tambo_backup_make (station, "/", password, error);
}

static void set_retention (TamboStation *station, GError **error) {
  tambo_retention_set_days (station, TAMBO_RETENTION_MAX_DAYS + 1, error);
}

static void rotate (TamboStation *station, GError **error) {
  tambo_operator_desk_rotate_key (station, error);
}

static void set_token (TamboStation *station, GError **error) {
  tambo_operator_desk_set_token (station, "no URI", NULL, error);
}

static void add (TamboStation *station, GError **error) {
  g_autoptr (GBytes) password = secret ();

  tambo_operator_desk_add (station, "clerk", TAMBO_ROLE_CLERK, password, error);
}

static void disable (TamboStation *station, GError **error) {
  tambo_operator_desk_disable (station, "nobody", error);
}

static void unlock (TamboStation *station, GError **error) {
  tambo_operator_desk_unlock (station, "nobody", error);
}

static void reset (TamboStation *station, GError **error) {
  g_autoptr (GBytes) password = tambo_secret_new ("short", 5);

  tambo_operator_desk_reset_password (station, "target", password, error);
}

static void set_role (TamboStation *station, GError **error) {
  tambo_operator_desk_set_role (station, "nobody", TAMBO_ROLE_SUPERVISOR, error);
}

/* ---- the table as it should be ---- */

typedef struct {
  TamboOperation operation;
  const char *who; /* first letters of the roles */
  const char *second;
  void (*run) (TamboStation *station, GError **error); /* NULL: needs no more than the table */
} Expected;

static const Expected expected[] = {
  { TAMBO_OPERATION_CASE_CAPTURE, "cs", "", capture },
  { TAMBO_OPERATION_CASE_SEARCH, "csa", "", search },
  { TAMBO_OPERATION_CASE_APPROVE, "s", "", approve },
  { TAMBO_OPERATION_CASE_APPROVE_HERE, "cs", "s", approve_here },
  { TAMBO_OPERATION_CASE_DISCARD, "cs", "", discard },
  { TAMBO_OPERATION_OUTBOX_RETRY, "s", "", retry },
  { TAMBO_OPERATION_ORDER_READ, "cs", "", read_order },
  { TAMBO_OPERATION_DOCUMENT_ISSUE, "cs", "", issue },
  { TAMBO_OPERATION_DOCUMENT_DELIVER, "cs", "", deliver },
  { TAMBO_OPERATION_DOCUMENT_DELIVER_BY_SIGHT, "cs", "s", NULL },
  { TAMBO_OPERATION_STOCK_RECEIVE, "s", "st", receive },
  { TAMBO_OPERATION_STOCK_ASSIGN, "s", "st", assign },
  { TAMBO_OPERATION_STOCK_RECONCILE, "csa", "st", reconcile },
  { TAMBO_OPERATION_STOCK_SPOIL, "s", "st", spoil },
  { TAMBO_OPERATION_STOCK_RETURN, "s", "st", put_back },
  { TAMBO_OPERATION_STATION_BACKUP, "s", "", back_up },
  { TAMBO_OPERATION_STATION_RESTORE, "s", "st", NULL },
  { TAMBO_OPERATION_STATION_RETENTION, "s", "", set_retention },
  { TAMBO_OPERATION_DAY_CLOSE, "s", "", NULL },
  { TAMBO_OPERATION_KEY_ROTATE, "st", "st", rotate },
  { TAMBO_OPERATION_KEY_TOKEN, "st", "st", set_token },
  { TAMBO_OPERATION_OPERATOR_ADD, "st", "", add },
  { TAMBO_OPERATION_OPERATOR_DISABLE, "s", "", disable },
  { TAMBO_OPERATION_OPERATOR_UNLOCK, "s", "", unlock },
  { TAMBO_OPERATION_OPERATOR_PASSWORD, "s", "", reset },
  { TAMBO_OPERATION_OPERATOR_TRUST, "s", "st", set_role },
  { TAMBO_OPERATION_OWN_PASSWORD, "csta", "", NULL },
  { TAMBO_OPERATION_OWN_FINGER, "csta", "", NULL },
};

static void permit (TamboStation *station, TamboOperation operation, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, operation, error);
}

/* Whether the role or the number of eyes is what stands in the way. */
static int verdict_of (Practice *practice, const Expected *row, gboolean by_table,
                       const char *second) {
  g_autoptr (GError) error = NULL;

  if (second != NULL)
    bring_second (practice, second);
  if (by_table || row->run == NULL)
    permit (practice->station, row->operation, &error);
  else
    row->run (practice->station, &error);
  if (g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE)
      || g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES))
    return error->code;
  return -1;
}

static void assert_verdict (Practice *practice, const Expected *row, const char *actor,
                            const char *second) {
  int wanted = -1;

  if (strchr (row->who, *actor) == NULL)
    wanted = TAMBO_STATION_ERROR_ROLE;
  else if (*row->second != '\0' && second == NULL)
    wanted = TAMBO_STATION_ERROR_FOUR_EYES;
  else if (*row->second != '\0' && strchr (row->second, *second) == NULL)
    wanted = TAMBO_STATION_ERROR_ROLE;
  g_test_message ("%s by %s, before %s", tambo_permission (row->operation)->name, actor,
                  second != NULL ? second : "nobody");
  g_assert_cmpint (verdict_of (practice, row, TRUE, second), ==, wanted);
  g_assert_cmpint (verdict_of (practice, row, FALSE, second), ==, wanted);
}

static void test_each_role_and_operation (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);

  sign_in (practice, "supervisor");
  bring_second (practice, "deputy");
  add_operator (practice, "technician", TAMBO_ROLE_TECHNICIAN);
  add_operator (practice, "auditor", TAMBO_ROLE_AUDITOR);
  add_operator (practice, "target", TAMBO_ROLE_CLERK);
  g_assert_cmpuint (G_N_ELEMENTS (expected), ==, TAMBO_N_OPERATIONS);
  for (gsize i = 0; i < G_N_ELEMENTS (people); i++) {
    sign_in (practice, people[i]);
    for (gsize j = 0; j < G_N_ELEMENTS (expected); j++) {
      g_assert_cmpint (expected[j].operation, ==, (int) j);
      assert_verdict (practice, &expected[j], people[i], NULL);
      for (gsize k = 0; *expected[j].second != '\0' && k < G_N_ELEMENTS (people); k++)
        if (k != i)
          assert_verdict (practice, &expected[j], people[i], people[k]);
      sign_in (practice, people[i]);
    }
  }
}

static void test_nobody (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);

  tambo_station_sign_out (practice->station);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autoptr (GError) error = NULL;

    if (expected[i].run != NULL)
      expected[i].run (practice->station, &error);
    else
      permit (practice->station, expected[i].operation, &error);
    g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN);
  }
}

/* Disabled or given another role at another desk: it counts at once here. */
static void test_rights_end_at_once (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;

  permit (practice->station, TAMBO_OPERATION_CASE_CAPTURE, &error);
  g_assert_no_error (error);
  g_assert_true (
      tambo_operators_set_role (store, "clerk", TAMBO_ROLE_AUDITOR, "elsewhere", &error));
  permit (practice->station, TAMBO_OPERATION_CASE_CAPTURE, &error);
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
  g_clear_error (&error);
  g_assert_true (tambo_operators_set_disabled (store, "clerk", TRUE, "elsewhere", &error));
  permit (practice->station, TAMBO_OPERATION_CASE_SEARCH, &error);
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN);
  g_assert_false (tambo_store_is_unlocked (store));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/permissions/each", test_each_role_and_operation);
  g_test_add_func ("/station/permissions/nobody", test_nobody);
  g_test_add_func ("/station/permissions/at-once", test_rights_end_at_once);
  return g_test_run ();
}
