/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an order gives a chip, by what headquarters knows of its blanks.
 */
#include "hq/order.h"

#include <string.h>

#include <glib/gstdio.h>

#include "chip/active-authentication.h"
#include "chip/active-key.h"
#include "chip/data-group.h"
#include "chip/sod.h"
#include "format/image-codec.h"
#include "format/iso19794-4.h"

static void remove_tree (const char *path) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    remove_tree (child);
  }
  g_remove (path);
}

static GBytes *make_picture (int width, int height, int channels) {
  g_autoptr (TamboImage) image = tambo_image_new (width, height, channels);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < width * height * channels; i++)
    image->data[i] = (guint8) (i * 7 ^ i >> 6);
  GBytes *png = tambo_image_encode_png (image, &error);
  g_assert_no_error (error);
  return png;
}

static void add_sample (TamboEnrolment *enrolment, TamboPacket *packet, TamboSampleKind kind,
                        TamboFinger finger, GBytes *bytes) {
  TamboSample *sample = tambo_sample_new (kind);

  sample->finger = finger;
  g_autofree char *slot = tambo_sample_dup_slot (sample);
  tambo_packet_add (packet, slot, bytes);
  tambo_enrolment_take_sample (enrolment, sample);
}

static TamboEnrolment *make_enrolment (const TamboProcedure *procedure, TamboPacket *packet) {
  TamboEnrolment *enrolment = tambo_enrolment_new ("MIG-TEST-01", procedure, "clerk");
  TamboApplicant *applicant = enrolment->applicant;
  g_autoptr (GBytes) portrait = make_picture (120, 160, 3);
  g_autoptr (GBytes) finger = make_picture (96, 96, 1);

  applicant->surname = g_strdup ("ERIKSSON");
  applicant->given_names = g_strdup ("ANNA MARIA");
  applicant->birth_date = g_strdup ("1974-08-12");
  applicant->sex = TAMBO_SEX_FEMALE;
  applicant->nationality = g_strdup ("UTO");
  applicant->address = g_strdup ("123 MAPLE RD");
  add_sample (enrolment, packet, TAMBO_SAMPLE_PORTRAIT, 0, portrait);
  add_sample (enrolment, packet, TAMBO_SAMPLE_FINGERPRINT, tambo_finger_from_string ("right-index"),
              finger);
  add_sample (enrolment, packet, TAMBO_SAMPLE_FINGERPRINT, tambo_finger_from_string ("left-index"),
              finger);
  return enrolment;
}

/* The order of a headquarters with these blanks; its files hold under its own CSCA. */
static TamboPacket *order_for (const char *profile, gboolean fingers, TamboLds **out_lds) {
  g_autofree char *folder = g_dir_make_tmp ("tambo-order-XXXXXX", NULL);
  g_autofree char *hq_folder = g_build_filename (folder, "hq", NULL);
  const TamboHqSettings settings = {
    .name = "Practice",
    .state = "UTO",
    .country = "UT",
    .chip_profile = profile != NULL ? tambo_chip_profile_find (profile) : NULL,
    .chip_fingers = fingers,
  };
  TamboProcedure procedure = { .id = (char *) "foreigner-card",
                               .version = 1,
                               .document_type = (char *) "I",
                               .validity_years = 5 };
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (TamboEnrolment) enrolment = make_enrolment (&procedure, packet);
  g_autoptr (TamboFingerSet) found = tambo_finger_set_extract (enrolment, packet);
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_hq_create (hq_folder, &settings, &error));
  g_assert_no_error (error);
  g_autoptr (TamboHq) hq = tambo_hq_open (hq_folder, &error);
  g_assert_no_error (error);
  g_autoptr (TamboHqOrder) order =
      tambo_hq_order_make (hq, enrolment, &procedure, packet, found, &error);
  g_assert_no_error (error);
  *out_lds = tambo_lds_parse (tambo_packet_get (order->packet, "lds"), &error);
  g_assert_no_error (error);

  g_autoptr (GPtrArray) roots = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  g_ptr_array_add (roots, g_bytes_new (hq->csca_pem, strlen (hq->csca_pem)));
  g_assert_true (tambo_passive_authentication (*out_lds, roots, verdicts));
  remove_tree (folder);
  return g_steal_pointer (&order->packet);
}

