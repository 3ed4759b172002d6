/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an order says of its holder's fingers.
 */
#include "hq/reference.h"

#include <string.h>

#include "../print.h"
#include "biometric/fingerprint-compare.h"
#include "format/image-codec.h"
#include "format/iso19794-2.h"

typedef struct {
  TamboEnrolment *enrolment;
  TamboPacket *packet, *order;
} Case;

static void case_init (Case *self) {
  TamboProcedure procedure = { .id = (char *) "foreigner-card", .version = 1 };

  self->enrolment = tambo_enrolment_new ("MIG-TEST-01", &procedure, "clerk");
  self->packet = tambo_packet_new ();
  self->order = tambo_packet_new ();
}

static void case_clear (Case *self) {
  tambo_enrolment_free (self->enrolment);
  tambo_packet_free (self->packet);
  tambo_packet_free (self->order);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

static void add_finger (Case *self, TamboFinger finger, GBytes *picture) {
  TamboSample *sample = tambo_sample_new (TAMBO_SAMPLE_FINGERPRINT);

  sample->finger = finger;
  g_autofree char *slot = tambo_sample_dup_slot (sample);
  tambo_packet_add (self->packet, slot, picture);
  tambo_enrolment_take_sample (self->enrolment, sample);
}

static gboolean add_reference (Case *self, GError **error) {
  g_autoptr (TamboFingerSet) fingers = tambo_finger_set_extract (self->enrolment, self->packet);

  return tambo_hq_reference_add (fingers, self->order, error);
}

static GBytes *png_of (TamboImage *image) {
  g_autoptr (GError) error = NULL;
  GBytes *png = tambo_image_encode_png (image, &error);

  g_assert_no_error (error);
  return png;
}

static void test_templates (void) {
  g_auto (Case) self = { NULL };
  g_autoptr (TamboImage) right = print_new (1, 0);
  g_autoptr (TamboImage) again = print_new (1, 40);
  g_autoptr (TamboImage) other = print_new (2, 0);
  g_autoptr (GBytes) png = png_of (right);
  g_autoptr (GError) error = NULL;
  gboolean same;
  int score;

  case_init (&self);
  add_finger (&self, TAMBO_FINGER_LEFT_RING, png);
  g_assert_true (add_reference (&self, &error));
  g_assert_null (tambo_packet_get (self.order, "reference-right-index"));

  GBytes *template = tambo_packet_get (self.order, "reference-left-ring");
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_record_parse (template, &error);
  g_assert_no_error (error);
  const TamboMinutiaeView *view = g_ptr_array_index (record->views, 0);
  g_assert_cmpuint (view->position, ==, TAMBO_FINGER_LEFT_RING);
  g_assert_true (tambo_fingerprint_verify (again, template, &score, &same, &error));
  g_assert_true (same);
  g_assert_true (tambo_fingerprint_verify (other, template, &score, &same, &error));
  g_assert_false (same);
}

/* A picture with nothing in it gives no template; what is no picture, no order. */
static void test_nothing_to_compare (void) {
  g_auto (Case) self = { NULL };
  g_autoptr (TamboImage) white = tambo_image_new (320, 400, 1);
  g_autoptr (GBytes) junk = g_bytes_new_static ("no picture", 10);
  g_autoptr (GError) error = NULL;

  case_init (&self);
  memset (white->data, 255, 320 * 400);
  g_autoptr (GBytes) png = png_of (white);
  add_finger (&self, TAMBO_FINGER_RIGHT_INDEX, png);
  g_assert_true (add_reference (&self, &error));
  g_assert_null (tambo_packet_get (self.order, "reference-right-index"));
  add_finger (&self, TAMBO_FINGER_LEFT_INDEX, junk);
  g_assert_false (add_reference (&self, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "finger-left-index"));
}

static void test_exceptions (void) {
  g_auto (Case) self = { NULL };

  case_init (&self);
  tambo_enrolment_add_exception (self.enrolment, TAMBO_FINGER_LEFT_INDEX, "amputated", "clerk");
  g_autoptr (JsonArray) array = tambo_hq_reference_exceptions (self.enrolment);
  g_assert_cmpuint (json_array_get_length (array), ==, 1);
  JsonObject *object = json_array_get_object_element (array, 0);
  g_assert_cmpuint (json_object_get_size (object), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (object, "finger"), ==, "left-index");
  g_assert_cmpstr (json_object_get_string_member (object, "reason"), ==, "amputated");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/reference/templates", test_templates);
  g_test_add_func ("/hq/reference/nothing", test_nothing_to_compare);
  g_test_add_func ("/hq/reference/exceptions", test_exceptions);
  return g_test_run ();
}
