/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "chip/data-group.h"
#include "format/iso19794-4.h"
#include "hex.h"

typedef gboolean (*Parse) (GBytes *bytes);

/* Whole it is read; cut anywhere, with a byte behind it, or cut inside with its lengths made to fit, it
 * never reads past its end. */
static void assert_bounded (GBytes *bytes, Parse parse) {
  gsize size;
  const guint8 *octets = g_bytes_get_data (bytes, &size);

  g_assert_true (parse (bytes));
  for (gsize cut = 0; cut < size; cut++) {
    g_autoptr (GBytes) part = g_bytes_new_take (g_memdup2 (octets, cut), cut);
    g_assert_false (parse (part));
  }
  g_autoptr (GByteArray) longer = g_byte_array_new ();
  tambo_put_bytes (longer, octets, size);
  tambo_put_u8 (longer, 0x5F);
  g_autoptr (GBytes) trailing = g_byte_array_free_to_bytes (g_steal_pointer (&longer));
  g_assert_false (parse (trailing));
  for (gsize at = 1; at < size; at++) { /* each byte turned into a length that lies */
    g_autofree guint8 *copy = g_memdup2 (octets, size);
    copy[at] = 0x7F;
    g_autoptr (GBytes) bent = g_bytes_new_take (g_steal_pointer (&copy), size);
    parse (bent);
  }
}

static gboolean parse_dg3 (GBytes *bytes) {
  g_autoptr (GPtrArray) records = tambo_dg3_parse (bytes, NULL);
  return records != NULL;
}

static gboolean parse_dg11 (GBytes *bytes) {
  g_autoptr (TamboPersonDetails) details = tambo_dg11_parse (bytes, NULL);
  return details != NULL;
}

static gboolean parse_dg12 (GBytes *bytes) {
  g_autoptr (TamboDocumentDetails) details = tambo_dg12_parse (bytes, NULL);
  return details != NULL;
}

static gboolean parse_dg13 (GBytes *bytes) {
  g_autoptr (GBytes) content = tambo_dg13_parse (bytes, NULL);
  return content != NULL;
}

static gboolean parse_dg14 (GBytes *bytes) {
  g_autoptr (GPtrArray) infos = tambo_dg14_parse (bytes, NULL);
  return infos != NULL;
}

static gboolean parse_dg15 (GBytes *bytes) {
  g_autoptr (GBytes) key = tambo_dg15_parse (bytes, NULL);
  return key != NULL;
}

static gboolean parse_dg16 (GBytes *bytes) {
  g_autoptr (GPtrArray) persons = tambo_dg16_parse (bytes, NULL);
  return persons != NULL;
}

static TamboFingerRecord *make_finger (guint8 position) {
  TamboFingerRecord *record = tambo_finger_record_new (500, TAMBO_FIR_WSQ);
  TamboFirView *view = g_new0 (TamboFirView, 1);

  view->position = position;
  view->quality = 80;
  view->width = 300;
  view->height = 400;
  view->image = g_bytes_new ("\xFF\xA0 finger", 9);
  g_ptr_array_add (record->views, view);
  return record;
}

/* Subtypes of ISO/IEC 19785-3: the right index is 09, the left thumb 06. */
static void test_dg3 (void) {
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_finger_record_free);
  g_autoptr (GError) error = NULL;
  static const guint8 subtypes[] = { 0x09, 0x06 };

  g_ptr_array_add (records, make_finger (2));
  g_ptr_array_add (records, make_finger (6));
  g_autoptr (GBytes) dg3 = tambo_dg3_encode (records, TAMBO_ENCODING_19794, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) back = tambo_dg3_parse (dg3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->len, ==, 2);
  gsize size;
  const guint8 *data = g_bytes_get_data (dg3, &size);
  g_assert_cmphex (data[0], ==, 0x63);
  for (guint i = 0; i < 2; i++) {
    const TamboFingerRecord *record = g_ptr_array_index (back, i);
    const TamboFirView *view = g_ptr_array_index (record->views, 0);
    g_assert_cmpuint (view->position, ==, i == 0 ? 2 : 6);
    guint8 subtype[] = { 0x82, 0x01, subtypes[i], 0x87 };
    g_assert_nonnull (memmem (data, size, subtype, sizeof subtype));
  }
  assert_bounded (dg3, parse_dg3);
}

