/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audit.h"

#include <string.h>

#include "base/bytes.h"
#include "base/merkle.h"
#include "desk.h"

static void append (Desk *desk, int count) {
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < count; i++) {
    g_autofree char *subject = g_strdup_printf ("subject-%d", i);

    tambo_audit_append (desk->store, DESK_OPERATOR, "test", subject, NULL, &error);
    g_assert_no_error (error);
  }
}

/* The leaf is the canonical text, so that an auditor can recompute it with any JSON tool. */
static void test_leaf_is_the_canonical_text (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) details = g_bytes_new ("abc", 3);
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;
  const TamboAuditEntry *entry;

  desk_init (&desk);
  g_assert_true (
      tambo_audit_append (desk.store, "clerk-1", "sample.save", "x/portrait", details, &error));
  entries = tambo_audit_list (desk.store, &error);
  entry = entries->pdata[entries->len - 1];
  expected =
      g_strdup_printf ("{\"action\":\"sample.save\",\"actor\":\"clerk-1\",\"details\":"
                       "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
                       "\"number\":%d,\"subject\":\"x/portrait\",\"time\":\"%s\"}",
                       (int) entry->number, entry->time);
  text = desk_text (&desk, "SELECT entry FROM audit_entries ORDER BY number DESC LIMIT 1");
  g_assert_cmpstr (text, ==, expected);
}

/* The day's entries are found without reading the years before it. */
static void test_span_from_a_time (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 first, size;

  desk_init (&desk);
  append (&desk, 20);
  desk_sql (&desk, "UPDATE audit_entries SET entry = json_set (entry, '$.time',"
                   " '2026-03-0' || (1 + number / 7) || 'T08:00:00Z')");
  g_assert_true (tambo_audit_find_time (desk.store, "2026-03-02T00:00:00Z", &first, &size, &error));
  g_assert_cmpint (first, ==, 7);
  g_assert_cmpint (size, ==, 21);
  g_assert_true (tambo_audit_find_time (desk.store, "2026-03-09T00:00:00Z", &first, &size, &error));
  g_assert_cmpint (first, ==, 21);
  g_assert_true (tambo_audit_find_time (desk.store, "2025-01-01T00:00:00Z", &first, &size, &error));
  g_assert_cmpint (first, ==, 0);

  g_autoptr (GPtrArray) entries = tambo_audit_list_span (desk.store, 7, 14, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 7);
  g_assert_cmpint (((TamboAuditEntry *) entries->pdata[0])->number, ==, 7);
  g_assert_cmpstr (((TamboAuditEntry *) entries->pdata[0])->time, ==, "2026-03-02T08:00:00Z");
}

/* What was done of one kind, in a part of the log; a rotted entry says nothing. */
static void test_acts (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  static const char *const actions[] = { "stock.take", "stockade", "case.save", "stock.issued" };
  gint64 size;

  desk_init (&desk);
  for (int i = 0; i < 12; i++)
    g_assert_true (
        tambo_audit_append (desk.store, "anna", actions[i % 4], "\"stock.", NULL, &error));
  g_assert_true (tambo_audit_size (desk.store, &size, &error));
  g_assert_cmpint (size, ==, 13); /* and the operator */
  desk_sql (&desk, "UPDATE audit_entries SET entry = 'stock.' WHERE number = 9");

  g_autoptr (GPtrArray) entries = tambo_audit_list_acts (desk.store, "stock.", 2, 12, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 3);
  for (guint i = 0; i < entries->len; i++) {
    static const gint64 numbers[] = { 4, 5, 8 };
    const TamboAuditEntry *entry = entries->pdata[i];
    g_assert_cmpint (entry->number, ==, numbers[i]);
    g_assert_cmpstr (entry->action, ==, actions[(numbers[i] - 1) % 4]);
  }
}

