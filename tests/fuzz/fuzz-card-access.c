/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/card-access.h"

#include "chip/domain-parameters.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) file = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) infos = tambo_card_access_parse (file, &error);

  fuzz_outcome (infos, error);
  for (guint i = 0; infos && i < infos->len; i++) {
    const TamboPaceInfo *info = &g_array_index (infos, TamboPaceInfo, i);
    g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (info->parameter_id);
    g_autofree char *name = tambo_pace_info_dup_name (info);
    g_assert_nonnull (domain);
    g_assert_nonnull (name);
    g_autoptr (GBytes) again = tambo_card_access_encode (info, 1);
    g_autoptr (GArray) same = tambo_card_access_parse (again, NULL);
    g_assert_true (same && same->len == 1);
  }
  return 0;
}
