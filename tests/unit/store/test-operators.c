/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operators.h"

#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/crypto.h"
#include "desk.h"
#include "store/audit.h"

static gboolean add (Desk *desk, const char *id, const char *text, GError **error) {
  g_autoptr (GBytes) password = desk_password (text);

  return tambo_operators_add (desk->store, id, TAMBO_ROLE_CLERK, password, DESK_OPERATOR, error);
}

static void assert_sign_in_fails (Desk *desk, const char *id, const char *text,
                                  TamboStoreError code) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = desk_password (text);
  g_autoptr (TamboOperatorRow) row =
      tambo_operators_sign_in (desk->store, id, password, NULL, &error);

  g_assert_null (row);
  g_assert_error (error, TAMBO_STORE_ERROR, (int) code);
}

static void assert_signs_in (Desk *desk, const char *id, const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = desk_password (text);
  g_autoptr (TamboOperatorRow) row =
      tambo_operators_sign_in (desk->store, id, password, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (row->id, ==, id);
  g_assert_cmpint (row->failures, ==, 0);
  g_assert_true (tambo_store_is_unlocked (desk->store));
}

/* The clocks of this process: one that anybody sets, and one that nobody sets. */
static gint64 clock_offset, uptime_is;

int clock_gettime (clockid_t clock, struct timespec *out_time) {
  int result = (int) syscall (SYS_clock_gettime, clock, out_time);

  if (clock == CLOCK_REALTIME)
    out_time->tv_sec += clock_offset;
  else if (clock == CLOCK_BOOTTIME && uptime_is != 0)
    out_time->tv_sec = uptime_is;
  return result;
}

int gettimeofday (struct timeval *out_time, void *zone) {
  int result = (int) syscall (SYS_gettimeofday, out_time, zone);

  out_time->tv_sec += clock_offset;
  return result;
}

static void let_wait_pass (Desk *desk) {
  desk_write (desk, "UPDATE operators SET retry_at = 0");
}

static void test_roles (void) {
  static const char *const names[] = { "clerk", "supervisor", "technician", "auditor" };
  TamboRole role = TAMBO_ROLE_CLERK;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_assert_true (tambo_role_from_string (names[i], &role));
    g_assert_cmpint (role, ==, 1 << i);
    g_assert_cmpstr (tambo_role_to_string (role), ==, names[i]);
  }
  g_assert_false (tambo_role_from_string ("king", &role));
}

static void test_every_operator_opens_the_same_key (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plaintext = g_bytes_new ("draft", 5);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) opened = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  desk_init (&desk);
  g_assert_true (add (&desk, "b.second_2", "battery staple", &error));
  sealed = tambo_store_seal (desk.store, "x", plaintext, &error);
  g_clear_pointer (&desk.store, tambo_store_close);
  desk.store = desk_open_again (&desk);
  g_assert_false (tambo_store_is_unlocked (desk.store));
  assert_signs_in (&desk, "b.second_2", "battery staple");
  opened = tambo_store_unseal (desk.store, "x", sealed, &error);
  g_assert_true (g_bytes_equal (opened, plaintext));

  rows = tambo_operators_list (desk.store, &error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (((TamboOperatorRow *) rows->pdata[0])->id, ==, "b.second_2");
  g_assert_cmpint (((TamboOperatorRow *) rows->pdata[0])->role, ==, TAMBO_ROLE_CLERK);
  g_assert_cmpint (((TamboOperatorRow *) rows->pdata[1])->role, ==, TAMBO_ROLE_SUPERVISOR);
  desk_assert_audit (&desk, "operator.add", 2);
  desk_assert_audit (&desk, "operator.sign-in", 1);
}

