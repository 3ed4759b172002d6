/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gstdio.h>

#include "base/bytes.h"
#include "format/tlv.h"
#include "simulator/card-passport.h"
#include "simulator/simulator-error.h"

#define TD3                                                                                        \
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"                                                   \
  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define TD2                                                                                        \
  "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"                                                           \
  "D231458907UTO7408122F1204159<<<<<<<6"
#define TD1                                                                                        \
  "I<UTOD231458907<<<<<<<<<<<<<<<"                                                                 \
  "7408122F1204159UTO<<<<<<<<<<<6"                                                                 \
  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
/* Doc 9303-5 section 4.2.4: a number of more than nine characters. */
#define TD1_LONG                                                                                   \
  "I<UTOD23145890<7349<<<<<<<<<<<"                                                                 \
  "3407127M9507122UTO<<<<<<<<<<<2"                                                                 \
  "STEVENSON<<PETER<JOHN<<<<<<<<<"

static GBytes *make_dg1 (const char *mrz, gsize size) {
  g_autoptr (GByteArray) dg1 = g_byte_array_new ();

  tambo_tlv_put (dg1, 0x5F1F, mrz, size);
  tambo_tlv_wrap (dg1, 0x61);
  return g_byte_array_free_to_bytes (g_steal_pointer (&dg1));
}

static void assert_keys (const char *mrz, const char *number, const char *birth,
                         const char *expiry) {
  g_autoptr (GBytes) dg1 = make_dg1 (mrz, strlen (mrz));
  g_autoptr (GBytes) keys = tambo_card_passport_keys_from_dg1 (dg1);
  g_autoptr (GByteArray) expected = g_byte_array_new ();

  tambo_tlv_put (expected, 0x04, number, strlen (number));
  tambo_tlv_put (expected, 0x04, birth, 6);
  tambo_tlv_put (expected, 0x04, expiry, 6);
  tambo_tlv_wrap (expected, 0x62);
  g_assert_nonnull (keys);
  g_assert_cmpmem (g_bytes_get_data (keys, NULL), g_bytes_get_size (keys), expected->data,
                   expected->len);
}

static void test_keys (void) {
  assert_keys (TD3, "L898902C3", "740812", "120415");
  assert_keys (TD2, "D23145890", "740812", "120415");
  assert_keys (TD1, "D23145890", "740812", "120415");
  assert_keys (TD1_LONG, "D23145890734", "340712", "950712");
}

static void test_keys_malformed (void) {
  g_autoptr (GBytes) whole = make_dg1 (TD3, strlen (TD3));
  g_autoptr (GBytes) shorter = make_dg1 (TD3, strlen (TD3) - 1);

  g_assert_null (tambo_card_passport_keys_from_dg1 (shorter));
  for (gsize size = 0; size < g_bytes_get_size (whole); size++) {
    g_autoptr (GBytes) cut = g_bytes_new (g_bytes_get_data (whole, NULL), size);
    g_assert_null (tambo_card_passport_keys_from_dg1 (cut));
  }
}

static void put_file (const char *folder, const char *name, GBytes *content) {
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (content, NULL),
                                      (gssize) g_bytes_get_size (content), NULL));
}

static void remove_file (const char *folder, const char *name) {
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static void test_passport (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tambo-passport-XXXXXX", NULL);
  g_autofree guint8 *portrait = g_malloc0 (20000);
  g_autoptr (GBytes) dg1 = make_dg1 (TD3, strlen (TD3));
  g_autoptr (GBytes) dg2 = NULL;

  memset (portrait + 10000, 0xA5, 10000);
  dg2 = g_bytes_new (portrait, 20000);
  g_assert_null (tambo_card_passport_new (folder, 65536, &error)); /* without DG1 */
  g_assert_nonnull (error);
  g_clear_error (&error);

  put_file (folder, "DG1", dg1);
  put_file (folder, "DG2", dg2);
  put_file (folder, "DG3", dg1);
  g_autoptr (TamboCardPassport) card = tambo_card_passport_new (folder, 65536, &error);
  g_assert_no_error (error);
  const TamboCardEmrtd *emrtd = tambo_card_passport_get_emrtd (card);
  g_assert_true (emrtd->operational);
  g_autoptr (GBytes) first = tambo_card_emrtd_dup_file (emrtd, 0x0101);
  g_autoptr (GBytes) second = tambo_card_emrtd_dup_file (emrtd, 0x0102);
  g_assert_true (g_bytes_equal (first, dg1));
  g_assert_true (g_bytes_equal (second, dg2));
  g_autoptr (GBytes) third = tambo_card_emrtd_dup_file (emrtd, 0x0103);
  g_assert_true (g_bytes_equal (third, dg1)); /* there, but for nobody: test-card-terminal */

  g_assert_null (tambo_card_passport_new (folder, 10000, &error)); /* too little room */
  g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED);
  g_clear_error (&error);
  put_file (folder, "DG1", dg2);
  g_assert_null (tambo_card_passport_new (folder, 65536, &error)); /* no MRZ */
  g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED);

  remove_file (folder, "DG1");
  remove_file (folder, "DG2");
  remove_file (folder, "DG3");
  g_rmdir (folder);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/card-passport/keys", test_keys);
  g_test_add_func ("/simulator/card-passport/keys-malformed", test_keys_malformed);
  g_test_add_func ("/simulator/card-passport/passport", test_passport);
  return g_test_run ();
}
