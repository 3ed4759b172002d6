/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/feed.h"

#include "desk.h"

static const char sealed[] = "what is sealed for the station, and a specimen of it";

static void put (GPtrArray *rows, const char *kind, const char *id, gint64 version,
                 const char *body) {
  TamboFeedRow *row = g_new0 (TamboFeedRow, 1);

  row->kind = g_strdup (kind);
  row->id = g_strdup (id);
  row->version = version;
  row->body = g_strdup (body);
  row->sealed =
      body != NULL && version % 2 == 0 ? g_bytes_new_static (sealed, sizeof sealed) : NULL;
  g_ptr_array_add (rows, row);
}

static GPtrArray *rows_new (void) {
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_feed_row_free);
}

static void apply (Desk *desk, gboolean is_whole, GPtrArray *rows, gint64 version) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (desk->store, &error);

  g_assert_true (
      tambo_feed_apply (desk->store, is_whole, rows, version, "2026-11-22T10:00:00Z", &error));
  g_assert_true (tambo_transaction_commit (transaction, &error));
  g_assert_no_error (error);
}

static void lay_three (Desk *desk) {
  g_autoptr (GPtrArray) rows = rows_new ();

  desk_init (desk);
  put (rows, "alert", "a", 1, "{\"n\":1}");
  put (rows, "appointment", "b", 2, "{\"text\":\"an appointment of the specimen\"}");
  put (rows, "appointment", "c", 3, "{\"n\":3}");
  apply (desk, FALSE, rows, 3);
}

static gint64 version_of (Desk *desk) {
  g_autofree char *time = NULL;
  gint64 version;

  g_assert_true (tambo_feed_get_version (desk->store, &version, &time, NULL));
  return version;
}

static void test_items (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = rows_new ();
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (TamboFeedRow) row = NULL;

  lay_three (&desk);
  desk_reopen (&desk);
  rows = tambo_feed_list (desk.store, "appointment", &error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_nonnull (((TamboFeedRow *) rows->pdata[0])->sealed);
  g_assert_null (((TamboFeedRow *) rows->pdata[1])->sealed);
  put (changes, "appointment", "b", 4, NULL);
  put (changes, "alert", "a", 5, "{\"n\":5}");
  apply (&desk, FALSE, changes, 5);
  row = tambo_feed_get (desk.store, "alert", "a", &error);
  g_assert_cmpstr (row->body, ==, "{\"n\":5}");
  g_assert_null (tambo_feed_get (desk.store, "appointment", "b", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  g_assert_cmpint (version_of (&desk), ==, 5);
  desk_assert_audit (&desk, "feed.receive", 2);
}

static void test_whole (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GPtrArray) all = rows_new ();
  g_autoptr (GPtrArray) rows = NULL;

  lay_three (&desk);
  put (all, "alert", "z", 1, "{}");
  apply (&desk, TRUE, all, 1);
  rows = tambo_feed_list (desk.store, NULL, NULL);
  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpint (version_of (&desk), ==, 1);
}

/* Nothing is left of what was not committed. */
static void test_rollback (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GPtrArray) none = rows_new ();
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  lay_three (&desk);
  transaction = tambo_transaction_begin (desk.store, NULL);
  g_assert_true (tambo_feed_apply (desk.store, TRUE, none, 9, "2026-11-22T10:00:00Z", NULL));
  g_clear_pointer (&transaction, tambo_transaction_free);
  rows = tambo_feed_list (desk.store, NULL, NULL);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpint (version_of (&desk), ==, 3);
}

/* Asked for until all of it has come; what is new beside it is no answer. */
static void test_ask_anew (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GPtrArray) none = rows_new ();
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) error = NULL;

  lay_three (&desk);
  names = tambo_feed_list_rotten (desk.store, &error);
  g_assert_cmpuint (names->len, ==, 0);
  for (int i = 0; i < 2; i++) {
    g_assert_true (tambo_feed_ask_anew (desk.store, "alert/a", DESK_OPERATOR, &error));
    g_assert_cmpint (version_of (&desk), ==, 0);
  }
  desk_assert_audit (&desk, "feed.spoiled", 1);
  desk_reopen (&desk);
  apply (&desk, FALSE, none, 4);
  g_assert_cmpint (version_of (&desk), ==, 0);
  apply (&desk, TRUE, none, 4);
  g_assert_cmpint (version_of (&desk), ==, 4);
  g_assert_true (tambo_feed_ask_anew (desk.store, "alert/a", DESK_OPERATOR, &error));
  desk_assert_audit (&desk, "feed.spoiled", 2);
}

/* A flipped bit hides its own item alone, and makes the next exchange bring all anew. */
static void test_rot (void) {
  static const char *const places[] = { "body", "sealed", "version", "kind" };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_auto (Desk) desk = { 0 };
    g_autofree char *sql = g_strdup_printf ("SELECT %s FROM feed WHERE id = 'b'", places[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) rows = NULL;
    g_autoptr (GPtrArray) names = NULL;

    lay_three (&desk);
    if (i < 2)
      desk_flip (&desk, sql);
    else
      desk_sql (&desk, i == 2 ? "UPDATE feed SET version = 7 WHERE id = 'b'"
                              : "UPDATE feed SET kind = 'alert' WHERE id = 'b'");
    rows = tambo_feed_list (desk.store, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (rows->len, ==, 2);
    names = tambo_feed_list_rotten (desk.store, &error);
    g_assert_cmpuint (names->len, ==, 1);
    g_assert_cmpstr (names->pdata[0], ==, i == 3 ? "alert/b" : "appointment/b");
    g_assert_cmpint (version_of (&desk), ==, 0);
    g_assert_false (tambo_store_verify (desk.store, &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  }
}

static void test_arrivals (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GHashTable) arrivals = NULL;
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (tambo_feed_arrive (desk.store, "b", "case-1", "clerk-1", &error));
  g_assert_true (tambo_feed_arrive (desk.store, "b", "case-2", "clerk-1", &error));
  g_assert_no_error (error);
  arrivals = tambo_feed_list_arrivals (desk.store, &error);
  g_assert_cmpuint (g_hash_table_size (arrivals), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (arrivals, "b"), ==, "case-2");
  desk_assert_audit (&desk, "appointment.arrive", 2);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feed/items", test_items);
  g_test_add_func ("/feed/whole", test_whole);
  g_test_add_func ("/feed/rollback", test_rollback);
  g_test_add_func ("/feed/rot", test_rot);
  g_test_add_func ("/feed/ask-anew", test_ask_anew);
  g_test_add_func ("/feed/arrivals", test_arrivals);
  return g_test_run ();
}
