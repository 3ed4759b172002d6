/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <openssl/pem.h>

#include "base/cleanup.h"
#include "chip/security-object.h"
#include "chip/sod.h"
#include "hex.h"
#include "specimen.h"

typedef struct {
  TamboSigner *csca, *ds;
  GPtrArray *roots;
  TamboLds *lds;
} Fixture;

static void set_up (Fixture *fixture, gconstpointer data) {
  fixture->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  fixture->ds = tambo_document_signer_new (fixture->csca, "Specimen DS", 5, NULL);
  fixture->roots = specimen_csca (fixture->csca);
  fixture->lds = specimen_lds (fixture->ds, 100);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  tambo_lds_free (fixture->lds);
  g_ptr_array_unref (fixture->roots);
  tambo_signer_free (fixture->ds);
  tambo_signer_free (fixture->csca);
}

static void test_passed (Fixture *fixture, gconstpointer data) {
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();

  g_assert_true (tambo_passive_authentication (fixture->lds, fixture->roots, verdicts));
  static const char *const checks[] = { "sod-format",   "sod-signature",   "document-signer",
                                        "signer-usage", "signer-validity", "country",
                                        "lds-groups",   "hash-DG1",        "hash-DG7" };
  g_assert_cmpuint (verdicts->len, ==, G_N_ELEMENTS (checks) + 2);
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    g_assert_cmpint (specimen_result (verdicts, checks[i]), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (verdicts, "signer-revocation"), ==, TAMBO_VERDICT_SKIPPED);
  g_assert_cmpint (specimen_result (verdicts, "lds-version"), ==, TAMBO_VERDICT_SKIPPED);
}

static void assert_failed (Fixture *fixture, const char *check) {
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();

  g_assert_false (tambo_passive_authentication (fixture->lds, fixture->roots, verdicts));
  g_assert_cmpint (specimen_result (verdicts, check), ==, TAMBO_VERDICT_FAILED);
}

static void test_group_changed (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) changed = hex ("6700");

  tambo_lds_set (fixture->lds, TAMBO_LDS_DG7, changed);
  assert_failed (fixture, "hash-DG7");
}

static void test_group_taken_away (Fixture *fixture, gconstpointer data) {
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG7, NULL);
  assert_failed (fixture, "hash-DG7");
}

static void test_group_added (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) added = hex ("6B00");

  tambo_lds_set (fixture->lds, TAMBO_LDS_DG11, added);
  assert_failed (fixture, "hash-DG11");
}

static void test_com_announces_more (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) com = hex ("60155F0104303130375F36063034303030305C0361676C");

  tambo_lds_set (fixture->lds, TAMBO_LDS_COM, com);
  assert_failed (fixture, "hash-DG12");
  assert_failed (fixture, "lds-groups");
  g_autoptr (GBytes) broken = hex ("6000");
  tambo_lds_set (fixture->lds, TAMBO_LDS_COM, broken);
  assert_failed (fixture, "com-format");
}

/* DG7 is there and signed, but a reader that follows EF.COM never sees it. */
static void test_com_announces_less (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) com = hex ("60135F0104303130375F36063034303030305C0161");

  tambo_lds_set (fixture->lds, TAMBO_LDS_COM, com);
  assert_failed (fixture, "lds-groups");
}

/* 5F01 | 5F36 | 5C: the LDS of 1.8 with Unicode 4.0, 1.7 with 4.0, 1.8 with 3.1, 1.8 and no Unicode. */
static void test_com_version (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *com;
    TamboVerdictResult result;
  } rows[] = {
    { "60145F0104303130385F36063034303030305C026167", TAMBO_VERDICT_PASSED },
    { "60145F0104303130375F36063034303030305C026167", TAMBO_VERDICT_FAILED },
    { "60145F0104303130385F36063033303130305C026167", TAMBO_VERDICT_FAILED },
    { "600B5F0104303130385C026167", TAMBO_VERDICT_FAILED },
  };

  fixture->ds->form.lds_version = 1;
  g_autoptr (GBytes) sod = tambo_sod_sign (fixture->lds, fixture->ds, NULL);
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, sod);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
    g_autoptr (GBytes) com = hex (rows[i].com);
    tambo_lds_set (fixture->lds, TAMBO_LDS_COM, com);
    g_assert_cmpint (tambo_passive_authentication (fixture->lds, fixture->roots, verdicts), ==,
                     rows[i].result == TAMBO_VERDICT_PASSED);
    g_assert_cmpint (specimen_result (verdicts, "lds-version"), ==, rows[i].result);
    g_assert_cmpint (specimen_result (verdicts, "lds-groups"), ==, TAMBO_VERDICT_PASSED);
  }
}

static void test_other_csca (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboSigner) other = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);

  g_ptr_array_unref (fixture->roots);
  fixture->roots = specimen_csca (other);
  assert_failed (fixture, "document-signer");
}

