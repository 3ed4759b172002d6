/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/certificate-store.h"

#include <string.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "chip/certificate.h"
#include "chip/master-list.h"
#include "format/tlv.h"

#define DAY (24 * 3600)
#define LIST_KEY "critical,2.23.136.1.1.3"

typedef struct {
  EVP_PKEY *key;
  X509 *certificate;
} Holder;

typedef struct {
  const char *name;
  gboolean is_csca;
  const char *purpose; /* extended key usage; NULL without */
  int first_day, last_day;
} Wish;

static void extend (X509 *certificate, X509 *issuer, int nid, const char *value) {
  X509V3_CTX context;

  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  g_autoptr (X509_EXTENSION) extension = X509V3_EXT_nconf_nid (NULL, &context, nid, value);
  g_assert_nonnull (extension);
  g_assert_cmpint (X509_add_ext (certificate, extension, -1), ==, 1);
}

/* A certificate of KEY, or of a new one; ISSUER is NULL for one that signs itself. */
static Holder make (const Wish *wish, EVP_PKEY *key, const Holder *issuer) {
  static long serial = 1;
  Holder holder = { key, X509_new () };
  X509 *above = issuer ? issuer->certificate : holder.certificate;

  if (key)
    EVP_PKEY_up_ref (key);
  else
    holder.key = EVP_EC_gen ("P-256");
  X509_set_version (holder.certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (holder.certificate), serial++);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (holder.certificate), "CN", MBSTRING_ASC,
                              (const guint8 *) wish->name, -1, -1, 0);
  X509_set_issuer_name (holder.certificate, X509_get_subject_name (above));
  X509_gmtime_adj (X509_getm_notBefore (holder.certificate), wish->first_day * DAY);
  X509_gmtime_adj (X509_getm_notAfter (holder.certificate), wish->last_day * DAY);
  X509_set_pubkey (holder.certificate, holder.key);
  extend (holder.certificate, above, NID_subject_key_identifier, "hash");
  extend (holder.certificate, above, NID_authority_key_identifier, "keyid:always");
  extend (holder.certificate, above, NID_key_usage,
          wish->is_csca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  if (wish->is_csca)
    extend (holder.certificate, above, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  if (wish->purpose)
    extend (holder.certificate, above, NID_ext_key_usage, wish->purpose);
  g_assert_cmpint (X509_sign (holder.certificate, issuer ? issuer->key : holder.key, EVP_sha256 ()),
                   >, 0);
  return holder;
}

static void holder_clear (Holder *holder) {
  g_clear_pointer (&holder->key, EVP_PKEY_free);
  g_clear_pointer (&holder->certificate, X509_free);
}

static GBytes *take_der (guint8 *der, int size) {
  g_assert_cmpint (size, >, 0);
  GBytes *bytes = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);
  return bytes;
}

static GBytes *encode (X509 *certificate) {
  guint8 *der = NULL;
  int size = i2d_X509 (certificate, &der);

  return take_der (der, size);
}

