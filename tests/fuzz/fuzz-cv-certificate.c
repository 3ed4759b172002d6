/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/cv-certificate.h"

#include <string.h>

#include "fuzz.h"

/* What a certificate says of its key is used at once, as a chip would. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboCvCertificate) certificate = tambo_cv_certificate_parse (data, size, &error);

  fuzz_outcome (certificate, error);
  if (!certificate)
    return 0;
  g_assert_cmpuint (strlen (certificate->holder), >, 0);
  g_assert_cmpuint (certificate->body_size, <, g_bytes_get_size (certificate->message));
  g_autoptr (EVP_PKEY) key = tambo_cv_certificate_dup_key (certificate, NULL, &error);
  fuzz_outcome (key, error);
  if (key) {
    g_autoptr (GError) refusal = NULL;
    gboolean holds =
        tambo_cv_certificate_verify (certificate, key, certificate->algorithm, &refusal);
    fuzz_outcome (holds, refusal);
    g_assert_true (tambo_cv_certificate_is_of (certificate, key));
  }
  return 0;
}
