/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Passive authentication, Doc 9303-11 section 5.1: the SOD's form, its signature, its signer and the
 * hashes of the data groups, each a row of its own.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/objects.h>

#include "base/cleanup.h"
#include "chip/certificate-store.h"
#include "chip/certificate.h"
#include "chip/data-group.h"
#include "chip/security-object.h"
#include "chip/signed-data.h"
#include "chip/sod.h"
#include "record/country.h"

#define NAME "the SOD"

/* DG3 and DG4 stand behind extended access control: not having read them proves nothing. */
#define GUARDED_GROUPS (1u << 3 | 1u << 4)

static CMS_ContentInfo *parse_cms (GBytes *sod, GError **error) {
  g_autoptr (GBytes) der = tambo_sod_dup_cms (sod, error);
  if (!der)
    return NULL;

  gsize size;
  gconstpointer data = g_bytes_get_data (der, &size);
  return tambo_signed_data_parse (data, size, TAMBO_OID_LDS_SECURITY_OBJECT, NAME, error);
}

static gboolean parse_content (CMS_ContentInfo *cms, TamboSecurityObject *out_object,
                               GError **error) {
  const ASN1_OCTET_STRING *content = tambo_signed_data_get_content (cms, NAME, error);

  return content
         && tambo_security_object_parse (ASN1_STRING_get0_data (content),
                                         (gsize) ASN1_STRING_length (content), out_object, error);
}

static const ASN1_TIME *find_signing_time (CMS_ContentInfo *cms) {
  static const int types[] = { V_ASN1_UTCTIME, V_ASN1_GENERALIZEDTIME };
  CMS_SignerInfo *signer = sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (cms), 0);
  const ASN1_OBJECT *name = OBJ_nid2obj (NID_pkcs9_signingTime);
  const ASN1_TIME *time = NULL;

  for (gsize i = 0; !time && i < G_N_ELEMENTS (types); i++)
    time = CMS_signed_get0_data_by_OBJ (signer, name, -3, types[i]);
  ERR_clear_error ();
  return time;
}

/* A row for CHECK: passed without ERROR. */
static void add_row (GPtrArray *verdicts, const char *check, const GError *error) {
  if (error)
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED, "%s", error->message);
  else
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_PASSED, "%s", "");
}

static void skip (GPtrArray *verdicts, const char *check, const char *reason) {
  tambo_verdict_add (verdicts, check, TAMBO_VERDICT_SKIPPED, "%s", reason);
}

/* What is judged of one document's signer. */
typedef struct {
  const TamboCertificateStore *store;
  GPtrArray *chain; /* X509, the signer first; alone where no CSCA was given */
  const ASN1_TIME *signed_at;
  const char *mrz; /* DG1's, or NULL */
  GPtrArray *verdicts;
} Signer;

/* COUNT characters of the MRZ from START, without fillers. */
static char *dup_field (const char *mrz, gsize start, gsize count) {
  char *field = strlen (mrz) >= start + count ? g_strndup (mrz + start, count) : g_strdup ("");

  g_strdelimit (field, "<", '\0');
  return field;
}

static void judge_usage (const Signer *signer) {
  X509 *certificate = g_ptr_array_index (signer->chain, 0);
  g_autoptr (GError) error = NULL;
  g_autofree char *code = signer->mrz ? dup_field (signer->mrz, 0, 2) : NULL;

  gboolean holds = tambo_certificate_check_usage (certificate, &error)
                   && (!code || tambo_certificate_check_document_type (certificate, code, &error));
  g_assert (holds || error);
  add_row (signer->verdicts, "signer-usage", error);
}

static void judge_validity (const Signer *signer) {
  g_autoptr (GError) error = NULL;

  if (tambo_certificate_check_validity (signer->chain, signer->signed_at, &error))
    tambo_verdict_add (signer->verdicts, "signer-validity", TAMBO_VERDICT_PASSED, "%s",
                       signer->signed_at ? "" : "the SOD does not say when it was signed");
  else
    add_row (signer->verdicts, "signer-validity", error);
}

static void judge_revocation (const Signer *signer) {
  g_autoptr (GError) error = NULL;
  gboolean listed = FALSE;

  if (signer->store
      && !tambo_certificate_store_check_revocation (signer->store, signer->chain, &listed, &error))
    add_row (signer->verdicts, "signer-revocation", error);
  else if (listed)
    add_row (signer->verdicts, "signer-revocation", NULL);
  else
    skip (signer->verdicts, "signer-revocation", "no revocation list of this CSCA was given");
}

