/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/reference.h"

#include "base/bytes.h"

gboolean tambo_hq_reference_add (const TamboFingerSet *fingers, TamboPacket *order,
                                 GError **error) {
  if (fingers->unreadable != NULL) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "%s is no picture that can be read",
                 fingers->unreadable);
    return FALSE;
  }
  for (guint i = 0; i < TAMBO_SEARCH_FINGERS_MAX; i++) {
    const TamboMinutiaeRecord *record = fingers->records[i];
    g_autofree char *name =
        g_strconcat (TAMBO_PACKET_REFERENCE, tambo_finger_to_string ((TamboFinger) (i + 1)), NULL);
    g_autoptr (GBytes) bytes = record != NULL ? tambo_minutiae_record_encode (record) : NULL;
    g_autoptr (GBytes) template = NULL;

    if (bytes == NULL)
      continue;
    template = tambo_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
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
