/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice-station.h"

#include "station/audit-desk.h"
#include "station/stock-desk.h"

static void test_folder_is_private (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  GStatBuf info;

  g_assert_cmpint (g_stat (practice->folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  const char *const names[] = { "station.key", "store.db", "station.json" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (practice->folder, names[i], NULL);
    g_assert_cmpint (g_stat (path, &info), ==, 0);
    g_assert_cmpint (info.st_mode & 077, ==, 0);
  }
}

static void test_made_once (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autofree char *ca = g_build_filename (practice->folder, "ca.pem", NULL);
  TamboStationMaking making = {
    .folder = practice->folder,
    .code = "MIG-TEST-02",
    .url = "https://127.0.0.1:1",
    .ca_file = ca,
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_station_make (&making, NULL, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_EXISTS);
  g_assert_cmpstr (tambo_station_get_code (practice->station), ==, "MIG-TEST-01");
  g_assert_cmpstr (tambo_station_get_institution (practice->station), ==, "MIG");
}

static void test_first_operator_is_supervisor (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *root = g_dir_make_tmp ("tambo-station-XXXXXX", &error);
  g_autoptr (TamboStation) station = make_station (root);
  g_autoptr (GBytes) password = tambo_secret_new (PASSWORD, strlen (PASSWORD));

  g_assert_false (tambo_operator_desk_add (station, "clerk", TAMBO_ROLE_CLERK, password, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", root);
  g_assert_cmpint (system (command), ==, 0);
}

/* Blanks coded for another institution are accounted for and never used. */
static void test_foreign_blanks_are_quarantined (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (GError) error = NULL;
  guint count;

  sign_in (practice, "supervisor");
  bring_second (practice, "deputy");
  tambo_stock_desk_receive (practice->station, "passport", "RREE", "R0001", "R0010", &count,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, 10);
  g_autoptr (GPtrArray) rows = tambo_stock_desk_list (practice->station, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 10);
  for (guint i = 0; i < rows->len; i++) {
    const TamboBlankRow *row = g_ptr_array_index (rows, i);
    g_assert_cmpint (row->state, ==, TAMBO_BLANK_QUARANTINED);
  }
}

static void test_audit_holds (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  gint64 entries, countersigned;

  g_assert_true (tambo_audit_desk_verify (practice->station, &entries, &countersigned, &error));
  g_assert_no_error (error);
  g_assert_cmpint (entries, >=, 3);
  g_assert_cmpint (countersigned, ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/folder-is-private", test_folder_is_private);
  g_test_add_func ("/station/made-once", test_made_once);
  g_test_add_func ("/station/first-operator", test_first_operator_is_supervisor);
  g_test_add_func ("/station/foreign-blanks", test_foreign_blanks_are_quarantined);
  g_test_add_func ("/station/audit", test_audit_holds);
  return g_test_run ();
}