static char *find_country_fault (const Signer *signer, const char *country) {
  for (guint i = 1; i < signer->chain->len; i++) {
    g_autofree char *above = tambo_certificate_dup_country (g_ptr_array_index (signer->chain, i));
    if (g_strcmp0 (above, country) != 0)
      return g_strdup_printf ("the signer is of %s, its CSCA of %s", country,
                              above ? above : "no country");
  }
  g_autofree char *state = signer->mrz ? dup_field (signer->mrz, 2, 3) : NULL;
  const char *issuer = tambo_state_code_to_alpha2 (state);
  if (issuer && strcmp (issuer, country) != 0)
    return g_strdup_printf ("the signer is of %s, the document of %s", country, state);
  return NULL;
}

/* Doc 9303-12 section 7.1.1: CSCA, signer and document are of one state. */
static void judge_country (const Signer *signer) {
  g_autofree char *country = tambo_certificate_dup_country (g_ptr_array_index (signer->chain, 0));
  g_autofree char *fault = country ? find_country_fault (signer, country)
                                   : g_strdup ("the signer's certificate names no country");

  tambo_verdict_add (signer->verdicts, "country",
                     fault ? TAMBO_VERDICT_FAILED : TAMBO_VERDICT_PASSED, "%s", fault ? fault : "");
}

/* document-signer; the chain as far as it could be found. */
static GPtrArray *judge_chain (const TamboCertificateStore *store, X509 *certificate,
                               GError *store_problem, GPtrArray *verdicts) {
  g_autoptr (GError) error = store_problem ? g_error_copy (store_problem) : NULL;
  GPtrArray *chain = NULL;

  if (store && tambo_certificate_store_count (store) == 0) {
    skip (verdicts, "document-signer", "no CSCA certificate was given");
  } else {
    chain = store ? tambo_certificate_store_find_chain (store, certificate, &error) : NULL;
    add_row (verdicts, "document-signer", error);
  }
  if (!chain) {
    chain = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
    X509_up_ref (certificate);
    g_ptr_array_add (chain, certificate);
  }
  return chain;
}

/* The rows about the signer, each for itself. */
static const char *const signer_checks[] = { "document-signer", "signer-usage", "signer-validity",
                                             "signer-revocation", "country" };

static void skip_signer (GPtrArray *verdicts, const char *reason) {
  for (gsize i = 0; i < G_N_ELEMENTS (signer_checks); i++)
    skip (verdicts, signer_checks[i], reason);
}

static void judge_signer (X509 *certificate, const ASN1_TIME *signed_at, GPtrArray *csca,
                          const char *mrz, GPtrArray *verdicts) {
  g_autoptr (GError) problem = NULL;
  g_autoptr (TamboCertificateStore) store = tambo_certificate_store_new (csca, &problem);
  g_autoptr (GPtrArray) chain = judge_chain (store, certificate, problem, verdicts);
  Signer signer = { store, chain, signed_at, mrz, verdicts };

  judge_usage (&signer);
  judge_validity (&signer);
  judge_revocation (&signer);
  judge_country (&signer);
}

static char *find_mrz (const TamboLds *lds) {
  return lds->files[TAMBO_LDS_DG1] ? tambo_dg1_parse (lds->files[TAMBO_LDS_DG1], NULL) : NULL;
}

/* sod-format, sod-signature and those about the signer. FALSE when there are no hashes to compare
 * with. */
static gboolean judge_sod (const TamboLds *lds, GPtrArray *csca, GPtrArray *verdicts,
                           TamboSecurityObject *out_object) {
  GBytes *sod = lds->files[TAMBO_LDS_SOD];
  g_autoptr (GError) error = NULL;
  g_autoptr (CMS_ContentInfo) cms = NULL;
  g_autoptr (X509) certificate = NULL;
  g_autofree char *mrz = find_mrz (lds);

  if (!sod)
    g_set_error_literal (&error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "there is no EF.SOD");
  else
    cms = parse_cms (sod, &error);
  gboolean readable = cms && parse_content (cms, out_object, &error);
  add_row (verdicts, "sod-format", error);
  if (!readable) {
    skip (verdicts, "sod-signature", "the SOD is not readable");
    skip_signer (verdicts, "the SOD is not readable");
    return FALSE;
  }
  certificate = tambo_signed_data_check_signature (cms, NAME, &error);
  add_row (verdicts, "sod-signature", error);
  if (certificate)
    judge_signer (certificate, find_signing_time (cms), csca, mrz, verdicts);
  else
    skip_signer (verdicts, "no certificate made the signature");
  return TRUE;
}

