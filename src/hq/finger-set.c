/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "biometric/minutiae.h"
#include "format/image-codec.h"
#include "hq/gallery.h"

TamboFingerSet *tambo_finger_set_new (void) {
  return g_new0 (TamboFingerSet, 1);
}

void tambo_finger_set_free (TamboFingerSet *set) {
  if (set == NULL)
    return;
  for (guint i = 0; i < TAMBO_SEARCH_FINGERS_MAX; i++)
    g_clear_pointer (&set->records[i], tambo_minutiae_record_free);
  g_free (set->unreadable);
  g_free (set);
}

static gboolean has_minutiae (const TamboMinutiaeRecord *record) {
  return record->views->len > 0
         && ((TamboMinutiaeView *) record->views->pdata[0])->minutiae->len > 0;
}

/* Takes RECORD. */
static void put (TamboFingerSet *set, guint position, TamboMinutiaeRecord *record) {
  if (position < 1 || position > TAMBO_SEARCH_FINGERS_MAX || set->records[position - 1] != NULL
      || !has_minutiae (record)) {
    tambo_minutiae_record_free (record);
    return;
  }
  ((TamboMinutiaeView *) record->views->pdata[0])->position = (guint8) position;
  set->records[position - 1] = record;
  set->count++;
}

TamboFingerSet *tambo_finger_set_extract (const TamboEnrolment *enrolment, TamboPacket *packet) {
  TamboFingerSet *set = tambo_finger_set_new ();

  for (guint i = 0; i < enrolment->samples->len; i++) {
    const TamboSample *sample = enrolment->samples->pdata[i];
    g_autofree char *slot = tambo_sample_dup_slot (sample);
    GBytes *picture = tambo_packet_get (packet, slot);
    g_autoptr (TamboImage) image = NULL;
    TamboMinutiaeRecord *record;

    if (sample->kind != TAMBO_SAMPLE_FINGERPRINT || picture == NULL)
      continue;
    image = tambo_image_decode (picture, NULL);
    record = image != NULL ? tambo_minutiae_extract (image) : NULL;
    if (record != NULL)
      put (set, sample->finger, record);
    if (image == NULL && set->unreadable == NULL)
      set->unreadable = g_steal_pointer (&slot);
  }
  return set;
}

GBytes *tambo_finger_set_encode (const TamboFingerSet *set) {
  g_autoptr (GByteArray) array = g_byte_array_new ();
  GBytes *secret;

  for (guint i = 0; i < TAMBO_SEARCH_FINGERS_MAX; i++) {
    g_autoptr (GBytes) bytes =
        set->records[i] != NULL ? tambo_minutiae_record_encode (set->records[i]) : NULL;

    if (bytes == NULL)
      continue;
    tambo_put_u8 (array, (guint8) (i + 1));
    tambo_put_u32 (array, (guint32) g_bytes_get_size (bytes));
    tambo_put_bytes (array, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  }
  secret = tambo_secret_new (array->data, array->len);
  if (array->len > 0)
    tambo_secret_wipe (array->data, array->len);
  return secret;
}

TamboFingerSet *tambo_finger_set_parse (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  g_autoptr (TamboFingerSet) set = tambo_finger_set_new ();

  while (tambo_reader_left (&reader) > 0) {
    g_autoptr (GBytes) piece = NULL;
    TamboMinutiaeRecord *record;
    const guint8 *data;
    guint8 position;
    guint32 size;

    if (!tambo_reader_u8 (&reader, &position) || !tambo_reader_u32 (&reader, &size)
        || !tambo_reader_take (&reader, size, &data)) {
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY,
                           "the fingers of a case are cut short");
      return NULL;
    }
    piece = g_bytes_new_static (data, size);
    record = tambo_minutiae_record_parse (piece, error);
    if (record == NULL)
      return NULL;
    put (set, position, record);
  }
  return g_steal_pointer (&set);
}
