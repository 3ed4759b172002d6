/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Data groups whose content is carried, not understood: irises, the reserved group, the features of the
 * document itself.
 */
#include "chip/data-group-private.h"

#define TAG_COUNT 0x02
#define MAX_FEATURES 9

/* ---- DG4 ---- */

GBytes *tambo_dg4_encode (GPtrArray *records, GError **error) {
  gboolean fit = records->len <= TAMBO_CBEFF_MAX_RECORDS;

  for (guint i = 0; fit && i < records->len; i++) {
    const TamboCbeffRecord *record = g_ptr_array_index (records, i);
    fit = record->type == TAMBO_CBEFF_IRIS;
  }
  if (!fit) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED, "DG4 takes up to %d irises",
                 TAMBO_CBEFF_MAX_RECORDS);
    return NULL;
  }
  return tambo_data_group_wrap_biometric (records, TAMBO_LDS_DG4);
}

GPtrArray *tambo_dg4_parse (GBytes *dg4, GError **error) {
  TamboTlv whole;

  if (!tambo_data_group_unwrap (dg4, TAMBO_LDS_DG4, &whole, error))
    return NULL;
  g_autoptr (GPtrArray) records = tambo_cbeff_parse (whole.value, whole.length, error);
  for (guint i = 0; records && i < records->len; i++) {
    const TamboCbeffRecord *record = g_ptr_array_index (records, i);
    if (record->type != TAMBO_CBEFF_IRIS)
      return tambo_data_group_malformed (error, TAMBO_LDS_DG4, "holds something else than irises");
  }
  return g_steal_pointer (&records);
}

/* ---- DG6 ---- */

GBytes *tambo_dg6_parse (GBytes *dg6, GError **error) {
  TamboTlv whole;

  if (!tambo_data_group_unwrap (dg6, TAMBO_LDS_DG6, &whole, error))
    return NULL;
  return g_bytes_new (whole.value, whole.length);
}

/* ---- DG8 to DG10 ---- */

static gboolean is_one_object (GBytes *bytes) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  TamboTlv tlv;

  return tambo_tlv_next (&reader, &tlv) && tambo_reader_left (&reader) == 0;
}

GBytes *tambo_features_encode (TamboLdsFile file, GPtrArray *features, GError **error) {
  guint8 count = (guint8) features->len;
  gboolean fit = features->len >= 1 && features->len <= MAX_FEATURES;
  g_autoptr (GByteArray) array = g_byte_array_new ();

  tambo_tlv_put (array, TAG_COUNT, &count, 1);
  for (guint i = 0; fit && i < features->len; i++) {
    gsize size;
    GBytes *feature = g_ptr_array_index (features, i);
    gconstpointer data = g_bytes_get_data (feature, &size);
    fit = is_one_object (feature);
    tambo_put_bytes (array, data, size);
  }
  if (fit)
    return tambo_data_group_wrap (g_steal_pointer (&array), file);
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
               "%s takes one to %d features, each one object", tambo_lds_file_name (file),
               MAX_FEATURES);
  return NULL;
}

GPtrArray *tambo_features_parse (TamboLdsFile file, GBytes *bytes, GError **error) {
  g_autoptr (GPtrArray) features = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  TamboTlv whole, count, feature;

  if (!tambo_data_group_unwrap (bytes, file, &whole, error))
    return NULL;
  TamboReader reader = tambo_reader (whole.value, whole.length);
  if (!tambo_tlv_next (&reader, &count) || count.tag != TAG_COUNT || count.length != 1
      || count.value[0] < 1 || count.value[0] > MAX_FEATURES)
    return tambo_data_group_malformed (error, file, "does not say how many features");
  for (guint i = 0; i < count.value[0]; i++) {
    const guint8 *start = reader.data + reader.position;
    if (!tambo_tlv_next (&reader, &feature))
      return tambo_data_group_malformed (error, file, "has fewer features than it says");
    g_ptr_array_add (features,
                     g_bytes_new (start, (gsize) (reader.data + reader.position - start)));
  }
  if (tambo_reader_left (&reader) > 0)
    return tambo_data_group_malformed (error, file, "has more than its features");
  return g_steal_pointer (&features);
}
