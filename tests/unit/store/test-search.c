/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/hash.h"
#include "desk.h"
#include "store/cases.h"
#include "store/search-private.h"

static TamboEnrolment *add (Desk *desk, const char *surname, const char *given_names,
                            const char *number) {
  g_autoptr (GError) error = NULL;
  TamboEnrolment *enrolment = desk_specimen ();

  g_free (enrolment->applicant->surname);
  enrolment->applicant->surname = g_strdup (surname);
  g_free (enrolment->applicant->given_names);
  enrolment->applicant->given_names = g_strdup (given_names);
  g_free (enrolment->applicant->document_number);
  enrolment->applicant->document_number = g_strdup (number);
  tambo_cases_save (desk->store, enrolment, DESK_OPERATOR, &error);
  g_assert_no_error (error);
  return enrolment;
}

static guint found (Desk *desk, const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_cases_search (desk->store, text, &error);

  g_assert_no_error (error);
  return rows->len;
}

static void assert_found (Desk *desk, const char *text, const TamboEnrolment *enrolment) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_cases_search (desk->store, text, &error);

  g_assert_no_error (error);
  if (rows->len != 1)
    g_error ("'%s' finds %u cases", text, rows->len);
  g_assert_cmpstr (((TamboCaseRow *) rows->pdata[0])->id, ==, enrolment->id);
}

