/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group.h"

#include <string.h>

#include "format/image-codec.h"
#include "hex.h"
#include "specimen.h"

typedef gboolean (*Parse) (GBytes *bytes, GError **error);

static gboolean parse_dg1 (GBytes *bytes, GError **error) {
  g_autofree char *mrz = tambo_dg1_parse (bytes, error);
  return mrz != NULL;
}

static gboolean parse_dg2 (GBytes *bytes, GError **error) {
  g_autoptr (GBytes) image = tambo_dg2_parse (bytes, error);
  return image != NULL;
}

static gboolean parse_dg7 (GBytes *bytes, GError **error) {
  g_autoptr (GBytes) image = tambo_dg7_parse (bytes, error);
  return image != NULL;
}

static gboolean parse_com (GBytes *bytes, GError **error) {
  guint32 groups;
  return tambo_com_parse (bytes, &groups, error);
}

/* Whole it is read, cut anywhere or with a byte behind it is not. */
static void assert_bounded (GBytes *bytes, Parse parse) {
  gsize size;
  const guint8 *octets = g_bytes_get_data (bytes, &size);

  g_assert_true (parse (bytes, NULL));
  for (gsize cut = 0; cut < size; cut++) {
    g_autofree guint8 *copy = g_memdup2 (octets, cut);
    g_autoptr (GBytes) part = g_bytes_new_take (g_steal_pointer (&copy), cut);
    g_autoptr (GError) error = NULL;
    g_assert_false (parse (part, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
  g_autoptr (GByteArray) longer = g_byte_array_new ();
  tambo_put_bytes (longer, octets, size);
  tambo_put_u8 (longer, 0x5F);
  g_autoptr (GBytes) trailing = g_byte_array_free_to_bytes (g_steal_pointer (&longer));
  g_assert_false (parse (trailing, NULL));
}

static void test_dg1 (void) {
  static const char *const texts[] = {
    SPECIMEN_MRZ,
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) dg1 = tambo_dg1_encode (texts[i]);
    g_autoptr (GError) error = NULL;
    g_autofree char *mrz = tambo_dg1_parse (dg1, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (mrz, ==, texts[i]);
    assert_bounded (dg1, parse_dg1);
  }
  g_autoptr (GBytes) td3 = tambo_dg1_encode (SPECIMEN_MRZ);
  g_autoptr (GBytes) head = g_bytes_new_from_bytes (td3, 0, 7);
  assert_hex (head, "615B5F1F58503C");
}

static void test_dg1_refused (void) {
  static const char *const texts[] = { "", "P<UTO", "lower" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) dg1 = tambo_dg1_encode (texts[i]);
    g_assert_false (parse_dg1 (dg1, NULL));
  }
  g_autofree char *blanks = g_strnfill (88, ' ');
  g_autoptr (GBytes) dg1 = tambo_dg1_encode (blanks);
  g_assert_false (parse_dg1 (dg1, NULL));
}

static GBytes *make_picture (gboolean jpeg2000) {
  g_autoptr (TamboImage) image = tambo_image_new (48, 64, 3);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < tambo_image_size (image); i++)
    image->data[i] = (guint8) (i * 7);
  GBytes *bytes = jpeg2000 ? tambo_image_encode_jpeg2000 (image, 2000, &error)
                           : tambo_image_encode_jpeg (image, 80, &error);
  g_assert_no_error (error);
  return bytes;
}

static void test_dg2 (void) {
  for (int variant = 0; variant < 4; variant++) {
    g_autoptr (GBytes) picture = make_picture (variant & 1);
    TamboBiometricEncoding encoding = variant & 2 ? TAMBO_ENCODING_39794 : TAMBO_ENCODING_19794;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) dg2 = tambo_dg2_encode (picture, TAMBO_SEX_FEMALE, encoding, &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) back = tambo_dg2_parse (dg2, &error);
    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (picture, back));
    g_assert_cmphex (*(const guint8 *) g_bytes_get_data (dg2, NULL), ==, 0x75);
    assert_bounded (dg2, parse_dg2);
  }
}

static void test_dg2_refused (void) {
  g_autoptr (TamboImage) image = tambo_image_new (8, 8, 1);
  g_autoptr (GBytes) png = tambo_image_encode_png (image, NULL);
  g_autoptr (GBytes) rubbish = hex ("00112233");
  GBytes *const pictures[] = { png, rubbish };

  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_dg2_encode (pictures[i], TAMBO_SEX_MALE, TAMBO_ENCODING_19794, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
  }
}

static void test_dg7 (void) {
  g_autoptr (GBytes) picture = make_picture (FALSE);
  g_autoptr (GBytes) dg7 = tambo_dg7_encode (picture);
  g_autoptr (GBytes) back = tambo_dg7_parse (dg7, NULL);
  g_autoptr (GBytes) small = hex ("AABB");
  g_autoptr (GBytes) value = tambo_dg7_encode (small);

  g_assert_true (g_bytes_equal (picture, back));
  assert_bounded (dg7, parse_dg7);
  assert_hex (value, "6708 020101 5F4302AABB");
}

static void test_com (void) {
  g_autoptr (TamboLds) lds = specimen_lds (NULL, 10);
  g_autoptr (GBytes) dg2 = hex ("7500");
  guint32 groups;

  tambo_lds_set (lds, TAMBO_LDS_DG2, dg2);
  g_autoptr (GBytes) com = tambo_com_encode (lds);
  assert_hex (com, "60155F0104303130375F36063034303030305C03617567");
  g_assert_true (tambo_com_parse (com, &groups, NULL));
  g_assert_cmphex (groups, ==, 1u << 1 | 1u << 2 | 1u << 7);
  assert_bounded (com, parse_com);

  /* Doc 9303-11 D.4 */
  g_autoptr (GBytes) worked = hex ("60145F0104303130365F36063034303030305C026175");
  g_assert_true (tambo_com_parse (worked, &groups, NULL));
  g_assert_cmphex (groups, ==, 1u << 1 | 1u << 2);

  static const char *const wrong[] = {
    "60145F0104303130365F36063034303030305C026130", /* no such tag */
    "60145F0104303130365F36063034303030305C026177", /* the SOD is no data group */
    "60105F0104303130365F3606303430303030",         /* no list */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GBytes) bytes = hex (wrong[i]);
    g_assert_false (parse_com (bytes, NULL));
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/data-group/dg1", test_dg1);
  g_test_add_func ("/chip/data-group/dg1-refused", test_dg1_refused);
  g_test_add_func ("/chip/data-group/dg2", test_dg2);
  g_test_add_func ("/chip/data-group/dg2-refused", test_dg2_refused);
  g_test_add_func ("/chip/data-group/dg7", test_dg7);
  g_test_add_func ("/chip/data-group/com", test_com);
  return g_test_run ();
}