static guint32 groups_of (const TamboLds *lds) {
  guint32 groups = 0;

  g_assert_true (tambo_com_parse (lds->files[TAMBO_LDS_COM], &groups, NULL));
  return groups;
}

static void test_unknown_chip (void) {
  g_autoptr (TamboLds) lds = NULL;
  g_autoptr (TamboPacket) packet = order_for (NULL, TRUE, &lds);
  g_autoptr (JsonObject) order = tambo_packet_get_json (packet, "order", NULL);

  g_assert_cmphex (groups_of (lds), ==, 1u << 1 | 1u << 2 | 1u << 11);
  g_assert_null (tambo_packet_get (packet, "active-key"));
  g_assert_false (json_object_has_member (order, "chip_profile"));
}

/* No fingers go onto it, whatever was wished. The key that is sent is that of DG15. */
static void test_jmrtd (void) {
  g_autoptr (TamboLds) lds = NULL;
  g_autoptr (TamboPacket) packet = order_for ("jmrtd", TRUE, &lds);
  g_autoptr (JsonObject) order = tambo_packet_get_json (packet, "order", NULL);
  g_auto (TamboActiveKey) key = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmphex (groups_of (lds), ==, 1u << 1 | 1u << 2 | 1u << 11 | 1u << 12 | 1u << 15);
  g_assert_cmpstr (json_object_get_string_member (order, "chip_profile"), ==, "jmrtd");
  g_assert_true (tambo_active_key_decode (tambo_packet_get (packet, "active-key"), &key, &error));
  g_assert_no_error (error);
  gsize size, modulus_size;
  gconstpointer dg15 = g_bytes_get_data (lds->files[TAMBO_LDS_DG15], &size);
  gconstpointer modulus = g_bytes_get_data (key.modulus, &modulus_size);
  g_assert_nonnull (memmem (dg15, size, modulus, modulus_size));

  g_autoptr (TamboDocumentDetails) details = tambo_dg12_parse (lds->files[TAMBO_LDS_DG12], &error);
  g_assert_no_error (error);
  g_assert_cmpstr (details->texts[TAMBO_DOCUMENT_AUTHORITY], ==, "Practice");
  g_assert_cmpuint (strlen (details->texts[TAMBO_DOCUMENT_ISSUE_DATE]), ==, 8);
}

static void test_fingers (void) {
  g_autoptr (TamboLds) lds = NULL;
  g_autoptr (TamboPacket) packet = order_for ("iso7816", TRUE, &lds);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = tambo_dg3_parse (lds->files[TAMBO_LDS_DG3], &error);

  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 2);
  const TamboFingerRecord *second = g_ptr_array_index (records, 1);
  const TamboFirView *view = g_ptr_array_index (second->views, 0);
  g_assert_cmpuint (view->position, ==, 7);
  g_assert_cmpint (second->compression, ==, TAMBO_FIR_WSQ);
}

/* A chip that takes it gets a key for chip authentication, and PACE, both told in DG14. */
static void test_chip_key (void) {
  g_autoptr (TamboLds) lds = NULL;
  g_autoptr (TamboPacket) packet = order_for ("iso7816", FALSE, &lds);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = tambo_dg14_parse (lds->files[TAMBO_LDS_DG14], &error);

  g_assert_no_error (error);
  g_assert_cmpuint (infos->len, ==, 3);
  g_autoptr (GBytes) key =
      tambo_personalisation_chip_key_parse (tambo_packet_get (packet, "chip-key"), &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) access =
      tambo_personalisation_make_card_access (tambo_chip_profile_find ("iso7816"), lds);
  g_assert_nonnull (access);
}

static void test_no_fingers (void) {
  g_autoptr (TamboLds) lds = NULL;
  g_autoptr (TamboPacket) packet = order_for ("iso7816", FALSE, &lds);

  g_assert_cmphex (groups_of (lds) & 1u << 3, ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/order/unknown-chip", test_unknown_chip);
  g_test_add_func ("/hq/order/jmrtd", test_jmrtd);
  g_test_add_func ("/hq/order/fingers", test_fingers);
  g_test_add_func ("/hq/order/chip-key", test_chip_key);
  g_test_add_func ("/hq/order/no-fingers", test_no_fingers);
  return g_test_run ();
}