static void test_no_csca (Fixture *fixture, gconstpointer data) {
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();

  tambo_passive_authentication (fixture->lds, NULL, verdicts);
  g_assert_cmpint (specimen_result (verdicts, "document-signer"), ==, TAMBO_VERDICT_SKIPPED);
  g_assert_cmpint (specimen_result (verdicts, "sod-signature"), ==, TAMBO_VERDICT_PASSED);
}

static void test_no_sod (Fixture *fixture, gconstpointer data) {
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, NULL);
  assert_failed (fixture, "sod-format");
}

/* DG3 stands behind extended access control: unread is not wrong, changed is. */
static void test_guarded (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) dg3 = hex ("6300");
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();

  tambo_lds_set (fixture->lds, TAMBO_LDS_DG3, dg3);
  specimen_sign (fixture->lds, fixture->ds);
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG3, NULL);
  g_assert_true (tambo_passive_authentication (fixture->lds, fixture->roots, verdicts));
  g_assert_cmpint (specimen_result (verdicts, "hash-DG3"), ==, TAMBO_VERDICT_SKIPPED);
}

/* Each byte of the SOD changed. What RFC 5652 leaves unsigned and no check depends on: two version
 * numbers and the eight octets of the signature algorithm's name. */
#define UNSIGNED_BYTES 10

static void test_tampered (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) sod = g_bytes_ref (fixture->lds->files[TAMBO_LDS_SOD]);
  gsize size;
  const guint8 *octets = g_bytes_get_data (sod, &size);
  guint n_passed = 0;

  for (gsize i = 0; i < size; i++) {
    g_autofree guint8 *copy = g_memdup2 (octets, size);
    copy[i] ^= 0x01;
    g_autoptr (GBytes) tampered = g_bytes_new_take (g_steal_pointer (&copy), size);
    g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
    tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, tampered);
    if (tambo_passive_authentication (fixture->lds, fixture->roots, verdicts))
      n_passed++;
  }
  g_assert_cmpuint (n_passed, <=, UNSIGNED_BYTES);
}

/* Where NEEDLE stands last in DATA. */
static guint8 *find_last (guint8 *data, gsize size, gconstpointer needle, gsize needle_size) {
  guint8 *found = NULL;

  for (gsize i = 0; i + needle_size <= size; i++)
    if (memcmp (data + i, needle, needle_size) == 0)
      found = data + i;
  g_assert_nonnull (found);
  return found;
}

/* The signer's reference names the issuer's parts in another order, as some states' SODs do. It is not
 * signed; another name there is another certificate. */
static void test_shuffled_issuer (Fixture *fixture, gconstpointer data) {
  gsize size;
  const guint8 *octets = g_bytes_get_data (fixture->lds->files[TAMBO_LDS_SOD], &size);
  guint8 *copy = g_memdup2 (octets, size);
  g_autoptr (BIO) bio = BIO_new_mem_buf (fixture->csca->certificate, -1);
  g_autoptr (X509) root = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
  guint8 *der = NULL;
  int der_size = i2d_X509_NAME (X509_get_subject_name (root), &der);
  guint8 *name = find_last (copy, size, der, (gsize) der_size);
  gsize first = 2u + name[3]; /* country, then common name, each a SET in the SEQUENCE */
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();

  g_assert_cmphex (name[2], ==, 0x31);
  memcpy (name + 2, der + 2 + first, (gsize) der_size - 2 - first);
  memcpy (name + (gsize) der_size - first, der + 2, first);
  OPENSSL_free (der);
  g_autoptr (GBytes) shuffled = g_bytes_new (copy, size);
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, shuffled);
  g_assert_true (tambo_passive_authentication (fixture->lds, fixture->roots, verdicts));

  name[der_size - 1] ^= 1;
  g_autoptr (GBytes) other = g_bytes_new_take (copy, size);
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, other);
  assert_failed (fixture, "sod-signature");
}

static void test_truncated (Fixture *fixture, gconstpointer data) {
  GBytes *sod = fixture->lds->files[TAMBO_LDS_SOD];
  gsize size;
  const guint8 *octets = g_bytes_get_data (sod, &size);
  g_autoptr (GBytes) keep = g_bytes_ref (sod);

  for (gsize cut = 0; cut < size; cut++) {
    g_autofree guint8 *copy = g_memdup2 (octets, cut);
    g_autoptr (GBytes) part = g_bytes_new_take (g_steal_pointer (&copy), cut);
    tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, part);
    assert_failed (fixture, "sod-format");
  }
  g_autoptr (GByteArray) longer = g_byte_array_new ();
  tambo_put_bytes (longer, octets, size);
  tambo_put_u8 (longer, 0);
  g_autoptr (GBytes) trailing = g_byte_array_free_to_bytes (g_steal_pointer (&longer));
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, trailing);
  assert_failed (fixture, "sod-format");
}