static GBytes *make_list (const Holder *issuer, X509 *revoked, int last_day) {
  X509_CRL *list = X509_CRL_new ();
  guint8 *der = NULL;

  X509_CRL_set_version (list, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name (list, X509_get_subject_name (issuer->certificate));
  ASN1_TIME *first = X509_gmtime_adj (NULL, -30 * DAY);
  ASN1_TIME *last = X509_gmtime_adj (NULL, last_day * DAY);
  X509_CRL_set1_lastUpdate (list, first);
  X509_CRL_set1_nextUpdate (list, last);
  if (revoked) {
    X509_REVOKED *entry = X509_REVOKED_new ();
    X509_REVOKED_set_serialNumber (entry, X509_get_serialNumber (revoked));
    X509_REVOKED_set_revocationDate (entry, first);
    X509_CRL_add0_revoked (list, entry);
  }
  g_assert_cmpint (X509_CRL_sign (list, issuer->key, EVP_sha256 ()), >, 0);
  ASN1_TIME_free (first);
  ASN1_TIME_free (last);
  int size = i2d_X509_CRL (list, &der);
  X509_CRL_free (list);
  return take_der (der, size);
}

static GBytes *make_master_list (const Holder *signer, X509 **certificates, gsize n) {
  g_autoptr (GByteArray) set = g_byte_array_new ();
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (ASN1_OBJECT) type = OBJ_txt2obj ("2.23.136.1.1.2", 1);
  guint8 *der = NULL;

  for (gsize i = 0; i < n; i++) {
    g_autoptr (GBytes) bytes = encode (certificates[i]);
    g_byte_array_append (set, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  }
  tambo_tlv_put (content, 0x02, "\0", 1);
  tambo_tlv_put (content, 0x31, set->data, set->len);
  tambo_tlv_wrap (content, 0x30);
  g_autoptr (BIO) bio = BIO_new_mem_buf (content->data, (int) content->len);
  g_autoptr (CMS_ContentInfo) cms = CMS_sign (NULL, NULL, NULL, NULL, CMS_BINARY | CMS_PARTIAL);
  CMS_set1_eContentType (cms, type);
  g_assert_nonnull (
      CMS_add1_signer (cms, signer->certificate, signer->key, EVP_sha256 (), CMS_BINARY));
  g_assert_cmpint (CMS_final (cms, bio, NULL, CMS_BINARY), ==, 1);
  int size = i2d_CMS_ContentInfo (cms, &der);
  return take_der (der, size);
}

typedef struct {
  Holder old, fresh, other, link, signer, fresh_signer, lister;
  GPtrArray *files;
} Fixture;

static const Wish old_wish = { "CSCA 1", TRUE, NULL, -100, 1000 };
static const Wish fresh_wish = { "CSCA 2", TRUE, NULL, -100, 1000 };
static const Wish signer_wish = { "Signer", FALSE, NULL, -100, 1000 };
static const Wish lister_wish = { "Lister", FALSE, LIST_KEY, -100, 1000 };

static void set_up (Fixture *fixture, gconstpointer data) {
  fixture->old = make (&old_wish, NULL, NULL);
  fixture->fresh = make (&fresh_wish, NULL, NULL);
  fixture->other = make (&old_wish, NULL, NULL);
  fixture->link = make (&fresh_wish, fixture->fresh.key, &fixture->old);
  fixture->signer = make (&signer_wish, NULL, &fixture->old);
  fixture->fresh_signer = make (&signer_wish, NULL, &fixture->fresh);
  fixture->lister = make (&lister_wish, NULL, &fixture->old);
  fixture->files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (fixture->files, encode (fixture->old.certificate));
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  holder_clear (&fixture->old);
  holder_clear (&fixture->fresh);
  holder_clear (&fixture->other);
  holder_clear (&fixture->link);
  holder_clear (&fixture->signer);
  holder_clear (&fixture->fresh_signer);
  holder_clear (&fixture->lister);
  g_ptr_array_unref (fixture->files);
}

/* The chain of SIGNER by the fixture's files has LENGTH certificates; 0: there is none. */
static void assert_chain (Fixture *fixture, const Holder *signer, guint length) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboCertificateStore) store = tambo_certificate_store_new (fixture->files, &error);

  g_assert_no_error (error);
  g_autoptr (GPtrArray) chain =
      tambo_certificate_store_find_chain (store, signer->certificate, &error);
  g_assert_cmpuint (chain ? chain->len : 0, ==, length);
  if (length == 0)
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
}

static void test_chain (Fixture *fixture, gconstpointer data) {
  assert_chain (fixture, &fixture->signer, 2);
  assert_chain (fixture, &fixture->fresh_signer, 0);
  g_ptr_array_set_size (fixture->files, 0);
  assert_chain (fixture, &fixture->signer, 0);
  g_ptr_array_add (fixture->files, encode (fixture->other.certificate)); /* of the same name */
  assert_chain (fixture, &fixture->signer, 0);
  g_ptr_array_add (fixture->files, encode (fixture->old.certificate));
  assert_chain (fixture, &fixture->signer, 2);
}

static void test_link (Fixture *fixture, gconstpointer data) {
  g_ptr_array_add (fixture->files, encode (fixture->link.certificate));
  assert_chain (fixture, &fixture->fresh_signer, 3);
  g_ptr_array_remove_index (fixture->files, 0);
  assert_chain (fixture, &fixture->fresh_signer, 0);
}

