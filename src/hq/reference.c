/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/reference.h"

#include "base/bytes.h"
#include "biometric/minutiae.h"
#include "format/image-codec.h"

/* NULL without an error when the picture has no minutia. */
static GBytes *make_template (const TamboSample *sample, GBytes *picture, GError **error) {
  g_autoptr (TamboImage) image = tambo_image_decode (picture, error);
  g_autoptr (TamboMinutiaeRecord) record = image != NULL ? tambo_minutiae_extract (image) : NULL;
  TamboMinutiaeView *view = record != NULL ? g_ptr_array_index (record->views, 0) : NULL;

  if (view == NULL || view->minutiae->len == 0)
    return NULL;
  view->position = (guint8) sample->finger;
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode (record);
  return tambo_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

gboolean tambo_hq_reference_add (const TamboEnrolment *enrolment, TamboPacket *packet,
                                 TamboPacket *order, GError **error) {
  for (guint i = 0; i < enrolment->samples->len; i++) {
    const TamboSample *sample = enrolment->samples->pdata[i];
    if (sample->kind != TAMBO_SAMPLE_FINGERPRINT)
      continue;

    g_autofree char *slot = tambo_sample_dup_slot (sample);
    g_autofree char *name =
        g_strconcat (TAMBO_PACKET_REFERENCE, tambo_finger_to_string (sample->finger), NULL);
    g_autoptr (GError) cause = NULL;
    g_autoptr (GBytes) template = make_template (sample, tambo_packet_get (packet, slot), &cause);
    if (cause != NULL) {
      g_propagate_prefixed_error (error, g_steal_pointer (&cause), "%s: ", slot);
      return FALSE;
    }
    if (template != NULL)
      tambo_packet_add (order, name, template);
  }
  return TRUE;
}

JsonArray *tambo_hq_reference_exceptions (const TamboEnrolment *enrolment) {
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < enrolment->exceptions->len; i++) {
    const TamboFingerException *exception = enrolment->exceptions->pdata[i];
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "finger", tambo_finger_to_string (exception->finger));
    json_object_set_string_member (object, "reason", exception->reason);
    json_array_add_object_element (array, object);
  }
  return array;
}