static void test_add_refuses (void) {
  static const char *const bad_ids[] = { "",    "Anna", "a b",
                                         "a/b", "ñ",    "abcdefghijklmnopqrstuvwxyz0123456" };
  g_auto (Desk) desk = { 0 };
  g_autoptr (GBytes) password = desk_password ("battery staple");
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_ids); i++) {
    g_assert_false (add (&desk, bad_ids[i], "battery staple", &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
    g_clear_error (&error);
  }
  g_assert_false (add (&desk, "short", "1234567", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (add (&desk, DESK_OPERATOR, "battery staple", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (tambo_operators_add (desk.store, "two-roles",
                                       TAMBO_ROLE_CLERK | TAMBO_ROLE_AUDITOR, password,
                                       DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  g_clear_error (&error);
  tambo_store_lock (desk.store);
  g_assert_false (add (&desk, "second", "battery staple", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
}

static void test_cost_is_a_setting (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_cmpint (
      desk_count (&desk, "SELECT CAST (10 = unhex AS TEXT) FROM (SELECT"
                         " instr ('0123456789ABCDEF', substr (hex (wrapping), 2, 1)) - 1 AS unhex"
                         " FROM operators)"),
      ==, 1);
  g_assert_true (tambo_store_set_setting (desk.store, "scrypt-log2-n", "40", &error));
  g_assert_false (add (&desk, "second", "battery staple", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
}

static void test_wrong_password (void) {
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  tambo_store_lock (desk.store);
  assert_sign_in_fails (&desk, DESK_OPERATOR, "wrong password", TAMBO_STORE_ERROR_PASSWORD);
  assert_sign_in_fails (&desk, "nobody", DESK_PASSWORD, TAMBO_STORE_ERROR_PASSWORD);
  g_assert_false (tambo_store_is_unlocked (desk.store));
  assert_signs_in (&desk, DESK_OPERATOR, DESK_PASSWORD);
  desk_assert_audit (&desk, "operator.sign-in-failed", 2);
}

/* Somebody who types a password into the field of the name does not find it in the log. */
static void test_unknown_names_are_not_logged (void) {
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  assert_sign_in_fails (&desk, "mysecretword", "mysecretword", TAMBO_STORE_ERROR_PASSWORD);
  g_assert_cmpint (desk_count (&desk, "SELECT CAST (count (*) AS TEXT) FROM audit_entries"
                                      " WHERE entry LIKE '%mysecret%'"),
                   ==, 0);
}

static gint64 cpu_time (void) {
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* As much work as for somebody who exists: scrypt ran in both. */
static void test_unknown_names_take_as_long (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 start, known, unknown;

  desk_init (&desk);
  g_assert_true (tambo_store_set_setting (desk.store, "scrypt-log2-n", "16", &error));
  g_assert_true (add (&desk, "second", "battery staple", &error));
  start = cpu_time ();
  assert_sign_in_fails (&desk, "second", "wrong password", TAMBO_STORE_ERROR_PASSWORD);
  known = cpu_time () - start;
  start = cpu_time ();
  assert_sign_in_fails (&desk, "nobody", "wrong password", TAMBO_STORE_ERROR_PASSWORD);
  unknown = cpu_time () - start;
  g_assert_cmpint (unknown, >, known / 4);
}

static gint64 uptime (void) {
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec;
}

/* Three tries are free; then each costs twice the wait of the one before, and the count outlives
 * the program. */
static void test_delay_grows (void) {
  g_auto (Desk) desk = { 0 };
  gint64 expected = 2;

  desk_init (&desk);
  for (int i = 0; i < 3; i++)
    assert_sign_in_fails (&desk, DESK_OPERATOR, "wrong password", TAMBO_STORE_ERROR_PASSWORD);
  for (int i = 4; i < 18; i++) {
    gint64 before = uptime ();
    gint64 retry_at;

    assert_sign_in_fails (&desk, DESK_OPERATOR, "wrong password", TAMBO_STORE_ERROR_PASSWORD);
    retry_at = desk_count (&desk, "SELECT CAST (retry_at AS TEXT) FROM operators");
    g_assert_cmpint (retry_at, >=, before + expected);
    g_assert_cmpint (retry_at, <=, uptime () + expected);
    g_clear_pointer (&desk.store, tambo_store_close);
    desk.store = desk_open_again (&desk);
    /* Not even the right one, and without being counted. A slow machine outlasts the short
     * waits. */
    if (expected >= 64)
      assert_sign_in_fails (&desk, DESK_OPERATOR, DESK_PASSWORD, TAMBO_STORE_ERROR_DISABLED);
    g_assert_cmpint (desk_count (&desk, "SELECT CAST (failures AS TEXT) FROM operators"), ==, i);
    let_wait_pass (&desk);
    expected = MIN (expected * 2, 900);
  }
  assert_signs_in (&desk, DESK_OPERATOR, DESK_PASSWORD);
  g_assert_cmpint (desk_count (&desk, "SELECT CAST (failures AS TEXT) FROM operators"), ==, 0);
}

static void fail_often (Desk *desk, int failures) {
  for (int i = 0; i < failures; i++) {
    assert_sign_in_fails (desk, DESK_OPERATOR, "wrong password", TAMBO_STORE_ERROR_PASSWORD);
    if (i + 1 < failures)
      let_wait_pass (desk);
  }
}

/* Back, or forward past the end of the wait: neither makes it shorter or longer. */
static void test_delay_with_a_clock_set (void) {
  static const gint64 days[] = { -3650, -1, 1, 3650 };
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  fail_often (&desk, 12);
  for (gsize i = 0; i < G_N_ELEMENTS (days); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboOperatorRow) row = NULL;

    clock_offset = days[i] * 86400;
    row = tambo_operators_get (desk.store, DESK_OPERATOR, &error);
    g_assert_no_error (error);
    g_assert_cmpint (row->wait, >, 500);
    g_assert_cmpint (row->wait, <=, 512);
    assert_sign_in_fails (&desk, DESK_OPERATOR, DESK_PASSWORD, TAMBO_STORE_ERROR_DISABLED);
  }
  clock_offset = 0;
}

/* The wait begins anew with the system's next run, and ends in it. */
static void test_delay_after_a_restart (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOperatorRow) early = NULL, late = NULL;

  desk_init (&desk);
  fail_often (&desk, 12);
  desk_write (&desk, "UPDATE operators SET retry_boot = 'another run'");
  uptime_is = 100;
  early = tambo_operators_get (desk.store, DESK_OPERATOR, &error);
  g_assert_cmpint (early->wait, ==, 412);
  tambo_store_lock (desk.store);
  assert_sign_in_fails (&desk, DESK_OPERATOR, DESK_PASSWORD, TAMBO_STORE_ERROR_DISABLED);
  uptime_is = 512;
  late = tambo_operators_get (desk.store, DESK_OPERATOR, &error);
  g_assert_cmpint (late->wait, ==, 0);
  assert_signs_in (&desk, DESK_OPERATOR, DESK_PASSWORD);
  uptime_is = 0;
}

static void test_unlock (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  fail_often (&desk, 12);
  assert_sign_in_fails (&desk, DESK_OPERATOR, DESK_PASSWORD, TAMBO_STORE_ERROR_DISABLED);
  g_assert_true (tambo_operators_unlock (desk.store, DESK_OPERATOR, "berta", &error));
  assert_signs_in (&desk, DESK_OPERATOR, DESK_PASSWORD);
  g_assert_false (tambo_operators_unlock (desk.store, "nobody", "berta", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  desk_assert_audit (&desk, "operator.unlock", 1);
}

static gboolean change (Desk *desk, const char *id, const char *from, const char *to,
                        GError **error) {
  g_autoptr (GBytes) password = desk_password (from);
  g_autoptr (GBytes) new_password = desk_password (to);

  return tambo_operators_change_password (desk->store, id, password, new_password, error);
}

/* What somebody else has chosen is good for choosing another one, and for nothing else. */
static void test_first_password (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = desk_password ("battery staple");

  desk_init (&desk);
  g_assert_true (tambo_operators_invite (desk.store, "second", TAMBO_ROLE_CLERK, first,
                                         DESK_OPERATOR, &error));
  tambo_store_lock (desk.store);
  assert_sign_in_fails (&desk, "second", "battery staple", TAMBO_STORE_ERROR_FIRST_PASSWORD);
  g_assert_null (tambo_operators_check (desk.store, "second", first, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FIRST_PASSWORD);
  g_clear_error (&error);
  g_assert_false (tambo_store_is_unlocked (desk.store));
  g_assert_false (change (&desk, "second", "wrong password", "new password", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD);
  g_clear_error (&error);
  g_assert_false (change (&desk, "second", "battery staple", "battery staple", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (change (&desk, "second", "battery staple", "short", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  g_clear_error (&error);
  assert_sign_in_fails (&desk, "second", "battery staple", TAMBO_STORE_ERROR_FIRST_PASSWORD);

  g_assert_true (change (&desk, "second", "battery staple", "horse battery", &error));
  g_assert_false (tambo_store_is_unlocked (desk.store));
  assert_sign_in_fails (&desk, "second", "battery staple", TAMBO_STORE_ERROR_PASSWORD);
  assert_signs_in (&desk, "second", "horse battery");

  g_assert_true (
      tambo_operators_set_password (desk.store, "second", first, TRUE, DESK_OPERATOR, &error));
  assert_sign_in_fails (&desk, "second", "battery staple", TAMBO_STORE_ERROR_FIRST_PASSWORD);
  desk_assert_audit (&desk, "operator.first-password", 1);
  desk_assert_audit (&desk, "operator.password", 1);
}

/* A second person proves who it is; the store stays as it was. */
static void test_check_unlocks_nothing (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);
  g_autoptr (GBytes) wrong = desk_password ("wrong password");
  g_autoptr (TamboOperatorRow) row = NULL;

  desk_init (&desk);
  tambo_store_lock (desk.store);
  row = tambo_operators_check (desk.store, DESK_OPERATOR, password, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (row->id, ==, DESK_OPERATOR);
  g_assert_false (tambo_store_is_unlocked (desk.store));
  for (int i = 1; i <= 4; i++) {
    g_assert_null (tambo_operators_check (desk.store, DESK_OPERATOR, wrong, &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD);
    g_clear_error (&error);
  }
  g_assert_null (tambo_operators_check (desk.store, DESK_OPERATOR, password, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_DISABLED);
}

static void test_role_changes (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOperatorRow) row = NULL;

  desk_init (&desk);
  g_assert_true (
      tambo_operators_set_role (desk.store, DESK_OPERATOR, TAMBO_ROLE_AUDITOR, "a+b", &error));
  row = tambo_operators_get (desk.store, DESK_OPERATOR, &error);
  g_assert_cmpint (row->role, ==, TAMBO_ROLE_AUDITOR);
  g_assert_false (tambo_operators_set_role (desk.store, DESK_OPERATOR, 3, "a+b", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  desk_assert_audit (&desk, "operator.role", 1);
}

static void test_disabled (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (add (&desk, "second", "battery staple", &error));
  g_assert_true (tambo_operators_set_disabled (desk.store, "second", TRUE, DESK_OPERATOR, &error));
  tambo_store_lock (desk.store);
  assert_sign_in_fails (&desk, "second", "battery staple", TAMBO_STORE_ERROR_DISABLED);
  assert_sign_in_fails (&desk, "second", "wrong password", TAMBO_STORE_ERROR_PASSWORD);
  g_assert_false (tambo_store_is_unlocked (desk.store));
  g_assert_true (tambo_operators_set_disabled (desk.store, "second", FALSE, DESK_OPERATOR, &error));
  assert_signs_in (&desk, "second", "battery staple");
  g_assert_false (tambo_operators_set_disabled (desk.store, "nobody", TRUE, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  desk_assert_audit (&desk, "operator.disable", 1);
  desk_assert_audit (&desk, "operator.enable", 1);
}

static void test_new_password (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = desk_password ("another horse");

  desk_init (&desk);
  g_assert_true (tambo_operators_set_password (desk.store, DESK_OPERATOR, password, FALSE,
                                               DESK_OPERATOR, &error));
  g_assert_false (
      tambo_operators_set_password (desk.store, "nobody", password, FALSE, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  tambo_store_lock (desk.store);
  g_assert_false (tambo_operators_set_password (desk.store, DESK_OPERATOR, password, FALSE,
                                                DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
  assert_sign_in_fails (&desk, DESK_OPERATOR, DESK_PASSWORD, TAMBO_STORE_ERROR_PASSWORD);
  assert_signs_in (&desk, DESK_OPERATOR, "another horse");
}

/* One operator's wrapping does not open under another one's name. */
static void test_wrapping_is_bound_to_its_operator (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (add (&desk, "second", "battery staple", &error));
  desk_write (&desk, "UPDATE operators SET (wrapping, sha256) ="
                     " (SELECT wrapping, sha256 FROM operators WHERE id = 'second')");
  assert_sign_in_fails (&desk, DESK_OPERATOR, "battery staple", TAMBO_STORE_ERROR_PASSWORD);
}

static void test_sign_in_is_no_part_of_a_transaction (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTransaction) transaction = NULL;

  desk_init (&desk);
  transaction = tambo_transaction_begin (desk.store, &error);
  assert_sign_in_fails (&desk, DESK_OPERATOR, DESK_PASSWORD, TAMBO_STORE_ERROR_STATE);
}

/* The cheapest of three, in processor time: whoever else uses the computer does not count. */
static gint64 cost_of (guint log2_n) {
  g_autoptr (GBytes) password = desk_password ("calibration");
  g_autoptr (GBytes) salt = tambo_random_bytes (16);
  gint64 cheapest = G_MAXINT64;

  for (int i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    gint64 start = cpu_time ();
    g_autoptr (GBytes) key = tambo_scrypt (password, salt, log2_n, &error);

    g_assert_no_error (error);
    cheapest = MIN (cheapest, cpu_time () - start);
  }
  return cheapest;
}

/* What `init` measured is what stands in each wrapping, and what a try costs: about 300 ms of this
 * computer, and never less than the least. */
static void test_calibration (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gint64 cost, eighth;
  guint log2_n;

  desk_init (&desk);
  g_assert_true (tambo_operators_calibrate (desk.store, &error));
  text = tambo_store_dup_setting (desk.store, "scrypt-log2-n", &error);
  log2_n = (guint) g_ascii_strtoull (text, NULL, 10);
  g_assert_cmpuint (log2_n, >=, 16);
  g_assert_cmpuint (log2_n, <=, 19);
  g_assert_true (add (&desk, "second", "battery staple", &error));
  g_assert_cmpint (desk_count (&desk, "SELECT CAST (instr ('0123456789ABCDEF',"
                                      " substr (hex (wrapping), 1, 1)) * 16 - 16"
                                      " + instr ('0123456789ABCDEF',"
                                      " substr (hex (wrapping), 2, 1)) - 1 AS TEXT)"
                                      " FROM operators WHERE id = 'second'"),
                   ==, log2_n);
  cost = cost_of (log2_n);
  eighth = cost_of (log2_n - 3);
  g_test_message ("log2 N = %u: %" G_GINT64_FORMAT " ms, %.1f times as much as for 3 less", log2_n,
                  cost / 1000, (double) cost / (double) eighth);
  g_assert_cmpint (cost, >=, 5 * eighth);
  g_assert_cmpint (cost, <=, 14 * eighth);
  if (log2_n > 16)
    g_assert_cmpint (cost, >=, 100 * 1000);
  if (log2_n < 19)
    g_assert_cmpint (cost, <=, 900 * 1000);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/operators/roles", test_roles);
  g_test_add_func ("/operators/same-key", test_every_operator_opens_the_same_key);
  g_test_add_func ("/operators/add-refuses", test_add_refuses);
  g_test_add_func ("/operators/cost", test_cost_is_a_setting);
  g_test_add_func ("/operators/wrong-password", test_wrong_password);
  g_test_add_func ("/operators/unknown/log", test_unknown_names_are_not_logged);
  g_test_add_func ("/operators/unknown/time", test_unknown_names_take_as_long);
  g_test_add_func ("/operators/delay/grows", test_delay_grows);
  g_test_add_func ("/operators/delay/clock", test_delay_with_a_clock_set);
  g_test_add_func ("/operators/delay/restart", test_delay_after_a_restart);
  g_test_add_func ("/operators/delay/unlock", test_unlock);
  g_test_add_func ("/operators/first-password", test_first_password);
  g_test_add_func ("/operators/check", test_check_unlocks_nothing);
  g_test_add_func ("/operators/role-changes", test_role_changes);
  g_test_add_func ("/operators/disabled", test_disabled);
  g_test_add_func ("/operators/new-password", test_new_password);
  g_test_add_func ("/operators/bound", test_wrapping_is_bound_to_its_operator);
  g_test_add_func ("/operators/transaction", test_sign_in_is_no_part_of_a_transaction);
  g_test_add_func ("/operators/calibration", test_calibration);
  return g_test_run ();
}
