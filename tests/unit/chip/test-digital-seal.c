/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/digital-seal.h"

#include <openssl/pem.h>
#include <string.h>

#include "base/cleanup.h"

#define DAY 86400L

typedef struct {
  TamboKey *key;
  char *pem;
} Holder;

static void holder_clear (Holder *holder) {
  tambo_key_unref (holder->key);
  g_free (holder->pem);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Holder, holder_clear)

static X509 *read_pem (const char *pem) {
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);

  return PEM_read_bio_X509 (bio, NULL, NULL, NULL);
}

/* A certificate for a new key, from FIRST_DAY to LAST_DAY from now; ISSUER is NULL for one that signs itself. */
static void make (Holder *holder, const char *name, const Holder *issuer, int first_day,
                  int last_day) {
  g_autoptr (X509) certificate = X509_new ();
  g_autoptr (X509) above = issuer != NULL ? read_pem (issuer->pem) : NULL;
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *text;

  holder->key = tambo_key_generate ();
  X509_set_version (certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), g_random_int_range (1, 1000000));
  X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "C", MBSTRING_ASC,
                              (const guint8 *) "UT", -1, -1, 0);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_ASC,
                              (const guint8 *) name, -1, -1, 0);
  X509_set_issuer_name (certificate, X509_get_subject_name (above != NULL ? above : certificate));
  X509_gmtime_adj (X509_getm_notBefore (certificate), first_day * DAY);
  X509_gmtime_adj (X509_getm_notAfter (certificate), last_day * DAY);
  X509_set_pubkey (certificate, tambo_key_get_evp_pkey (holder->key));
  g_assert_cmpint (X509_sign (certificate,
                              tambo_key_get_evp_pkey (issuer != NULL ? issuer->key : holder->key),
                              EVP_sha256 ()),
                   >, 0);
  PEM_write_bio_X509 (bio, certificate);
  long size = BIO_get_mem_data (bio, &text);
  holder->pem = g_strndup (text, (gsize) size);
}

static char *dup_day (int days) {
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_days (now, days);

  return g_date_time_format (then, "%Y-%m-%d");
}

static char *seal (const Holder *signer, const char *date, const char *expiry) {
  g_autoptr (TamboIdb) idb = g_new0 (TamboIdb, 1);
  g_autoptr (GError) error = NULL;

  tambo_seal_set_country (idb, signer->pem);
  g_strlcpy (idb->date, date, sizeof idb->date);
  g_strlcpy (idb->expiry, expiry, sizeof idb->expiry);
  idb->document = g_strdup ("TB-7K3M-9QX4-H");
  idb->type = TAMBO_SEAL_RECEIPT;
  char *text = tambo_seal_sign (idb, signer->key, signer->pem, &error);
  g_assert_no_error (error);
  return text;
}

static TamboSeal *verify (const char *text, const Holder *authority, GError **error) {
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *today = dup_day (0);

  if (authority != NULL)
    g_ptr_array_add (files, g_bytes_new (authority->pem, strlen (authority->pem)));
  return tambo_seal_verify (text, files, today, error);
}