static void test_pem (Fixture *fixture, gconstpointer data) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *text;

  PEM_write_bio_X509 (bio, fixture->fresh.certificate);
  PEM_write_bio_X509 (bio, fixture->old.certificate);
  long size = BIO_get_mem_data (bio, &text);
  g_ptr_array_set_size (fixture->files, 0);
  g_ptr_array_add (fixture->files, g_bytes_new (text, (gsize) size));
  assert_chain (fixture, &fixture->signer, 2);
  assert_chain (fixture, &fixture->fresh_signer, 2);
}

static void assert_refused (Fixture *fixture, GBytes *file, TamboChipError code) {
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (fixture->files, file);
  g_assert_null (tambo_certificate_store_new (fixture->files, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, (int) code);
  g_ptr_array_remove_index (fixture->files, fixture->files->len - 1);
}

static void test_garbage (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) whole = encode (fixture->fresh.certificate);
  gsize size;
  const guint8 *octets = g_bytes_get_data (whole, &size);

  assert_refused (fixture, g_bytes_new ("", 0), TAMBO_CHIP_ERROR_MALFORMED);
  assert_refused (fixture, g_bytes_new ("-----BEGIN ", 11), TAMBO_CHIP_ERROR_MALFORMED);
  for (gsize cut = 1; cut < size; cut++)
    assert_refused (fixture, g_bytes_new (octets, cut), TAMBO_CHIP_ERROR_MALFORMED);
}

