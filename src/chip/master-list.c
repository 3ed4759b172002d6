/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/master-list.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "chip/signed-data.h"
#include "format/tlv.h"

#define NAME "the master list"
#define OID_MASTER_LIST "2.23.136.1.1.2"
#define OID_SIGNING_KEY "2.23.136.1.1.3"
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define TAG_INTEGER 0x02

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)

void tambo_master_list_clear (TamboMasterList *list) {
  g_clear_pointer (&list->signer, X509_free);
  g_clear_pointer (&list->certificates, g_ptr_array_unref);
}

/* A key that signs anything else must not be taken for one that vouches for states. */
static gboolean is_for_master_lists (X509 *signer) {
  g_autoptr (ASN1_OBJECT) wanted = OBJ_txt2obj (OID_SIGNING_KEY, 1);
  g_autoptr (EXTENDED_KEY_USAGE) usage = X509_get_ext_d2i (signer, NID_ext_key_usage, NULL, NULL);

  for (int i = 0; usage && i < sk_ASN1_OBJECT_num (usage); i++)
    if (OBJ_cmp (sk_ASN1_OBJECT_value (usage, i), wanted) == 0)
      return TRUE;
  return FALSE;
}

static X509 *parse_one (TamboReader *reader) {
  TamboReader before = *reader;
  TamboTlv tlv;

  if (!tambo_tlv_next (reader, &tlv) || tlv.tag != TAG_SEQUENCE)
    return NULL;
  const guint8 *at = before.data + before.position;
  gsize size = reader->position - before.position;
  const guint8 *end = at;
  g_autoptr (X509) certificate = d2i_X509 (NULL, &end, (long) size);
  return certificate && end == at + size ? g_steal_pointer (&certificate) : NULL;
}

/* CscaMasterList { version 0, SET OF Certificate } */
static GPtrArray *parse_content (const ASN1_OCTET_STRING *content) {
  TamboReader reader =
      tambo_reader (ASN1_STRING_get0_data (content), (gsize) ASN1_STRING_length (content));
  g_autoptr (GPtrArray) certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
  TamboTlv whole, version, set;

  if (!tambo_tlv_next (&reader, &whole) || whole.tag != TAG_SEQUENCE
      || tambo_reader_left (&reader) > 0)
    return NULL;
  reader = tambo_reader (whole.value, whole.length);
  if (!tambo_tlv_next (&reader, &version) || version.tag != TAG_INTEGER || version.length != 1
      || version.value[0] != 0 || !tambo_tlv_next (&reader, &set) || set.tag != TAG_SET
      || tambo_reader_left (&reader) > 0)
    return NULL;
  reader = tambo_reader (set.value, set.length);
  while (tambo_reader_left (&reader) > 0) {
    X509 *certificate = parse_one (&reader);
    if (!certificate)
      return NULL;
    g_ptr_array_add (certificates, certificate);
  }
  return g_steal_pointer (&certificates);
}

gboolean tambo_master_list_parse (gconstpointer data, gsize size, TamboMasterList *out_list,
                                  GError **error) {
  g_auto (TamboMasterList) list = { NULL };
  g_autoptr (CMS_ContentInfo) cms =
      tambo_signed_data_parse (data, size, OID_MASTER_LIST, NAME, error);
  const ASN1_OCTET_STRING *content = cms ? tambo_signed_data_get_content (cms, NAME, error) : NULL;

  if (!content)
    return FALSE;
  list.certificates = parse_content (content);
  ERR_clear_error ();
  if (!list.certificates) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         NAME " is not a list of certificates");
    return FALSE;
  }
  list.signer = tambo_signed_data_check_signature (cms, NAME, error);
  if (!list.signer)
    return FALSE;
  if (!is_for_master_lists (list.signer)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                         "the signer of " NAME " may not sign master lists");
    return FALSE;
  }
  *out_list = list;
  memset (&list, 0, sizeof list);
  return TRUE;
}
