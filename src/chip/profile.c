/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/profile.h"

static const TamboChipProfile profiles[] = {
  {
      /* The open JMRTD PassportApplet: no personalisation key, plain commands until the lock. It
       * reserves DG3 and DG4 for a terminal that nobody can authenticate yet, and has no DG16. */
      .name = "jmrtd",
      .create_tag = 0x63,
      .max_write = 223,
      .max_offset = 0x7FFF,
      .refused_files = 1u << TAMBO_LDS_DG3 | 1u << TAMBO_LDS_DG4 | 1u << TAMBO_LDS_DG16,
      .bac_key_p1p2 = 0x0062,
      .bac_key_tag = 0x62,
      .lock_ins = 0xDA,
      .lock_p1 = 0xDE,
      .lock_p2 = 0xAD,
  },
};

static const char *const names[] = { "jmrtd", NULL };

G_STATIC_ASSERT (G_N_ELEMENTS (names) == G_N_ELEMENTS (profiles) + 1);

const TamboChipProfile *tambo_chip_profile_find (const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    if (g_strcmp0 (profiles[i].name, name) == 0)
      return &profiles[i];
  return NULL;
}

const char *const *tambo_chip_profile_names (void) {
  return names;
}
