/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/key-copies.h"

#include "base/hash.h"
#include "desk.h"
#include "store/cases.h"
#include "store/data-key.h"

#define HEALED "key.heal"

static const char *const tables[TAMBO_KEY_COPIES] = { "data_key", "data_key_copy" };

typedef struct {
  Desk desk;
  TamboEnrolment *enrolment;
} Draft;

static void draft_init (Draft *draft) {
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GBytes) bytes = desk_bytes (1000);

  desk_init (&draft->desk);
  draft->enrolment = desk_specimen ();
  g_assert_true (tambo_cases_save_sample (draft->desk.store, draft->enrolment, portrait, bytes,
                                          DESK_OPERATOR, NULL));
}

static void draft_clear (Draft *draft) {
  tambo_enrolment_free (draft->enrolment);
  desk_clear (&draft->desk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

static void assert_readable (Draft *draft) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) portrait =
      tambo_cases_load_sample (draft->desk.store, draft->enrolment, "portrait", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (portrait), ==, 1000);
}

static void assert_verifies (Draft *draft, const char *complaint) {
  g_autoptr (GError) error = NULL;
  gboolean holds = tambo_store_verify (draft->desk.store, &error);

  if (complaint == NULL) {
    g_assert_no_error (error);
    g_assert_true (holds);
    return;
  }
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, complaint));
}

/* A sign-in finds a copy that opens, and makes the others like it. */
static void assert_heals (Draft *draft, const char *complaint, guint healed) {
  assert_verifies (draft, complaint);
  desk_reopen (&draft->desk);
  assert_readable (draft);
  assert_verifies (draft, NULL);
  desk_assert_audit (&draft->desk, HEALED, healed);
  /* Once is enough. */
  desk_reopen (&draft->desk);
  desk_assert_audit (&draft->desk, HEALED, healed);
}

static void test_each_column (void) {
  static const char *const changes[] = {
    "token = 'pkcs11:x'",
    "wrapping = zeroblob (61)",
    "sha256 = iif (sha256 LIKE 'f%', '0', 'f') || substr (sha256, 2)",
    "digest = zeroblob (32)",
    "one = 3",
  };
  g_auto (Draft) draft = { 0 };
  guint healed = 0;

  draft_init (&draft);
  for (guint i = 0; i < TAMBO_KEY_COPIES; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (changes); k++) {
      g_autofree char *sql = g_strdup_printf (
          "PRAGMA ignore_check_constraints = ON; UPDATE %s SET %s", tables[i], changes[k]);

      desk_sql (&draft.desk, sql);
      assert_heals (&draft, tables[i], ++healed);
    }
}

static void test_row_is_gone (void) {
  g_auto (Draft) draft = { 0 };

  draft_init (&draft);
  for (guint i = 0; i < TAMBO_KEY_COPIES; i++) {
    g_autofree char *sql = g_strdup_printf ("DELETE FROM %s", tables[i]);

    desk_sql (&draft.desk, sql);
    assert_heals (&draft, "data_key of the station: the two copies are not alike", i + 1);
  }
}

/* Each is sound, but one is no wrapping of this key. */
static void test_one_does_not_open (void) {
  g_auto (Draft) draft = { 0 };

  draft_init (&draft);
  for (guint i = 0; i < TAMBO_KEY_COPIES; i++) {
    g_autoptr (GBytes) other = desk_bytes (61);
    g_autofree char *hash = tambo_sha256_hex (other);
    g_autofree char *sql =
        g_strconcat ("UPDATE ", tables[i], " SET wrapping = ?, sha256 = ?", NULL);

    g_assert_true (tambo_db_run (draft.desk.store, NULL, sql, "bs", other, hash));
    assert_heals (&draft, "data_key of the station: the two copies are not alike", i + 1);
  }
}

static void test_both_are_gone (void) {
  g_auto (Draft) draft = { 0 };
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);
  g_autoptr (TamboSample) document = desk_document ("consent");
  g_autoptr (GBytes) bytes = desk_bytes (500);
  g_autoptr (TamboStore) other = NULL;
  g_autoptr (GError) error = NULL;

  draft_init (&draft);
  desk_sql (&draft.desk, "UPDATE data_key SET wrapping = zeroblob (61);"
                         "UPDATE data_key_copy SET sha256 = 'x'");
  /* Who is at work goes on. */
  assert_readable (&draft);
  g_assert_true (tambo_cases_save_sample (draft.desk.store, draft.enrolment, document, bytes,
                                          DESK_OPERATOR, &error));
  g_assert_no_error (error);
  other = desk_open_again (&draft.desk);
  g_assert_null (tambo_operators_sign_in (other, DESK_OPERATOR, password, NULL, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "data_key"));
  desk_assert_audit (&draft.desk, HEALED, 0);
}

static void test_turned_key (void) {
  g_auto (Draft) draft = { 0 };

  draft_init (&draft);
  desk_sql (&draft.desk, "CREATE TABLE before AS SELECT * FROM data_key_copy");
  g_assert_true (tambo_data_key_rotate (draft.desk.store, DESK_OPERATOR, NULL));
  assert_verifies (&draft, NULL);
  /* A disk that forgot to write the copy. */
  desk_sql (&draft.desk, "DELETE FROM data_key_copy;"
                         "INSERT INTO data_key_copy SELECT * FROM before; DROP TABLE before");
  assert_heals (&draft, "the two copies are not alike", 1);
  desk_sql (&draft.desk, "UPDATE data_key SET sha256 = 'x'");
  assert_heals (&draft, "data_key", 2);
}

/* A store of before there was a wrapping has none to copy. */
static void test_none (void) {
  g_auto (Desk) desk = { 0 };
  TamboKeyRow row = { NULL };

  desk_init (&desk);
  desk_forget_data_key (&desk);
  g_assert_true (tambo_key_copies_load_any (desk.store, &row, NULL));
  g_assert_null (row.wrapping);
  desk_reopen (&desk);
  desk_assert_audit (&desk, HEALED, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-copies/each-column", test_each_column);
  g_test_add_func ("/key-copies/row-is-gone", test_row_is_gone);
  g_test_add_func ("/key-copies/one-does-not-open", test_one_does_not_open);
  g_test_add_func ("/key-copies/both-are-gone", test_both_are_gone);
  g_test_add_func ("/key-copies/turned-key", test_turned_key);
  g_test_add_func ("/key-copies/none", test_none);
  return g_test_run ();
}
