/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "specimen.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/x509.h>

#include "base/cleanup.h"
#include "chip/data-group.h"
#include "chip/key-info.h"

TamboLds *specimen_lds (const TamboSigner *signer, gsize size) {
  TamboLds *lds = tambo_lds_new ();
  g_autofree guint8 *filler = g_malloc (size);

  memset (filler, 0x3C, size);
  g_autoptr (GBytes) image = g_bytes_new (filler, size);
  g_autoptr (GBytes) dg1 = tambo_dg1_encode (SPECIMEN_MRZ);
  g_autoptr (GBytes) dg7 = tambo_dg7_encode (image);
  tambo_lds_set (lds, TAMBO_LDS_DG1, dg1);
  tambo_lds_set (lds, TAMBO_LDS_DG7, dg7);
  specimen_sign (lds, signer);
  return lds;
}

void specimen_sign (TamboLds *lds, const TamboSigner *signer) {
  g_autoptr (GBytes) com = tambo_com_encode (lds);
  g_autoptr (GError) error = NULL;

  tambo_lds_set (lds, TAMBO_LDS_COM, com);
  if (!signer)
    return;
  g_autoptr (GBytes) sod = tambo_sod_sign (lds, signer, &error);
  g_assert_no_error (error);
  tambo_lds_set (lds, TAMBO_LDS_SOD, sod);
}

GBytes *specimen_add_keys (TamboLds *lds, const TamboSigner *signer) {
  static const TamboPaceInfo pace = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_256, 13, FALSE };
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  unsigned char *der = NULL;

  tambo_key_infos_add_pace (infos, &pace);
  g_assert_true (tambo_key_infos_add_chip_authentication (infos, key, TAMBO_PACE_AES_128, NULL));
  g_autoptr (GBytes) dg14 = tambo_dg14_encode (infos);
  tambo_lds_set (lds, TAMBO_LDS_DG14, dg14);
  specimen_sign (lds, signer);
  int size = i2d_PrivateKey (key, &der);
  GBytes *secret = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);
  return secret;
}

GPtrArray *specimen_csca (const TamboSigner *csca) {
  GPtrArray *array = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (array, g_bytes_new (csca->certificate, strlen (csca->certificate)));
  return array;
}

int specimen_result (GPtrArray *verdicts, const char *check) {
  for (guint i = 0; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    if (strcmp (verdict->check, check) == 0)
      return (int) verdict->result;
  }
  return -1;
}

GPtrArray *specimen_verdicts (void) {
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
}
