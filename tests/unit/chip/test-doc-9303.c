/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The worked examples of Doc 9303 that no other test holds. All of them, and where they are:
 *
 *   9303-3 section 4.9     check digits            record/test-mrz check-digit
 *   9303-3 section 6       transliteration         record/test-mrz-names
 *   9303-3 section 4.6     names cut to a field    record/test-mrz-names
 *   9303-4, -5, -6, -7     specimens of MRZ        record/test-mrz, test-mrz-make
 *   9303-10 appendix A.1   EF.COM                  here
 *   9303-10 appendix A.2   DG1                     here
 *   9303-10 appendix A.5   DG11                    chip/test-data-group-details dg11
 *   9303-10 appendix A.6   DG16                    chip/test-data-group-details dg16
 *   9303-11 appendix D.1   keys from a seed        here
 *   9303-11 appendix D.2   keys of the document    chip/test-bac derive, record/test-mrz information
 *   9303-11 appendix D.3   BAC                     chip/test-bac mutual, session; chip/test-cipher
 *   9303-11 appendix D.4   secure messaging        chip/test-secure-messaging appendix-d
 *   9303-11 appendix F     active authentication   chip/test-active-authentication appendix-f
 *   9303-11 appendix G.1   PACE-GM, ECDH           chip/test-pace (pace-examples.c)
 *   9303-11 appendix G.2   PACE-GM, DH             the same
 *   9303-11 appendix H.1   PACE-IM, ECDH           the same
 *   9303-11 appendix H.2   PACE-IM, DH             the same
 *   9303-11 appendix I.1   PACE-CAM                the same
 *
 * Appendix A.3 and A.4 of 9303-10 name templates without values; appendix E of 9303-11 has no values.
 */
#include "chip/bac.h"
#include "chip/data-group.h"
#include "hex.h"
#include "record/mrz.h"

/* A.1: LDS 1.7 and LDS 15.99, Unicode 4.0.0, DG1, DG2, DG4 and DG12. */
static void test_com (void) {
  static const char *const files[] = { "60165F0104303130375F36063034303030305C046175766C",
                                       "60165F0104313539395F36063034303030305C046175766C" };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GBytes) com = hex (files[i]);
    g_autoptr (GError) error = NULL;
    guint32 groups = 0;

    g_assert_true (tambo_com_parse (com, &groups, &error));
    g_assert_no_error (error);
    g_assert_cmphex (groups, ==, 1u << 1 | 1u << 2 | 1u << 4 | 1u << 12);
  }
}

/* A.2.1: the composite check digit is printed as 4 and is 8. */
static void test_dg1_td1 (void) {
  static const char worked[] =
      "615D5F1F5A493C4E4C44584938353933354638363939393939393939303C3C3C3C3C3C3732303831343846313130"
      "383236384E4C443C3C3C3C3C3C3C3C3C3C3C3856414E3C4445523C535445454E3C3C4D415249414E4E453C4C4F55"
      "495345";
  g_autoptr (GBytes) dg1 = hex (worked);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tambo_dg1_parse (dg1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==,
                   "I<NLDXI85935F86999999990<<<<<<\n"
                   "7208148F1108268NLD<<<<<<<<<<<8\n"
                   "VAN<DER<STEEN<<MARIANNE<LOUISE");
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (text, "2010-01-01", &error);
  g_assert_no_error (error);
  g_assert_true (tambo_mrz_check (mrz, &error));
  g_assert_cmpstr (mrz->applicant->document_number, ==, "XI85935F8");
  g_autoptr (GBytes) again = tambo_dg1_encode (text);
  assert_hex (again, worked);
}

/* A.2.2, as it is read once the fillers and check digits that it prints wrongly are put right. */
static void test_dg1_td2 (void) {
  static const char worked[] =
      "614B5F1F48493C415441534D4954483C3C4A4F484E3C543C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3132333435"
      "363738393C484D44373430363232314D31303132333132303132323C3C3C30";
  g_autoptr (GBytes) dg1 = hex (worked);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tambo_dg1_parse (dg1, &error);

  g_assert_no_error (error);
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (text, "2010-01-01", &error);
  g_assert_no_error (error);
  g_assert_true (tambo_mrz_check (mrz, &error));
  g_assert_cmpstr (mrz->applicant->document_number, ==, "123456789012");
  g_autoptr (GBytes) again = tambo_dg1_encode (text);
  assert_hex (again, worked);
}

/* D.1: both keys from the seed, their parity put right. */
static void test_keys_from_seed (void) {
  g_autoptr (GBytes) seed = hex ("239AB9CB282DAF66231DC5A4DF6BFBAE");
  g_autoptr (GBytes) k_enc = tambo_bac_kdf (seed, 1);
  g_autoptr (GBytes) k_mac = tambo_bac_kdf (seed, 2);

  assert_hex (k_enc, "AB94FDECF2674FDFB9B391F85D7F76F2");
  assert_hex (k_mac, "7962D9ECE03D1ACD4C76089DCE131543");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/doc-9303/10-a1-com", test_com);
  g_test_add_func ("/chip/doc-9303/10-a2-dg1-td1", test_dg1_td1);
  g_test_add_func ("/chip/doc-9303/10-a2-dg1-td2", test_dg1_td2);
  g_test_add_func ("/chip/doc-9303/11-d1-keys", test_keys_from_seed);
  return g_test_run ();
}
