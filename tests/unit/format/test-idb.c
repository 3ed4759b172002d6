/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/idb.h"

#include <string.h>

static TamboIdb *example (void) {
  TamboIdb *idb = g_new0 (TamboIdb, 1);
  guint8 octets[300];

  memset (octets, 0x5a, sizeof octets);
  g_strlcpy (idb->country, "UTO", sizeof idb->country);
  memcpy (idb->reference, "\1\2\3\4\5", 5);
  g_strlcpy (idb->date, "2026-11-22", sizeof idb->date);
  g_strlcpy (idb->expiry, "2027-01-31", sizeof idb->expiry);
  idb->document = g_strdup ("TB-7K3M-9QX4-H");
  idb->type = 1;
  idb->certificate = g_bytes_new (octets, sizeof octets);
  idb->signature = g_bytes_new (octets, TAMBO_IDB_SIGNATURE_SIZE);
  return idb;
}

static char *encode (const TamboIdb *idb) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) statement = tambo_idb_make_statement (idb, &error);

  g_assert_no_error (error);
  return tambo_idb_encode (idb, statement);
}

static void test_round_trip (void) {
  g_autoptr (TamboIdb) idb = example ();
  g_autofree char *text = encode (idb);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboIdb) read = tambo_idb_parse (text, &error);
  g_autoptr (GBytes) statement = tambo_idb_make_statement (idb, NULL);

  g_assert_no_error (error);
  g_assert_true (tambo_idb_sniff (text));
  g_assert_cmpint ((int) strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567"), ==,
                   (int) strlen (text));
  g_assert_cmpstr (read->country, ==, "UTO");
  g_assert_cmpmem (read->reference, 5, "\1\2\3\4\5", 5);
  g_assert_cmpstr (read->date, ==, "2026-11-22");
  g_assert_cmpstr (read->expiry, ==, "2027-01-31");
  g_assert_cmpstr (read->document, ==, "TB-7K3M-9QX4-H");
  g_assert_cmpint (read->type, ==, 1);
  g_assert_true (g_bytes_equal (read->certificate, idb->certificate));
  g_assert_true (g_bytes_equal (read->signature, idb->signature));
  g_assert_true (g_bytes_equal (read->statement, statement));
}

/* With as little as there can be in it. */
static void test_bare (void) {
  g_autoptr (TamboIdb) idb = example ();
  g_autoptr (GError) error = NULL;

  g_strlcpy (idb->country, "D<<", sizeof idb->country);
  idb->expiry[0] = '\0';
  g_clear_pointer (&idb->document, g_free);
  g_clear_pointer (&idb->certificate, g_bytes_unref);
  idb->type = -1;
  g_autofree char *text = encode (idb);
  g_autoptr (TamboIdb) read = tambo_idb_parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->country, ==, "D<<");
  g_assert_cmpstr (read->expiry, ==, "");
  g_assert_null (read->document);
  g_assert_null (read->certificate);
  g_assert_cmpint (read->type, ==, -1);
}

/* The date of BSI TR-03137-1's example: 25 March 1957 is 0x319ef5. */
static void test_header_bytes (void) {
  g_autoptr (TamboIdb) idb = example ();
  g_autoptr (GBytes) statement = NULL;

  g_strlcpy (idb->date, "1957-03-25", sizeof idb->date);
  statement = tambo_idb_make_statement (idb, NULL);
  const guint8 *data = g_bytes_get_data (statement, NULL);
  g_assert_cmpmem (data + 8, 4, "\x00\x31\x9e\xf5", 4);
  g_assert_cmpint (data[2], ==, 1);
  /* C40: U, T, O are 34, 33 and 28. */
  g_assert_cmpint (data[0] << 8 | data[1], ==, 34 * 1600 + 33 * 40 + 28 + 1);
}

static void assert_refused (const char *text) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_idb_parse (text, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == TAMBO_FORMAT_ERROR);
}

static void test_every_cut (void) {
  g_autoptr (TamboIdb) idb = example ();
  g_autofree char *text = encode (idb);
  gsize length = strlen (text);

  for (gsize size = 0; size < length; size++) {
    g_autofree char *cut = g_strndup (text, size);
    assert_refused (cut);
  }
  g_autofree char *longer = g_strconcat (text, "AAAAAAAA", NULL);
  assert_refused (longer);
}

static void test_refuses (void) {
  static const char *const bad[] = { "",           "RDB1",          "TB-7K3M-9QX4-H",
                                     "RDB1A2345",  "RDB1DABCD",     "RDB1BABC1",
                                     "rdb1BABCDE", "RDB1B========", "RDB1B\n" };
  g_autofree char *many = g_strnfill (5000, 'A');
  g_autofree char *endless = g_strconcat ("RDB1B", many, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused (bad[i]);
  assert_refused (endless);
}

static void test_makes_no_nonsense (void) {
  static const struct {
    const char *country, *date;
  } bad[] = {
    { "ut", "2026-11-22" }, { "U1O", "2026-11-22" }, { "UTO", "2026-02-30" }, { "UTO", "" }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (TamboIdb) idb = example ();
    g_autoptr (GError) error = NULL;
    g_strlcpy (idb->country, bad[i].country, sizeof idb->country);
    g_strlcpy (idb->date, bad[i].date, sizeof idb->date);
    g_assert_null (tambo_idb_make_statement (idb, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/idb/round-trip", test_round_trip);
  g_test_add_func ("/idb/bare", test_bare);
  g_test_add_func ("/idb/header", test_header_bytes);
  g_test_add_func ("/idb/cut", test_every_cut);
  g_test_add_func ("/idb/refuses", test_refuses);
  g_test_add_func ("/idb/no-nonsense", test_makes_no_nonsense);
  return g_test_run ();
}