static void judge_group (const TamboLds *lds, guint number, const TamboSecurityObject *object,
                         GPtrArray *verdicts) {
  GBytes *file = lds->files[TAMBO_LDS_COM + number];
  g_autofree char *check = g_strdup_printf ("hash-DG%u", number);

  if (!object)
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_SKIPPED, "the SOD is not readable");
  else if (!(object->groups & (1u << number)))
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED, "the SOD does not name it");
  else if (!file && (GUARDED_GROUPS & (1u << number)))
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_SKIPPED,
                       "not read: it stands behind extended access control");
  else if (!file)
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED,
                       "the SOD names it, but it is not there");
  else if (tambo_security_object_matches (object, number, file))
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_PASSED, "%s", "");
  else
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED,
                       "it is not what was signed: the hash differs");
}

/* LDSVersionInfo of a SOD of version 1 repeats, signed, what EF.COM says unsigned. */
static void judge_version (const TamboCom *com, const TamboSecurityObject *object,
                           GPtrArray *verdicts) {
  static const char check[] = "lds-version";

  if (!object->lds_version[0])
    skip (verdicts, check, "a SOD of version 0 does not say it");
  else if (strcmp (com->lds_version, object->lds_version) != 0
           || strcmp (com->unicode_version, object->unicode_version) != 0)
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED,
                       "EF.COM and the signed SOD say different versions");
  else
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_PASSED, "%s", "");
}

static char *dup_names (guint32 groups) {
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint number = 1; number <= 16; number++)
    if (groups & (1u << number))
      g_string_append_printf (names, "%sDG%u", names->len > 0 ? ", " : "", number);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* Readers follow the unsigned list: what it leaves out is never looked at. */
static void judge_list (const TamboCom *com, const TamboSecurityObject *object,
                        GPtrArray *verdicts) {
  g_autofree char *unsigned_names = dup_names (com->groups & ~object->groups);
  g_autofree char *hidden_names = dup_names (object->groups & ~com->groups);

  if (*hidden_names)
    tambo_verdict_add (verdicts, "lds-groups", TAMBO_VERDICT_FAILED,
                       "EF.COM leaves out what the SOD names: %s", hidden_names);
  else if (*unsigned_names)
    tambo_verdict_add (verdicts, "lds-groups", TAMBO_VERDICT_FAILED,
                       "EF.COM names what the SOD does not: %s", unsigned_names);
  else
    tambo_verdict_add (verdicts, "lds-groups", TAMBO_VERDICT_PASSED, "%s", "");
}

/* EF.COM against OBJECT, which is NULL when the SOD is not readable. The data groups it announces. */
static guint32 judge_com (GBytes *file, const TamboSecurityObject *object, GPtrArray *verdicts) {
  static const char *const checks[] = { "lds-version", "lds-groups" };
  g_autoptr (GError) error = NULL;
  TamboCom com = { 0 };
  gboolean readable = file && tambo_com_parse_whole (file, &com, &error);

  if (error)
    add_row (verdicts, "com-format", error);
  if (readable && object) {
    judge_version (&com, object, verdicts);
    judge_list (&com, object, verdicts);
    return com.groups;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    skip (verdicts, checks[i],
          !file       ? "there is no EF.COM"
          : !readable ? "EF.COM is not readable"
                      : "the SOD is not readable");
  return com.groups;
}

static guint32 find_groups (const TamboLds *lds) {
  guint32 groups = 0;

  for (guint number = 1; number <= 16; number++)
    if (lds->files[TAMBO_LDS_COM + number])
      groups |= 1u << number;
  return groups;
}

gboolean tambo_passive_authentication (const TamboLds *lds, GPtrArray *csca, GPtrArray *verdicts) {
  TamboSecurityObject object = { 0 };
  guint first = verdicts->len;

  const TamboSecurityObject *signed_object =
      judge_sod (lds, csca, verdicts, &object) ? &object : NULL;
  guint32 groups = judge_com (lds->files[TAMBO_LDS_COM], signed_object, verdicts)
                   | find_groups (lds) | object.groups;
  for (guint number = 1; number <= 16; number++)
    if (groups & (1u << number))
      judge_group (lds, number, signed_object, verdicts);

  for (guint i = first; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    if (verdict->result == TAMBO_VERDICT_FAILED)
      return FALSE;
  }
  return TRUE;
}