static void test_head_and_consistency (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  guint8 root[TAMBO_SHA256_SIZE], old_root[TAMBO_SHA256_SIZE], at_size[TAMBO_SHA256_SIZE];
  gint64 size;

  desk_init (&desk);
  append (&desk, 12);
  g_assert_true (tambo_audit_head (desk.store, &size, root, &error));
  g_assert_cmpint (size, ==, 13); /* and the operator */
  g_assert_true (tambo_audit_root_at (desk.store, size, at_size, &error));
  g_assert_cmpmem (root, sizeof root, at_size, sizeof at_size);
  for (gint64 old = 0; old <= size; old++) {
    g_autoptr (GBytes) proof = tambo_audit_consistency (desk.store, old, size, &error);

    g_assert_no_error (error);
    g_assert_true (tambo_audit_root_at (desk.store, old, old_root, &error));
    g_assert_true (
        tambo_merkle_verify_consistency ((gsize) old, old_root, (gsize) size, root, proof));
  }
  g_assert_false (tambo_audit_root_at (desk.store, size + 1, at_size, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_null (tambo_audit_consistency (desk.store, 3, 2, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
}

static void assert_verify_fails (Desk *desk, const char *what) {
  g_autoptr (GError) error = NULL;
  gint64 entries, countersigned;

  g_assert_false (tambo_audit_verify (desk->store, &entries, &countersigned, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, what));
}

static void test_verify_names_the_entry (void) {
  static const struct {
    const char *sql;
    const char *what;
  } attacks[] = {
    { "UPDATE audit_entries SET entry = replace (entry, 'subject-2', 'subject-9') WHERE number = 3",
      "entry 3" },
    { "UPDATE audit_entries SET leaf_hash = zeroblob (32) WHERE number = 4", "entry 4" },
    { "UPDATE audit_entries SET leaf_hash = x'00' WHERE number = 4", "entry 4" },
    { "DELETE FROM audit_entries WHERE number = 5", "entry 5" },
    { "DELETE FROM audit_entries WHERE number = 0", "entry 0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++) {
    g_auto (Desk) desk = { 0 };

    desk_init (&desk);
    append (&desk, 8);
    desk_sql (&desk, attacks[i].sql);
    assert_verify_fails (&desk, attacks[i].what);
  }
}

/* An entry that moved keeps its hash but not its number. */
static void test_verify_finds_swapped_entries (void) {
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  append (&desk, 4);
  desk_sql (&desk, "UPDATE audit_entries SET number = 100 WHERE number = 2;"
                   "UPDATE audit_entries SET number = 2 WHERE number = 3;"
                   "UPDATE audit_entries SET number = 3 WHERE number = 100;");
  assert_verify_fails (&desk, "entry 2");
}

static void test_list_outlives_a_rotten_entry (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  desk_init (&desk);
  append (&desk, 3);
  desk_sql (&desk, "UPDATE audit_entries SET entry = '{' || entry WHERE number = 2");
  entries = tambo_audit_list (desk.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 4);
  g_assert_cmpstr (((TamboAuditEntry *) entries->pdata[1])->subject, ==, "subject-0");
  g_assert_cmpstr (((TamboAuditEntry *) entries->pdata[2])->action, ==, "unreadable");
  g_assert_cmpstr (((TamboAuditEntry *) entries->pdata[3])->subject, ==, "subject-2");
}

static void countersign (Desk *desk) {
  g_autoptr (GError) error = NULL;
  guint8 root[TAMBO_SHA256_SIZE];
  g_autofree char *hex = NULL;
  gint64 size;

  g_assert_true (tambo_audit_head (desk->store, &size, root, &error));
  hex = tambo_hex_encode (root, sizeof root);
  g_assert_true (
      tambo_audit_set_countersigned (desk->store, size, hex, "{\"signed\":true}", &error));
}

static void test_countersigned (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *root = NULL;
  g_autofree char *statement = NULL;
  gint64 size, entries, countersigned;

  desk_init (&desk);
  g_assert_true (tambo_audit_get_countersigned (desk.store, &size, &root, &statement, &error));
  g_assert_cmpint (size, ==, 0);
  g_assert_null (root);
  g_assert_null (statement);
  append (&desk, 5);
  countersign (&desk);
  append (&desk, 2);
  g_assert_true (tambo_audit_get_countersigned (desk.store, &size, &root, &statement, &error));
  g_assert_cmpint (size, ==, 6);
  g_assert_cmpstr (statement, ==, "{\"signed\":true}");
  g_assert_true (tambo_audit_verify (desk.store, &entries, &countersigned, &error));
  g_assert_cmpint (entries, ==, 8);
  g_assert_cmpint (countersigned, ==, 6);
}

static void test_countersigned_root_has_to_be_ours (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  char wrong[65];

  desk_init (&desk);
  memset (wrong, '0', 64);
  wrong[64] = '\0';
  g_assert_false (tambo_audit_set_countersigned (desk.store, 1, wrong, "{}", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
}

static void test_countersigned_never_goes_back (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  guint8 root[TAMBO_SHA256_SIZE];
  g_autofree char *hex = NULL;
  g_autofree char *kept_root = NULL;
  g_autofree char *kept = NULL;
  gint64 size;

  desk_init (&desk);
  append (&desk, 5);
  countersign (&desk);
  g_assert_true (tambo_audit_root_at (desk.store, 2, root, &error));
  hex = tambo_hex_encode (root, sizeof root);
  g_assert_true (tambo_audit_set_countersigned (desk.store, 2, hex, "{\"late\":1}", &error));
  g_assert_true (tambo_audit_get_countersigned (desk.store, &size, &kept_root, &kept, &error));
  g_assert_cmpint (size, ==, 6);
  g_assert_cmpstr (kept, ==, "{\"signed\":true}");
}

/* A log rewritten from end to end holds in itself, and not against what headquarters signed; nor
 * does one whose end was cut off. */
static void test_verify_against_the_countersigned (void) {
  g_auto (Desk) desk = { 0 };
  g_autofree char *text = NULL;
  g_autofree char *hex = NULL;
  g_autofree char *sql = NULL;
  guint8 leaf[TAMBO_SHA256_SIZE];

  desk_init (&desk);
  append (&desk, 3);
  countersign (&desk);
  text = desk_text (&desk, "SELECT replace (entry, 'subject-1', 'subject-7')"
                           " FROM audit_entries WHERE number = 2");
  tambo_merkle_leaf (text, strlen (text), leaf);
  hex = tambo_hex_encode (leaf, sizeof leaf);
  sql = g_strdup_printf ("UPDATE audit_entries SET entry = '%s', leaf_hash = x'%s'"
                         " WHERE number = 2",
                         text, hex);
  desk_sql (&desk, sql);
  assert_verify_fails (&desk, "countersigned");
  desk_sql (&desk, "DELETE FROM audit_entries WHERE number = 3");
  assert_verify_fails (&desk, "entry 3 is missing");
}

/* More than two kept nodes: each root and each proof is that of the leaves themselves. */
static void test_tree (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GByteArray) leaves = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) texts = NULL;
  static const gint64 sizes[] = { 0, 1, 255, 256, 257, 511, 512, 513, 700, 768, 1000 };
  TamboTransaction *transaction;

  desk_init (&desk);
  transaction = tambo_transaction_begin (desk.store, &error);
  for (gint64 size = 0; size < 1000;) {
    guint8 root[TAMBO_SHA256_SIZE];

    g_assert_true (tambo_audit_append (desk.store, "station", "test", "", NULL, &error));
    g_assert_true (tambo_audit_head (desk.store, &size, root, &error));
  }
  g_assert_true (tambo_transaction_commit (transaction, &error));
  tambo_transaction_free (transaction);
  texts = tambo_audit_list_texts (desk.store, &error);
  for (guint i = 0; i < texts->len; i++) {
    guint8 leaf[TAMBO_SHA256_SIZE];

    tambo_merkle_leaf (texts->pdata[i], strlen (texts->pdata[i]), leaf);
    g_byte_array_append (leaves, leaf, sizeof leaf);
  }
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM audit_nodes"), ==, 4);
  for (int round = 0; round < 2; round++) {
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
      guint8 root[TAMBO_SHA256_SIZE], wanted[TAMBO_SHA256_SIZE];

      g_assert_true (tambo_audit_root_at (desk.store, sizes[i], root, &error));
      tambo_merkle_root (leaves->data, (gsize) sizes[i], wanted);
      g_assert_cmpmem (root, sizeof root, wanted, sizeof wanted);
      for (gsize j = 0; j <= i; j++) {
        g_autoptr (GBytes) proof = tambo_audit_consistency (desk.store, sizes[j], sizes[i], &error);
        g_autoptr (GBytes) own =
            tambo_merkle_consistency (leaves->data, (gsize) sizes[i], (gsize) sizes[j]);

        g_assert_no_error (error);
        g_assert_true (g_bytes_equal (proof, own));
      }
    }
    g_assert_cmpint (tambo_store_verify (desk.store, NULL), ==, round == 0);
    /* A node that has rotted is named, and computed anew. */
    desk_sql (&desk, "UPDATE audit_nodes SET hash = zeroblob (32) WHERE level = 8 AND number = 1");
  }
  g_assert_false (tambo_store_verify (desk.store, &error));
  g_assert_nonnull (strstr (error->message, "audit_nodes 8/1"));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/span", test_span_from_a_time);
  g_test_add_func ("/audit/acts", test_acts);
  g_test_add_func ("/audit/leaf", test_leaf_is_the_canonical_text);
  g_test_add_func ("/audit/head", test_head_and_consistency);
  g_test_add_func ("/audit/verify/entry", test_verify_names_the_entry);
  g_test_add_func ("/audit/verify/swapped", test_verify_finds_swapped_entries);
  g_test_add_func ("/audit/verify/countersigned", test_verify_against_the_countersigned);
  g_test_add_func ("/audit/list/rotten", test_list_outlives_a_rotten_entry);
  g_test_add_func ("/audit/countersigned", test_countersigned);
  g_test_add_func ("/audit/countersigned/ours", test_countersigned_root_has_to_be_ours);
  g_test_add_func ("/audit/countersigned/forward", test_countersigned_never_goes_back);
  g_test_add_func ("/audit/tree", test_tree);
  return g_test_run ();
}
