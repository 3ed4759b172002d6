/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/sod.h"

#include "chip/data-group.h"
#include "fuzz.h"

#define MRZ                                                                                        \
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"                                                 \
  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (TamboLds) lds = tambo_lds_new ();
  g_autoptr (GBytes) sod = g_bytes_new_static (data, size);
  g_autoptr (GBytes) dg1 = tambo_dg1_encode (MRZ);
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) cms = tambo_sod_dup_cms (sod, &error);

  fuzz_outcome (cms, error);
  tambo_lds_set (lds, TAMBO_LDS_SOD, sod);
  tambo_lds_set (lds, TAMBO_LDS_DG1, dg1);
  gboolean passed = tambo_passive_authentication (lds, NULL, verdicts);
  g_assert_cmpuint (verdicts->len, >=, 4);
  g_assert_true (cms || !passed);
  return 0;
}