static void test_fold (void) {
  static const char *const same[][2] = {
    { "Müller", "MUELLER" },    { "Müller", "Muller" },       { "Mu\xcc\x88ller", "müller" },
    { "Strauß", "STRAUSS" },    { "Ångström", "Angstroem" },  { "Núñez", "NUNEZ" },
    { "Иванов", "Ivanov" },     { "Øster", "Oester" },        { "Lech Wałęsa", "lech walesa" },
    { "O'Higgins", "ohigins" }, { "AB 123-456", "ab123456" }, { "ÇELİK", "celik" },
  };
  static const char *const other[][2] = {
    { "Ivanov", "Ivanova" },
    { "AA100", "A100" },
    { "100", "1000" },
    { "1001", "101" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++) {
    g_autofree char *a = tambo_search_fold (same[i][0]);
    g_autofree char *b = tambo_search_fold (same[i][1]);

    g_assert_cmpstr (a, ==, b);
    g_assert_cmpuint (strlen (a), >, 2);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (other); i++) {
    g_autofree char *a = tambo_search_fold (other[i][0]);
    g_autofree char *b = tambo_search_fold (other[i][1]);

    g_assert_cmpstr (a, !=, b);
  }
  g_autofree char *arabic = tambo_search_fold ("محمد");
  g_assert_cmpstr (arabic, ==, "محمد");
  g_autofree char *none = tambo_search_fold ("\xff\xfe");
  g_assert_cmpstr (none, ==, "");
}

static void test_dates (void) {
  static const char *const dates[][2] = {
    { "1974-08-12", "1974-08-12" }, { "12.08.1974", "1974-08-12" },
    { "12/8/1974", "1974-08-12" },  { "1974-8-12", "1974-08-12" },
    { "12.08.74", NULL },           { "1974", NULL },
    { "1974-08-12x", NULL },        { "", NULL },
    { "L898902C3", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++) {
    g_autofree char *date = tambo_search_fold_date (dates[i][0]);

    g_assert_cmpstr (date, ==, dates[i][1]);
  }
}

static void test_found_by_everything (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) garcia = NULL, mueller = NULL;

  desk_init (&desk);
  garcia = add (&desk, "García-Márquez", "Gabriel José", "AB 123 456");
  mueller = add (&desk, "Müller", "Jürgen", "C01X00T47");
  const char *const words[] = { "garcia",   "MARQUEZ",    "García-Márquez",       "jose gabriel",
                                "AB123456", "ab-123-456", garcia->tracking_number };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    assert_found (&desk, words[i], garcia);
  g_autofree char *lower = g_ascii_strdown (mueller->tracking_number, -1);
  const char *const others[] = { "mueller", "Muller", "MÜLLER, Jurgen", "c01x00t47", lower };
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    assert_found (&desk, others[i], mueller);
  g_autofree char *today = g_strndup (mueller->created_at, 10);
  const char *const both[] = { "1974-08-12", "12/08/1974", "draft", today, "", "  " };
  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    g_assert_cmpuint (found (&desk, both[i]), ==, 2);
  assert_found (&desk, "muller draft 1974-08-12", mueller);
  const char *const none[] = { "garcia muller", "queued", "garc", "1974-08-13", "%", "' OR 1" };
  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    g_assert_cmpuint (found (&desk, none[i]), ==, 0);
}

static void test_follows_the_case (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = NULL, thrown_away = NULL;

  desk_init (&desk);
  enrolment = add (&desk, "Müller", "Anna", "X1");
  g_free (enrolment->applicant->surname);
  enrolment->applicant->surname = g_strdup ("Eriksson");
  g_assert_true (tambo_cases_save (desk.store, enrolment, DESK_OPERATOR, &error));
  g_assert_cmpuint (found (&desk, "muller"), ==, 0);
  assert_found (&desk, "eriksson", enrolment);

  g_assert_true (
      tambo_cases_set_state (desk.store, enrolment->id, TAMBO_CASE_QUEUED, DESK_OPERATOR, &error));
  desk_reopen (&desk);
  assert_found (&desk, "Eriksson anna", enrolment);
  assert_found (&desk, "eriksson queued", enrolment);
  g_assert_cmpuint (found (&desk, "eriksson draft"), ==, 0);

  thrown_away = add (&desk, "Ivanov", "Ivan", "X2");
  g_assert_true (tambo_cases_set_state (desk.store, thrown_away->id, TAMBO_CASE_DISCARDED,
                                        DESK_OPERATOR, &error));
  g_assert_cmpuint (found (&desk, "ivanov"), ==, 0);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM search_tokens"), >, 3);
  g_assert_true (tambo_store_verify (desk.store, &error));

  tambo_store_lock (desk.store);
  g_assert_null (tambo_cases_search (desk.store, "eriksson", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
}

/* Neither the word nor a hash that somebody without the key could make. */
static void test_disk_has_keyed_hashes_alone (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autofree char *before = NULL;

  desk_init (&desk);
  enrolment = add (&desk, "Eriksson", "Anna", "X1");
  const char *const guesses[] = { "w:erikson", "erikson", "ERIKSSON", "Eriksson", "d:1974-08-12" };
  for (gsize i = 0; i < G_N_ELEMENTS (guesses); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (guesses[i], strlen (guesses[i]));
    g_autofree char *hash = tambo_sha256_hex (bytes);
    g_autofree char *sql = g_strdup_printf (
        "SELECT count (*) FROM search_tokens WHERE lower (hex (token)) = substr ('%s', 1, 16)",
        hash);

    g_assert_cmpint (desk_count (&desk, sql), ==, 0);
  }
  g_assert_cmpint (desk_count (&desk, "SELECT max (length (token)) FROM search_tokens"), ==, 8);

  /* Another station's key gives other hashes. */
  before = desk_text (&desk, "SELECT hex (tokens) FROM cases");
  g_auto (Desk) other = { 0 };
  desk_init (&other);
  g_autoptr (TamboEnrolment) same = add (&other, "Eriksson", "Anna", "X1");
  g_autofree char *after = desk_text (&other, "SELECT hex (tokens) FROM cases");
  g_assert_cmpuint (strlen (before), ==, strlen (after));
  g_assert_cmpstr (before, !=, after);
}

static void test_rot_is_named (void) {
  static const char *const damage[] = {
    "UPDATE search_tokens SET token = x'0000000000000000'"
    " WHERE token = (SELECT max (token) FROM search_tokens)",
    "DELETE FROM search_tokens WHERE token = (SELECT min (token) FROM search_tokens)",
    "UPDATE cases SET tokens = CAST (substr (tokens, 1, 16) || x'0000000000000000' || "
    "substr (tokens, 25) AS BLOB)",
    "UPDATE cases SET tokens = x''",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damage); i++) {
    g_auto (Desk) desk = { 0 };
    g_autoptr (TamboEnrolment) enrolment = NULL;
    g_autoptr (GError) error = NULL;

    desk_init (&desk);
    enrolment = add (&desk, "Eriksson", "Anna", "X1");
    desk_write (&desk, damage[i]);
    g_assert_false (tambo_store_verify (desk.store, &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
    g_assert_nonnull (strstr (error->message, "search_tokens"));
  }
}

/* A store of version 1: its drafts are found after the first search, its sealed cases by what stands
 * in their rows. */
static void test_migration_from_1 (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) draft = NULL, sealed = NULL;

  desk_init (&desk);
  desk_forget_data_key (&desk);
  draft = add (&desk, "Eriksson", "Anna", "X1");
  sealed = add (&desk, "Müller", "Anna", "X2");
  g_assert_true (
      tambo_cases_set_state (desk.store, sealed->id, TAMBO_CASE_QUEUED, DESK_OPERATOR, &error));
  g_clear_pointer (&desk.store, tambo_store_close);
  desk_make_version (&desk, 1);
  desk_reopen (&desk);
  g_assert_cmpint (desk_count (&desk, "PRAGMA user_version"), ==, tambo_migrations_newest ());
  assert_found (&desk, "eriksson anna", draft);
  assert_found (&desk, sealed->tracking_number, sealed);
  assert_found (&desk, "queued", sealed);
  g_assert_true (tambo_store_verify (desk.store, &error));
}

static int refuse_sealed_cases (void *data, int action, const char *table, const char *column,
                                const char *database, const char *trigger) {
  return action == SQLITE_READ && g_str_equal (table, "cases") && g_str_equal (column, "sha256")
                 && trigger == NULL
             ? SQLITE_DENY
             : SQLITE_OK;
}

/* A draft that could not be read this time is indexed the next time; one that has rotted keeps none of the others
 * from being found. */
static void test_older_drafts (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) draft = NULL, rotten = NULL;
  g_autofree char *rot = NULL;

  desk_init (&desk);
  draft = add (&desk, "Eriksson", "Anna", "X1");
  rotten = add (&desk, "Müller", "Anna", "X2");
  rot = g_strdup_printf ("UPDATE cases SET sealed = x'00' WHERE id = '%s'", rotten->id);
  desk_write (&desk, rot);
  desk_write (&desk, "DELETE FROM search_tokens; UPDATE cases SET tokens = NULL");

  sqlite3_set_authorizer (desk.store->db, refuse_sealed_cases, NULL);
  g_assert_null (tambo_cases_search (desk.store, "eriksson", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FAILED);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM cases WHERE tokens IS NULL"), ==, 2);
  sqlite3_set_authorizer (desk.store->db, NULL, NULL);

  assert_found (&desk, "eriksson", draft);
  g_assert_cmpuint (found (&desk, "muller"), ==, 0);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM cases WHERE tokens IS NULL"), ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/fold", test_fold);
  g_test_add_func ("/search/dates", test_dates);
  g_test_add_func ("/search/found", test_found_by_everything);
  g_test_add_func ("/search/follows", test_follows_the_case);
  g_test_add_func ("/search/disk", test_disk_has_keyed_hashes_alone);
  g_test_add_func ("/search/rot", test_rot_is_named);
  g_test_add_func ("/search/migration", test_migration_from_1);
  g_test_add_func ("/search/older", test_older_drafts);
  return g_test_run ();
}
