/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/card-access.h"

#include "hex.h"

static GArray *parse (const char *text, GError **error) {
  g_autoptr (GBytes) file = hex (text);

  return tambo_card_access_parse (file, error);
}

/* The PACEInfo of Doc 9303-11 appendix G.1. */
static void test_appendix (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) infos = parse ("31143012060A04007F0007020204020202010202010D", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (infos->len, ==, 1);
  const TamboPaceInfo *info = &g_array_index (infos, TamboPaceInfo, 0);
  g_assert_cmpint (info->mapping, ==, TAMBO_PACE_ECDH_GM);
  g_assert_cmpint (info->cipher, ==, TAMBO_PACE_AES_128);
  g_assert_cmpuint (info->parameter_id, ==, 13);
  g_assert_false (info->ambiguous);
  g_autofree char *name = tambo_pace_info_dup_name (info);
  g_assert_cmpstr (name, ==, "PACE-ECDH-GM-AES-CBC-CMAC-128, brainpoolP256r1");
  g_autoptr (GBytes) again = tambo_card_access_encode (info, 1);
  assert_hex (again, "31143012060A04007F0007020204020202010202010D");
}

/* Best first, whatever the order in the file; two parameters make each ambiguous. */
static void test_order (void) {
  TamboPaceInfo infos[] = { { TAMBO_PACE_DH_GM, TAMBO_PACE_AES_256, 2, FALSE },
                            { TAMBO_PACE_ECDH_GM, TAMBO_PACE_3DES, 12, FALSE },
                            { TAMBO_PACE_ECDH_CAM, TAMBO_PACE_AES_128, 12, FALSE },
                            { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_256, 12, FALSE },
                            { TAMBO_PACE_ECDH_IM, TAMBO_PACE_AES_256, 12, FALSE } };
  static const int expected[] = { 2, 3, 1, 4, 0 };
  g_autoptr (GBytes) file = tambo_card_access_encode (infos, G_N_ELEMENTS (infos));
  g_autoptr (GArray) sorted = tambo_card_access_parse (file, NULL);

  g_assert_cmpuint (sorted->len, ==, G_N_ELEMENTS (infos));
  for (guint i = 0; i < sorted->len; i++) {
    const TamboPaceInfo *info = &g_array_index (sorted, TamboPaceInfo, i);
    g_assert_cmpint (info->mapping, ==, infos[expected[i]].mapping);
    g_assert_cmpint (info->cipher, ==, infos[expected[i]].cipher);
    g_assert_true (info->ambiguous);
  }
}

/* What is not known is passed over; the file stays readable. */
static void test_unknown (void) {
  static const char *const files[] = {
    "3100",
    "31143012060A04007F0007020204020202010102010D",  /* version 1 */
    "31143012060A04007F00070202040202020102020105",  /* reserved parameters */
    "31143012060A04007F0007020204020502010202010D",  /* a fifth cipher */
    "31143012060A04007F0007020204050202010202010D",  /* a fifth mapping */
    "31143012060A04007F00070202040102020102020 10D", /* DH over a curve */
    "31143012060A04007F0007020204060102010202010D",  /* CAM with 3DES */
    "31143012060A04007F0007020204040202010202010A",  /* IM over P-224 */
    "3111300F060A04007F00070202040202020102",        /* parameters of its own */
    "310D300B0606678108010105020101",                /* another protocol */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GArray) infos = parse (files[i], &error);
    g_assert_no_error (error);
    g_assert_cmpuint (infos->len, ==, 0);
  }
}

static void test_malformed (void) {
  static const char whole[] = "31283012060A04007F0007020204020202010202010D"
                              "3012060A04007F0007020204060202010202010D";
  g_autoptr (GBytes) bytes = hex (whole);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize cut = 0; cut < size; cut++) {
    g_autoptr (GBytes) part = g_bytes_new (data, cut);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_card_access_parse (part, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
  static const char *const files[] = {
    "3014060A04007F0007020204020202010202010D",          /* no SET */
    "310002",                                            /* more behind */
    "31143112060A04007F0007020204020202010202010D",      /* not a SEQUENCE */
    "3104 3002 0600",                                    /* no data */
    "31173015060A04007F0007020204020202010202010D020100" /* a fourth element */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (parse (files[i], &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/card-access/appendix", test_appendix);
  g_test_add_func ("/chip/card-access/order", test_order);
  g_test_add_func ("/chip/card-access/unknown", test_unknown);
  g_test_add_func ("/chip/card-access/malformed", test_malformed);
  return g_test_run ();
}
