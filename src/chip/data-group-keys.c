/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group-private.h"

#include "format/der.h"

#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define TAG_OID 0x06

GBytes *tambo_dg13_encode (GBytes *content) {
  return tambo_data_group_wrap (g_bytes_unref_to_array (g_bytes_ref (content)), TAMBO_LDS_DG13);
}

GBytes *tambo_dg13_parse (GBytes *dg13, GError **error) {
  TamboTlv whole;

  if (!tambo_data_group_unwrap (dg13, TAMBO_LDS_DG13, &whole, error))
    return NULL;
  return g_bytes_new (whole.value, whole.length);
}

GBytes *tambo_dg14_encode (GPtrArray *infos) {
  GByteArray *array = g_byte_array_new ();

  tambo_der_put_set (array, infos);
  return tambo_data_group_wrap (array, TAMBO_LDS_DG14);
}

/* SecurityInfo ::= SEQUENCE { protocol OBJECT IDENTIFIER, requiredData ANY, optionalData ANY
 * OPTIONAL } */
static gboolean is_security_info (const TamboTlv *info) {
  TamboReader reader = tambo_reader (info->value, info->length);
  TamboTlv oid, required, optional;

  if (info->tag != TAG_SEQUENCE || !tambo_tlv_next (&reader, &oid) || oid.tag != TAG_OID
      || oid.length == 0 || !tambo_tlv_next (&reader, &required))
    return FALSE;
  return tambo_reader_left (&reader) == 0
         || (tambo_tlv_next (&reader, &optional) && tambo_reader_left (&reader) == 0);
}

GPtrArray *tambo_dg14_parse (GBytes *dg14, GError **error) {
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  TamboTlv whole, set, info;

  if (!tambo_data_group_unwrap (dg14, TAMBO_LDS_DG14, &whole, error))
    return NULL;
  TamboReader outer = tambo_reader (whole.value, whole.length);
  if (!tambo_tlv_next (&outer, &set) || set.tag != TAG_SET || tambo_reader_left (&outer) > 0)
    return tambo_data_group_malformed (error, TAMBO_LDS_DG14, "is not a set of SecurityInfo");
  TamboReader reader = tambo_reader (set.value, set.length);
  while (tambo_reader_left (&reader) > 0) {
    const guint8 *start = reader.data + reader.position;
    if (!tambo_tlv_next (&reader, &info) || !is_security_info (&info))
      return tambo_data_group_malformed (error, TAMBO_LDS_DG14,
                                         "holds something that is no SecurityInfo");
    gsize size = (gsize) (reader.data + reader.position - start);
    g_ptr_array_add (infos, g_bytes_new (start, size));
  }
  return g_steal_pointer (&infos);
}

GBytes *tambo_dg15_encode (GBytes *public_key) {
  return tambo_data_group_wrap (g_bytes_unref_to_array (g_bytes_ref (public_key)), TAMBO_LDS_DG15);
}

GBytes *tambo_dg15_parse (GBytes *dg15, GError **error) {
  TamboTlv whole, key;

  if (!tambo_data_group_unwrap (dg15, TAMBO_LDS_DG15, &whole, error))
    return NULL;
  TamboReader reader = tambo_reader (whole.value, whole.length);
  if (!tambo_tlv_next (&reader, &key) || key.tag != TAG_SEQUENCE || tambo_reader_left (&reader) > 0)
    return tambo_data_group_malformed (error, TAMBO_LDS_DG15, "is not a SubjectPublicKeyInfo");
  return g_bytes_new (whole.value, whole.length);
}