static void assert_refused (const char *text, const Holder *authority, const char *cause) {
  g_autoptr (GError) error = NULL;

  g_assert_null (verify (text, authority, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_nonnull (strstr (error->message, cause));
}

static void test_holds (void) {
  g_auto (Holder) authority = { 0 }, station = { 0 };
  g_autofree char *today = dup_day (0);
  g_autoptr (GError) error = NULL;

  make (&authority, "authority", NULL, -30, 300);
  make (&station, "MIG-TEST-01", &authority, -10, 80);
  g_autofree char *text = seal (&station, today, today);
  g_autoptr (TamboSeal) read = verify (text, &authority, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->signer, ==, "MIG-TEST-01");
  g_assert_cmpstr (read->idb->country, ==, "UT<");
  g_assert_cmpstr (read->idb->document, ==, "TB-7K3M-9QX4-H");
  /* It fits a QR code whose modules a printer of 300 dots can print. */
  g_assert_cmpuint (strlen (text), <, 1000);
}

/* Whichever character is changed, it does not hold. */
static void test_tampered (void) {
  g_auto (Holder) authority = { 0 }, station = { 0 };
  g_autofree char *today = dup_day (0);
  guint refused = 0;

  make (&authority, "authority", NULL, -30, 300);
  make (&station, "MIG-TEST-01", &authority, -10, 80);
  g_autofree char *text = seal (&station, today, "");
  gsize length = strlen (text);
  for (gsize i = 0; i < length; i++) {
    g_autofree char *other = g_strdup (text);
    g_autoptr (GError) error = NULL;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    g_autoptr (TamboSeal) read = verify (other, &authority, &error);
    g_assert_null (read);
    g_assert_nonnull (error);
    refused++;
  }
  g_assert_cmpuint (refused, ==, length);
}

/* Another number under the signature of this one. */
static void test_another_number (void) {
  g_auto (Holder) authority = { 0 }, station = { 0 };
  g_autofree char *today = dup_day (0);
  g_autoptr (GError) error = NULL;

  make (&authority, "authority", NULL, -30, 300);
  make (&station, "MIG-TEST-01", &authority, -10, 80);
  g_autofree char *text = seal (&station, today, "");
  g_autoptr (TamboIdb) idb = tambo_idb_parse (text, &error);
  g_free (idb->document);
  idb->document = g_strdup ("TB-AAAA-AAAA-A");
  g_autoptr (GBytes) statement = tambo_idb_make_statement (idb, &error);
  g_autofree char *forged = tambo_idb_encode (idb, statement);
  assert_refused (forged, &authority, "what it says was changed");
}

static void test_foreign (void) {
  g_auto (Holder) authority = { 0 }, other = { 0 }, station = { 0 }, own = { 0 };
  g_autofree char *today = dup_day (0);

  make (&authority, "authority", NULL, -30, 300);
  make (&other, "authority", NULL, -30, 300);
  make (&station, "MIG-TEST-01", &other, -10, 80);
  make (&own, "MIG-TEST-01", NULL, -10, 80);
  g_autofree char *text = seal (&station, today, "");
  g_autofree char *self_made = seal (&own, today, "");
  assert_refused (text, &authority, "no authority known here has certified");
  assert_refused (text, NULL, "no authority known here has certified");
  assert_refused (self_made, &authority, "no authority known here has certified");
}

static void test_dates (void) {
  g_auto (Holder) authority = { 0 }, station = { 0 };
  g_autofree char *today = dup_day (0), *yesterday = dup_day (-1), *long_ago = dup_day (-12),
                  *past = dup_day (-5);
  g_autoptr (GError) error = NULL;

  make (&authority, "authority", NULL, -30, 300);
  make (&station, "MIG-TEST-01", &authority, -10, -3);
  g_autofree char *expired = seal (&station, past, yesterday);
  g_autofree char *later = seal (&station, today, "");
  g_autofree char *earlier = seal (&station, long_ago, "");
  g_autofree char *good = seal (&station, past, today);
  assert_refused (expired, &authority, "it has expired on");
  assert_refused (later, &authority, "certificate is valid from");
  assert_refused (earlier, &authority, "certificate is valid from");
  /* The certificate has ended since; on that day it was good. */
  g_autoptr (TamboSeal) read = verify (good, &authority, &error);
  g_assert_no_error (error);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/digital-seal/holds", test_holds);
  g_test_add_func ("/digital-seal/tampered", test_tampered);
  g_test_add_func ("/digital-seal/another-number", test_another_number);
  g_test_add_func ("/digital-seal/foreign", test_foreign);
  g_test_add_func ("/digital-seal/dates", test_dates);
  return g_test_run ();
}
