/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/certificate-store.h"

#include "chip/certificate.h"
#include "fuzz.h"

/* A file that somebody gives as trust: certificates, master lists, revocation lists. And every
 * certificate as a document signer's. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (files, g_bytes_new (data, size));
  g_autoptr (TamboCertificateStore) store = tambo_certificate_store_new (files, &error);
  fuzz_outcome (store, error);
  g_autoptr (X509) certificate = tambo_certificate_parse (g_ptr_array_index (files, 0), NULL);
  if (!certificate)
    return 0;
  g_autoptr (GError) refusal = NULL;
  gboolean holds = tambo_certificate_verify_chain (certificate, files, &refusal);
  fuzz_outcome (holds, refusal);
  g_autoptr (GError) type_refusal = NULL;
  gboolean signs = tambo_certificate_check_document_type (certificate, "P", &type_refusal);
  fuzz_outcome (signs, type_refusal);
  g_autofree char *country = tambo_certificate_dup_country (certificate);
  return 0;
}
