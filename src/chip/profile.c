/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/profile.h"

static const TamboChipProfile profiles[] = {
  {
      /* The open JMRTD PassportApplet: no personalisation key, plain commands until the lock. It
       * reserves DG3 and DG4 for a terminal that nobody can authenticate yet, and has no DG16. It
       * looks for the numbers of the active authentication key behind an outer length of 00. */
      .name = "jmrtd",
      .authentication = TAMBO_CHIP_OPEN,
      .create = "00 E0 00 00 : 63 ( {size} {fid} )",
      .write = "00 D6 {offset} : {data}",
      .max_write = 255,
      .max_offset = 0x7FFF,
      .refused_files = 1u << TAMBO_LDS_DG3 | 1u << TAMBO_LDS_DG4 | 1u << TAMBO_LDS_DG16,
      .bac_keys = "00 DA 00 62 : 62 ( 04 ( {number} ) 04 ( {birth} ) 04 ( {expiry} ) )",
      .active_modulus = "00 DA 00 60 : 60 00 04 ( 00 {modulus} )",
      .active_exponent = "00 DA 00 61 : 61 00 04 ( 00 {exponent} )",
      .lock = "00 DA DE AD : : 00",
  },
  {
      /* ISO/IEC 7816-4 and -9: file control parameters, life cycle 03 (initialisation) until ACTIVATE
       * FILE; key 01 of the environment is the personalisation agent's. */
      .name = "iso7816",
      .authentication = TAMBO_CHIP_MUTUAL_3DES,
      .prepare = "00 22 C1 A4 : 83 ( 01 )",
      .create = "00 E0 00 00 : 62 ( 80 ( {size} ) 82 ( 01 ) 83 ( {fid} ) 88 ( {sfi} ) 8A ( 03 ) )",
      .knows_files = TRUE,
      .write = "00 D6 {offset} : {data}",
      .write_far = "00 D7 00 00 : 54 ( {offset3} ) 53 ( {data} )",
      .max_write = 239,
      .max_write_far = 231,
      .extends = TRUE,
      .max_offset = 0x7FFF,
      .bac_keys = "00 DB 3F FF : 5C ( 5F50 ) 53 ( 80 ( {k_enc} ) 81 ( {k_mac} ) )",
      .active_modulus = "00 DB 3F FF : 5C ( 5F51 ) 53 ( {modulus} )",
      .active_exponent = "00 DB 3F FF : 5C ( 5F52 ) 53 ( {exponent} )",
      .active_curve_key = "00 DB 3F FF : 5C ( 5F56 ) 53 ( {data} )",
      .chip_key = "00 DB 3F FF : 5C ( 5F53 ) 53 ( {data} )",
      .card_access = "00 DB 3F FF : 5C ( 5F54 ) 53 ( {data} )",
      .pace_password = "00 DB 3F FF : 5C ( 5F55 ) 53 ( 80 ( {reference} ) 81 ( {data} ) )",
      .max_key = 224,
      .generate = "00 47 80 00 : AC ( 80 ( 01 ) ) : 00",
      .lock_file = "00 44 00 00",
      .lock = "00 44 04 00 : A0000002471001",
  },
  {
      /* GlobalPlatform: the issuer security domain hands STORE DATA on to the application. Data
       * groupings: 0062 creates a file (EMV CPS), the file's identifier fills it, 8000 to 8002 and
       * 81xx are keys, 011C is EF.CardAccess, and the life cycle object in the last block closes the application for good. */
      .name = "gp-scp03",
      .authentication = TAMBO_CHIP_SCP,
      .select = "00 A4 04 00 : A000000151000000 : 00",
      .begin = "80 E6 20 00 : 00 00 ( A0000002471001 ) 00 00 00 : 00",
      .create = "80 E2 08 {block} : 0062 ( 62 ( 80 ( {size} ) 82 ( 01 ) 83 ( {fid} ) 88 ( {sfi} ) "
                "8A ( 03 ) ) )",
      .write = "80 E2 08 {block} : {data}",
      .write_first = "80 E2 08 {block} : {fid} FF {size} {data}",
      .max_write = 239,
      .max_write_first = 234,
      .max_offset = 0xFFFF,
      .bac_keys = "80 E2 08 {block} : 8000 ( {k_enc} {k_mac} )",
      .active_modulus = "80 E2 08 {block} : 8101 FF 00 80 {modulus}",
      .active_exponent = "80 E2 08 {block} : 8102 FF 00 80 {exponent}",
      .active_curve_key = "80 E2 08 {block} : 8104 FF {size} {data}",
      .chip_key = "80 E2 08 {block} : 8103 FF {size} {data}",
      .card_access = "80 E2 08 {block} : 011C FF {size} {data}",
      .pace_password = "80 E2 08 {block} : 80 {reference} FF {size} {data}",
      .max_key = 224,
      .lock = "80 E2 88 {block} : 9F70 ( 0F )",
  },
};

static const char *const names[] = { "jmrtd", "iso7816", "gp-scp03", NULL };

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
