/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "specimen.h"

#include <string.h>

#include "chip/data-group.h"

TamboLds *specimen_lds (const TamboSigner *signer, gsize size) {
  TamboLds *lds = tambo_lds_new ();
  g_autofree guint8 *filler = g_malloc (size);

  memset (filler, 0x3C, size);
  g_autoptr (GBytes) image = g_bytes_new (filler, size);
  g_autoptr (GBytes) dg1 = tambo_dg1_encode (SPECIMEN_MRZ);
  g_autoptr (GBytes) dg7 = tambo_dg7_encode (image);
  tambo_lds_set (lds, TAMBO_LDS_DG1, dg1);
  tambo_lds_set (lds, TAMBO_LDS_DG7, dg7);
  g_autoptr (GBytes) com = tambo_com_encode (lds);
  tambo_lds_set (lds, TAMBO_LDS_COM, com);
  if (signer) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) sod = tambo_sod_sign (lds, signer, &error);
    g_assert_no_error (error);
    tambo_lds_set (lds, TAMBO_LDS_SOD, sod);
  }
  return lds;
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