/* Section 4.7.3.1: without a finger two documents must not have the same hash. */
static void test_dg3_empty (void) {
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GBytes) first = tambo_dg3_encode (none, TAMBO_ENCODING_19794, NULL);
  g_autoptr (GBytes) second = tambo_dg3_encode (none, TAMBO_ENCODING_19794, NULL);
  g_autoptr (GBytes) head = g_bytes_new_from_bytes (first, 0, 10);

  assert_hex (head, "6318 7F6103020100 5310");
  g_assert_false (g_bytes_equal (first, second));
  g_autoptr (GPtrArray) back = tambo_dg3_parse (first, NULL);
  g_assert_cmpuint (back->len, ==, 0);
  assert_bounded (first, parse_dg3);
}

static void test_dg3_refused (void) {
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_finger_record_free);
  g_autoptr (GError) error = NULL;

  for (guint8 position = 1; position <= 10; position++)
    g_ptr_array_add (records, make_finger (position));
  g_assert_null (tambo_dg3_encode (records, TAMBO_ENCODING_19794, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

/* Doc 9303-10 A.5, with the lengths that its bytes have. */
static void test_dg11 (void) {
  static const char worked[] =
      "6B605C0A5F0E5F115F425F125F135F0E0D534D4954483C3C4A4F484E3C4A5F110A414E59544F574E3C4D4E5F4217"
      "313233204D41504C452052443C414E59544F574E3C4D4E5F120B31363132353535313231325F130C54524156454C"
      "3C4147454E54";
  g_autoptr (GBytes) dg11 = hex (worked);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboPersonDetails) details = tambo_dg11_parse (dg11, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (details->texts[TAMBO_PERSON_NAME], ==, "SMITH<<JOHN<J");
  g_assert_cmpstr (details->texts[TAMBO_PERSON_BIRTH_PLACE], ==, "ANYTOWN<MN");
  g_assert_cmpstr (details->texts[TAMBO_PERSON_ADDRESS], ==, "123 MAPLE RD<ANYTOWN<MN");
  g_assert_cmpstr (details->texts[TAMBO_PERSON_TELEPHONE], ==, "16125551212");
  g_assert_cmpstr (details->texts[TAMBO_PERSON_PROFESSION], ==, "TRAVEL<AGENT");
  g_assert_null (details->texts[TAMBO_PERSON_TITLE]);
  g_autoptr (GBytes) again = tambo_dg11_encode (details);
  assert_hex (again, worked);
  assert_bounded (dg11, parse_dg11);
}

static void test_dg11_whole (void) {
  g_autoptr (TamboPersonDetails) details = tambo_person_details_new ();

  for (guint i = 0; i < TAMBO_PERSON_N_TEXTS; i++)
    details->texts[i] = g_strdup_printf ("Ñandú %u", i);
  g_free (details->texts[TAMBO_PERSON_BIRTH_DATE]);
  details->texts[TAMBO_PERSON_BIRTH_DATE] = g_strdup ("19740812");
  g_ptr_array_add (details->other_names, g_strdup ("ERIKSSON<<MARIA"));
  g_ptr_array_add (details->other_names, g_strdup ("ERIKSSON<<ANNA"));
  details->citizenship = g_bytes_new ("\xFF\xD8\xFF", 3);
  g_autoptr (GBytes) dg11 = tambo_dg11_encode (details);
  g_autoptr (TamboPersonDetails) back = tambo_dg11_parse (dg11, NULL);
  for (guint i = 0; i < TAMBO_PERSON_N_TEXTS; i++)
    g_assert_cmpstr (back->texts[i], ==, details->texts[i]);
  g_assert_cmpuint (back->other_names->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (back->other_names, 1), ==, "ERIKSSON<<ANNA");
  g_assert_true (g_bytes_equal (back->citizenship, details->citizenship));
  assert_bounded (dg11, parse_dg11);
}

/* What is found in the field: a second name without its template, a date in packed digits. */
static void test_dg11_field (void) {
  g_autoptr (GBytes) bare = hex ("6B1B5C045F0E5F0F5F0E06E8B5B5E5BDAC5F0F095A48414F3C3C42494E");
  g_autoptr (TamboPersonDetails) details = tambo_dg11_parse (bare, NULL);
  g_assert_cmpstr (details->texts[TAMBO_PERSON_NAME], ==, "赵彬");
  g_assert_cmpstr (g_ptr_array_index (details->other_names, 0), ==, "ZHAO<<BIN");

  g_autoptr (GBytes) packed = hex ("6B0B5C025F2B5F2B0419740812");
  g_autoptr (TamboPersonDetails) born = tambo_dg11_parse (packed, NULL);
  g_assert_cmpstr (born->texts[TAMBO_PERSON_BIRTH_DATE], ==, "19740812");

  static const char *const wrong[] = {
    "6B0B5C025F2B5F2B041974081F",     /* no digit */
    "6B045C025F0E",                   /* listed and not there */
    "6B035C015F",                     /* half a tag */
    "6B065F0E03414243",               /* no list */
    "6B095C025F0E5F0E02C328",         /* no UTF-8 */
    "6B0A5C025F0E5F0E03410042",       /* a zero in a text */
    "6B0E5C025F0E5F0E01415F0E0142",   /* twice */
    "6B0D5C025F0FA0070201025F0F0141", /* two names said, one there */
    "6B0D5C025F0FA0070201645F0F0141", /* a hundred */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GBytes) bytes = hex (wrong[i]);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_dg11_parse (bytes, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
}

static void test_dg12 (void) {
  static const char recorded[] =
      "6C3E5C045F195F265F192A4A414B41525441202D20414D4241535341444520444520"
      "4652414E434520454E20494E444F4E455349455F26083230313730393035";
  g_autoptr (GBytes) dg12 = hex (recorded);
  g_autoptr (TamboDocumentDetails) details = tambo_dg12_parse (dg12, NULL);

  g_assert_cmpstr (details->texts[TAMBO_DOCUMENT_ISSUE_DATE], ==, "20170905");
  g_autoptr (GBytes) again = tambo_dg12_encode (details);
  assert_hex (again, recorded);
  assert_bounded (dg12, parse_dg12);

  g_autoptr (GBytes) second =
      hex ("6C205C045F555F565F550E32303136313131353031333631325F56064E2D34393632");
  g_autoptr (TamboDocumentDetails) system = tambo_dg12_parse (second, NULL);
  g_assert_cmpstr (system->texts[TAMBO_DOCUMENT_PERSONALISED], ==, "20161115013612");
  g_assert_cmpstr (system->texts[TAMBO_DOCUMENT_SYSTEM], ==, "N-4962");

  g_ptr_array_add (system->other_persons, g_strdup ("SMITH<<BRENDA<P"));
  system->front = g_bytes_new ("front", 5);
  system->rear = g_bytes_new ("rear", 4);
  g_autoptr (GBytes) whole = tambo_dg12_encode (system);
  g_autoptr (TamboDocumentDetails) back = tambo_dg12_parse (whole, NULL);
  g_assert_cmpstr (g_ptr_array_index (back->other_persons, 0), ==, "SMITH<<BRENDA<P");
  g_assert_true (g_bytes_equal (back->rear, system->rear));
  assert_bounded (whole, parse_dg12);
}

static void test_dg13 (void) {
  g_autoptr (GBytes) content = hex ("0102030405");
  g_autoptr (GBytes) dg13 = tambo_dg13_encode (content);
  g_autoptr (GBytes) back = tambo_dg13_parse (dg13, NULL);

  assert_hex (dg13, "6D050102030405");
  g_assert_true (g_bytes_equal (content, back));
  assert_bounded (dg13, parse_dg13);
}

/* id-CA-ECDH-3DES-CBC-CBC version 1 and id-TA version 1 of 9303-11 section 9.2, in the order of DER
 * whichever comes first. */
static void test_dg14 (void) {
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (infos, hex ("300F060A04007F00070202030201020101"));
  g_ptr_array_add (infos, hex ("300D060804007F0007020202020101"));
  g_autoptr (GBytes) dg14 = tambo_dg14_encode (infos);
  assert_hex (dg14, "6E22 3120 300D060804007F0007020202020101 300F060A04007F00070202030201020101");
  g_autoptr (GPtrArray) back = tambo_dg14_parse (dg14, NULL);
  g_assert_cmpuint (back->len, ==, 2);
  g_assert_true (g_bytes_equal (g_ptr_array_index (back, 0), g_ptr_array_index (infos, 1)));
  assert_bounded (dg14, parse_dg14);

  static const char *const wrong[] = { "6E00", "6E023000", "6E0431023000", "6E06310430020600",
                                       "6E063104300204A0" };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GBytes) bytes = hex (wrong[i]);
    g_assert_false (parse_dg14 (bytes));
  }
}

static void test_dg15 (void) {
  g_autoptr (GBytes) key = hex ("3003020101");
  g_autoptr (GBytes) dg15 = tambo_dg15_encode (key);
  g_autoptr (GBytes) back = tambo_dg15_parse (dg15, NULL);

  assert_hex (dg15, "6F053003020101");
  g_assert_true (g_bytes_equal (key, back));
  assert_bounded (dg15, parse_dg15);
}

/* Doc 9303-10 A.6. */
static void test_dg16 (void) {
  static const char worked[] =
      "7081A2020102A14C5F500832303032303130315F5110534D4954483C3C434841524C45533C525F520B3139353235"
      "3535313231325F531D313233204D41504C452052443C414E59544F574E3C4D4E3C3535313030A24F5F5008323030"
      "32303331355F510D42524F574E3C3C4D4152593C4A5F520B31343135353535313231325F5323343920524544574F"
      "4F44204C4E3C4F4345414E20425245455A453C43413C3934303030";
  g_autoptr (GBytes) dg16 = hex (worked);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) persons = tambo_dg16_parse (dg16, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (persons->len, ==, 2);
  const TamboNotifiedPerson *second = g_ptr_array_index (persons, 1);
  g_assert_cmpstr (second->recorded, ==, "20020315");
  g_assert_cmpstr (second->name, ==, "BROWN<<MARY<J");
  g_assert_cmpstr (second->telephone, ==, "14155551212");
  g_assert_cmpstr (second->address, ==, "49 REDWOOD LN<OCEAN BREEZE<CA<94000");
  g_autoptr (GBytes) again = tambo_dg16_encode (persons);
  assert_hex (again, worked);
  assert_bounded (dg16, parse_dg16);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/data-group/dg3", test_dg3);
  g_test_add_func ("/chip/data-group/dg3-empty", test_dg3_empty);
  g_test_add_func ("/chip/data-group/dg3-refused", test_dg3_refused);
  g_test_add_func ("/chip/data-group/dg11", test_dg11);
  g_test_add_func ("/chip/data-group/dg11-whole", test_dg11_whole);
  g_test_add_func ("/chip/data-group/dg11-field", test_dg11_field);
  g_test_add_func ("/chip/data-group/dg12", test_dg12);
  g_test_add_func ("/chip/data-group/dg13", test_dg13);
  g_test_add_func ("/chip/data-group/dg14", test_dg14);
  g_test_add_func ("/chip/data-group/dg15", test_dg15);
  g_test_add_func ("/chip/data-group/dg16", test_dg16);
  return g_test_run ();
}
