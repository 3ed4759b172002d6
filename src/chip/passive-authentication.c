/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Passive authentication, Doc 9303-11 section 5.1: the SOD's form, its signature, its signer and the
 * hashes of the data groups, each a row of its own.
 */
#include "base/cleanup.h"
#include "chip/certificate.h"
#include "chip/data-group.h"
#include "chip/security-object.h"
#include "chip/signed-data.h"
#include "chip/sod.h"

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

/* A row for CHECK: passed without ERROR. */
static void add_row (GPtrArray *verdicts, const char *check, const GError *error) {
  if (error)
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED, "%s", error->message);
  else
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_PASSED, "%s", "");
}

static void judge_signer (X509 *certificate, GPtrArray *csca, GPtrArray *verdicts) {
  g_autoptr (GError) error = NULL;

  if (!certificate) {
    tambo_verdict_add (verdicts, "document-signer", TAMBO_VERDICT_SKIPPED,
                       "no certificate made the signature");
  } else if (!csca || csca->len == 0) {
    tambo_verdict_add (verdicts, "document-signer", TAMBO_VERDICT_SKIPPED,
                       "no CSCA certificate was given");
  } else {
    gboolean holds = tambo_certificate_verify_chain (certificate, csca, &error);
    g_assert (holds || error);
    add_row (verdicts, "document-signer", error);
  }
}

/* sod-format, sod-signature and document-signer. FALSE when there are no hashes to compare with. */
static gboolean judge_sod (GBytes *sod, GPtrArray *csca, GPtrArray *verdicts,
                           TamboSecurityObject *out_object) {
  g_autoptr (GError) error = NULL;
  g_autoptr (CMS_ContentInfo) cms = NULL;
  g_autoptr (X509) certificate = NULL;

  if (!sod)
    g_set_error_literal (&error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "there is no EF.SOD");
  else
    cms = parse_cms (sod, &error);
  gboolean readable = cms && parse_content (cms, out_object, &error);
  add_row (verdicts, "sod-format", error);
  if (!readable) {
    tambo_verdict_add (verdicts, "sod-signature", TAMBO_VERDICT_SKIPPED, "the SOD is not readable");
    tambo_verdict_add (verdicts, "document-signer", TAMBO_VERDICT_SKIPPED,
                       "the SOD is not readable");
    return FALSE;
  }
  certificate = tambo_signed_data_check_signature (cms, NAME, &error);
  add_row (verdicts, "sod-signature", error);
  judge_signer (certificate, csca, verdicts);
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

/* Data groups that are there or that EF.COM announces. */
static guint32 find_groups (const TamboLds *lds, GPtrArray *verdicts) {
  g_autoptr (GError) error = NULL;
  guint32 groups = 0;
  GBytes *com = lds->files[TAMBO_LDS_COM];

  if (com && !tambo_com_parse (com, &groups, &error))
    add_row (verdicts, "com-format", error);
  for (guint number = 1; number <= 16; number++)
    if (lds->files[TAMBO_LDS_COM + number])
      groups |= 1u << number;
  return groups;
}

gboolean tambo_passive_authentication (const TamboLds *lds, GPtrArray *csca, GPtrArray *verdicts) {
  TamboSecurityObject object = { 0 };
  guint first = verdicts->len;

  gboolean readable = judge_sod (lds->files[TAMBO_LDS_SOD], csca, verdicts, &object);
  guint32 groups = find_groups (lds, verdicts) | object.groups;
  for (guint number = 1; number <= 16; number++)
    if (groups & (1u << number))
      judge_group (lds, number, readable ? &object : NULL, verdicts);

  for (guint i = first; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    if (verdict->result == TAMBO_VERDICT_FAILED)
      return FALSE;
  }
  return TRUE;
}
