/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group-private.h"

#include "format/iso19794-4.h"
#include "format/iso39794-4.h"

#define HAND_RIGHT 0x01
#define HAND_LEFT 0x02

/* ISO/IEC 19785-3: the hand in two bits, the finger from the thumb on in three. Position 1 is the right
 * thumb, 10 the left little finger. */
static guint8 subtype_of (guint8 position) {
  if (position < 1 || position > 10)
    return 0;
  return position <= 5 ? (guint8) (position << 2 | HAND_RIGHT)
                       : (guint8) ((position - 5) << 2 | HAND_LEFT);
}

static gboolean check_records (GPtrArray *records, GError **error) {
  gboolean fit = records->len <= TAMBO_CBEFF_MAX_RECORDS;

  for (guint i = 0; fit && i < records->len; i++) {
    const TamboFingerRecord *record = g_ptr_array_index (records, i);
    fit = record->views->len == 1;
  }
  if (!fit)
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                 "DG3 takes up to %d fingers, each in a record of its own",
                 TAMBO_CBEFF_MAX_RECORDS);
  return fit;
}

static GBytes *encode_record (const TamboFingerRecord *record, TamboBiometricEncoding encoding,
                              GError **error) {
  return encoding == TAMBO_ENCODING_39794 ? tambo_finger_block_encode (record, error)
                                          : tambo_finger_record_encode (record);
}

GBytes *tambo_dg3_encode (GPtrArray *records, TamboBiometricEncoding encoding, GError **error) {
  g_autoptr (GPtrArray) instances =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_cbeff_record_free);

  if (!check_records (records, error))
    return NULL;
  for (guint i = 0; i < records->len; i++) {
    const TamboFingerRecord *record = g_ptr_array_index (records, i);
    const TamboFirView *view = g_ptr_array_index (record->views, 0);
    TamboCbeffRecord *instance = g_new0 (TamboCbeffRecord, 1);
    instance->type = TAMBO_CBEFF_FINGER;
    instance->subtype = subtype_of (view->position);
    instance->encoding = encoding;
    g_ptr_array_add (instances, instance);
    instance->data = encode_record (record, encoding, error);
    if (!instance->data)
      return NULL;
  }
  return tambo_data_group_wrap_biometric (instances, TAMBO_LDS_DG3);
}

GPtrArray *tambo_dg3_parse (GBytes *dg3, GError **error) {
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_finger_record_free);
  TamboTlv whole;

  if (!tambo_data_group_unwrap (dg3, TAMBO_LDS_DG3, &whole, error))
    return NULL;
  g_autoptr (GPtrArray) instances = tambo_cbeff_parse (whole.value, whole.length, error);
  if (!instances)
    return NULL;
  for (guint i = 0; i < instances->len; i++) {
    const TamboCbeffRecord *instance = g_ptr_array_index (instances, i);
    if (instance->type != TAMBO_CBEFF_FINGER)
      return tambo_data_group_malformed (error, TAMBO_LDS_DG3, "holds something else than fingers");
    TamboFingerRecord *record = instance->encoding == TAMBO_ENCODING_39794
                                    ? tambo_finger_block_parse (instance->data, error)
                                    : tambo_finger_record_parse (instance->data, error);
    if (!record)
      return NULL;
    g_ptr_array_add (records, record);
  }
  return g_steal_pointer (&records);
}
