/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/sod.h"

#include "chip/security-object.h"
#include "chip/signed-data.h"
#include "format/tlv.h"

GBytes *tambo_sod_sign (const TamboLds *lds, const TamboSigner *signer, GError **error) {
  g_autoptr (GBytes) object = tambo_security_object_encode (lds, signer->form.lds_version,
                                                            tambo_signer_get_digest (signer));
  g_autoptr (GBytes) cms =
      tambo_signed_data_make (object, TAMBO_OID_LDS_SECURITY_OBJECT, signer, error);
  if (!cms) {
    g_prefix_error (error, "the SOD could not be signed: ");
    return NULL;
  }
  g_autoptr (GByteArray) sod = g_byte_array_new ();
  tambo_tlv_put_bytes (sod, tambo_lds_file_tag (TAMBO_LDS_SOD), cms);
  return g_byte_array_free_to_bytes (g_steal_pointer (&sod));
}

GBytes *tambo_sod_dup_cms (GBytes *sod, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (sod);
  TamboTlv tlv;

  if (!tambo_tlv_next (&reader, &tlv) || tlv.tag != tambo_lds_file_tag (TAMBO_LDS_SOD)
      || tambo_reader_left (&reader) > 0) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the SOD is not one object of tag 77");
    return NULL;
  }
  return g_bytes_new (tlv.value, tlv.length);
}