static void test_master_list (Fixture *fixture, gconstpointer data) {
  X509 *certificates[] = { fixture->old.certificate, fixture->fresh.certificate,
                           fixture->link.certificate };
  Holder stranger = make (&lister_wish, NULL, &fixture->other);

  assert_refused (fixture, make_master_list (&stranger, certificates, 3),
                  TAMBO_CHIP_ERROR_AUTHENTICATION);
  assert_refused (fixture, make_master_list (&fixture->signer, certificates, 3),
                  TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_ptr_array_insert (fixture->files, 0, make_master_list (&fixture->lister, certificates, 3));
  assert_chain (fixture, &fixture->fresh_signer, 2);
  g_ptr_array_remove_index (fixture->files, 1); /* nobody vouches for the list */
  g_autoptr (GError) error = NULL;
  g_assert_null (tambo_certificate_store_new (fixture->files, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  holder_clear (&stranger);
}

/* Changed or cut anywhere, a master list says nothing else than before. */
static void test_master_list_tampered (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) whole = make_master_list (&fixture->lister, &fixture->fresh.certificate, 1);
  gsize size;
  const guint8 *octets = g_bytes_get_data (whole, &size);

  for (gsize i = 0; i < size; i++) {
    g_autofree guint8 *copy = g_memdup2 (octets, size);
    g_auto (TamboMasterList) cut = { NULL };
    g_auto (TamboMasterList) list = { NULL };
    g_assert_false (tambo_master_list_parse (copy, i, &cut, NULL));
    copy[i] ^= 1;
    if (tambo_master_list_parse (copy, size, &list, NULL)) {
      g_assert_cmpuint (list.certificates->len, ==, 1);
      g_assert_cmpint (
          X509_cmp (g_ptr_array_index (list.certificates, 0), fixture->fresh.certificate), ==, 0);
    }
  }
}

/* LIST asked about the fixture's signer: CAUSE, or NULL when it holds. */
static void assert_revocation (Fixture *fixture, GBytes *list, gboolean listed, const char *cause) {
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (fixture->files, list);
  g_autoptr (TamboCertificateStore) store = tambo_certificate_store_new (fixture->files, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) chain =
      tambo_certificate_store_find_chain (store, fixture->signer.certificate, &error);
  g_assert_no_error (error);
  gboolean is_listed;
  gboolean holds = tambo_certificate_store_check_revocation (store, chain, &is_listed, &error);
  g_assert_cmpint (holds, ==, cause == NULL);
  g_assert_cmpint (is_listed, ==, listed);
  if (cause) {
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
    g_assert_nonnull (strstr (error->message, cause));
  }
  g_ptr_array_remove_index (fixture->files, fixture->files->len - 1);
}

static void test_revocation (Fixture *fixture, gconstpointer data) {
  X509 *signer = fixture->signer.certificate;

  assert_revocation (fixture, make_list (&fixture->old, NULL, 10), TRUE, NULL);
  assert_revocation (fixture, make_list (&fixture->old, signer, 10), TRUE, "was revoked on");
  assert_revocation (fixture, make_list (&fixture->old, signer, -1), TRUE, "was revoked on");
  assert_revocation (fixture, make_list (&fixture->old, NULL, -1), TRUE, "expired on");
  assert_revocation (fixture, make_list (&fixture->other, NULL, 10), TRUE, "not signed");
  assert_revocation (fixture, make_list (&fixture->fresh, signer, 10), FALSE, NULL);
}

static void test_document_types (Fixture *fixture, gconstpointer data) {
  Holder holder = make (&signer_wish, NULL, &fixture->old);
  g_autoptr (ASN1_OBJECT) oid = OBJ_txt2obj ("2.23.136.1.1.6.2", 1);
  ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new ();
  static const guint8 list[] = { 0x30, 0x0C, 0x02, 0x01, 0x00, 0x31, 0x07,
                                 0x13, 0x01, 'P',  0x13, 0x02, 'I',  'R' };

  g_assert_true (tambo_certificate_check_document_type (holder.certificate, "V", NULL));
  ASN1_OCTET_STRING_set (value, list, sizeof list);
  g_autoptr (X509_EXTENSION) extension = X509_EXTENSION_create_by_OBJ (NULL, oid, FALSE, value);
  ASN1_OCTET_STRING_free (value);
  X509_add_ext (holder.certificate, extension, -1);
  g_assert_true (tambo_certificate_check_document_type (holder.certificate, "P", NULL));
  g_assert_true (tambo_certificate_check_document_type (holder.certificate, "PO", NULL));
  g_assert_true (tambo_certificate_check_document_type (holder.certificate, "IR", NULL));
  g_assert_false (tambo_certificate_check_document_type (holder.certificate, "I", NULL));
  g_assert_false (tambo_certificate_check_document_type (holder.certificate, "V", NULL));
  holder_clear (&holder);
}

static void test_validity (Fixture *fixture, gconstpointer data) {
  static const Wish early = { "Early", FALSE, NULL, 5, 10 };
  static const Wish late = { "Late", FALSE, NULL, -10, -5 };
  static const struct {
    const Wish *wish;
    int signed_on;
    const char *cause;
  } cases[] = {
    { &signer_wish, -1, NULL },           { &signer_wish, -200, "when the signer's key" },
    { &early, 6, "is not valid before" }, { &late, -6, "it was valid when it signed" },
    { &late, -1, "nor was it valid" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    Holder holder = make (cases[i].wish, NULL, &fixture->old);
    ASN1_TIME *signed_at = X509_gmtime_adj (NULL, cases[i].signed_on * DAY);
    g_autoptr (GPtrArray) chain = g_ptr_array_new ();
    g_autoptr (GError) error = NULL;
    g_ptr_array_add (chain, holder.certificate);
    gboolean valid = tambo_certificate_check_validity (chain, signed_at, &error);
    g_assert_cmpint (valid, ==, cases[i].cause == NULL);
    if (cases[i].cause)
      g_assert_nonnull (strstr (error->message, cases[i].cause));
    ASN1_TIME_free (signed_at);
    holder_clear (&holder);
  }
}

#define ADD(path, test)                                                                            \
  g_test_add ("/chip/certificate-store/" path, Fixture, NULL, set_up, test, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("chain", test_chain);
  ADD ("link", test_link);
  ADD ("pem", test_pem);
  ADD ("garbage", test_garbage);
  ADD ("master-list", test_master_list);
  ADD ("master-list-tampered", test_master_list_tampered);
  ADD ("revocation", test_revocation);
  ADD ("document-types", test_document_types);
  ADD ("validity", test_validity);
  return g_test_run ();
}