static void test_dup_cms (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) cms = tambo_sod_dup_cms (fixture->lds->files[TAMBO_LDS_SOD], &error);
  g_autoptr (GBytes) wrong = hex ("7801AA");

  g_assert_no_error (error);
  g_assert_cmphex (*(const guint8 *) g_bytes_get_data (cms, NULL), ==, 0x30);
  g_assert_null (tambo_sod_dup_cms (wrong, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
}

static void test_security_object (void) {
  g_autoptr (TamboLds) lds = specimen_lds (NULL, 10);
  g_autoptr (GBytes) encoded = tambo_security_object_encode (lds, 0, "SHA256");
  TamboSecurityObject object;
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *octets = g_bytes_get_data (encoded, &size);

  g_assert_true (tambo_security_object_parse (octets, size, &object, &error));
  g_assert_no_error (error);
  g_assert_cmphex (object.groups, ==, 1u << 1 | 1u << 7);
  g_assert_true (tambo_security_object_matches (&object, 1, lds->files[TAMBO_LDS_DG1]));
  g_assert_false (tambo_security_object_matches (&object, 7, lds->files[TAMBO_LDS_DG1]));
  g_assert_false (tambo_security_object_matches (&object, 2, lds->files[TAMBO_LDS_DG1]));

  for (gsize cut = 0; cut < size; cut++) {
    g_autofree guint8 *copy = g_memdup2 (octets, cut);
    g_autoptr (GError) cut_error = NULL;
    g_assert_false (tambo_security_object_parse (copy, cut, &object, &cut_error));
    g_assert_error (cut_error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
}

/* The other hashes that Doc 9303-10 allows, over nothing (FIPS 180-4). */
static void test_security_object_digests (void) {
  static const char *const objects[] = {
    "3049 020100 300B 0609608648016503040202 3037 3035 02010B 0430"
    "38B060A751AC96384CD9327EB1B1E36A21FDB71114BE07434C0CC7BF63F6E1DA"
    "274EDEBFE76F65FBD51AD2F14898B95B",
    "305B 020100 300D 0609608648016503040203 0500 3047 3045 02010B 0440"
    "CF83E1357EEFB8BDF1542850D66D8007D620E4050B5715DC83F4A921D36CE9CE"
    "47D0D13C5D85F2B0FF8318D2877EEC2F63B931BD47417A81A538327AF927DA3E",
    "3035 020100 300B 0609608648016503040204 3023 3021 02010B 041C"
    "D14A028C2A3A2BC9476102BB288234C415A2B01F828EA62AC5B3E42F",
  };
  g_autoptr (GBytes) nothing = hex ("");

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++) {
    g_autoptr (GBytes) bytes = hex (objects[i]);
    TamboSecurityObject object;
    g_assert_true (tambo_security_object_parse (g_bytes_get_data (bytes, NULL),
                                                g_bytes_get_size (bytes), &object, NULL));
    g_assert_cmphex (object.groups, ==, 1u << 11);
    g_assert_true (tambo_security_object_matches (&object, 11, nothing));
    g_assert_false (tambo_security_object_matches (&object, 11, bytes));
  }
}

static void test_security_object_refused (void) {
  /* hash algorithm | list of hashes */
  static const char *const algorithm_sha1 = "30 1A 020100 3007 06052B0E03021A 300C 300A 020101 "
                                            "0405 0000000000";
  static const char *const short_hash = "30 1E 020100 300B 0609608648016503040201 300C 300A "
                                        "020101 0405 0000000000";
  static const char *const empty = "30 12 020100 300B 0609608648016503040201 3000";
  static const char *const version_2 = "30 12 020102 300B 0609608648016503040201 3000";
  const char *const texts[] = { algorithm_sha1, short_hash, empty, version_2 };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) bytes = hex (texts[i]);
    TamboSecurityObject object;
    g_autoptr (GError) error = NULL;
    g_assert_false (tambo_security_object_parse (g_bytes_get_data (bytes, NULL),
                                                 g_bytes_get_size (bytes), &object, &error));
    if (i == 0)
      g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
    else
      g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
}

#define ADD(path, test) g_test_add ("/chip/sod/" path, Fixture, NULL, set_up, test, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("passed", test_passed);
  ADD ("group-changed", test_group_changed);
  ADD ("group-taken-away", test_group_taken_away);
  ADD ("group-added", test_group_added);
  ADD ("com-announces-more", test_com_announces_more);
  ADD ("com-announces-less", test_com_announces_less);
  ADD ("com-version", test_com_version);
  ADD ("other-csca", test_other_csca);
  ADD ("no-csca", test_no_csca);
  ADD ("no-sod", test_no_sod);
  ADD ("guarded", test_guarded);
  ADD ("tampered", test_tampered);
  ADD ("shuffled-issuer", test_shuffled_issuer);
  ADD ("truncated", test_truncated);
  ADD ("dup-cms", test_dup_cms);
  g_test_add_func ("/chip/security-object/values", test_security_object);
  g_test_add_func ("/chip/security-object/digests", test_security_object_digests);
  g_test_add_func ("/chip/security-object/refused", test_security_object_refused);
  return g_test_run ();
}
