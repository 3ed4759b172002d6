/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/card-access.h"

#include <string.h>

#include "chip/domain-parameters.h"

#define TAG_SET 0x31
#define TAG_SEQUENCE 0x30
#define TAG_OID 0x06
#define TAG_INTEGER 0x02
#define PACE_VERSION 2

/* id-PACE: bsi-de protocols smartcard 4, 0.4.0.127.0.7.2.2.4. */
static const guint8 id_pace[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04 };

void tambo_pace_info_write_oid (const TamboPaceInfo *info, guint8 out_oid[TAMBO_PACE_OID_SIZE]) {
  memcpy (out_oid, id_pace, sizeof id_pace);
  out_oid[sizeof id_pace] = (guint8) info->mapping;
  out_oid[sizeof id_pace + 1] = (guint8) info->cipher;
}

char *tambo_pace_info_dup_name (const TamboPaceInfo *info) {
  static const char *const mappings[] = { NULL,      "DH-GM", "ECDH-GM", "DH-IM",
                                          "ECDH-IM", NULL,    "ECDH-CAM" };
  static const char *const ciphers[] = { NULL, "3DES-CBC-CBC", "AES-CBC-CMAC-128",
                                         "AES-CBC-CMAC-192", "AES-CBC-CMAC-256" };
  g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (info->parameter_id);

  return g_strdup_printf ("PACE-%s-%s, %s", mappings[info->mapping], ciphers[info->cipher],
                          domain ? tambo_domain_parameters_get_name (domain) : "?");
}

gboolean tambo_security_infos_open (gconstpointer data, gsize size, TamboReader *out_reader,
                                    GError **error) {
  TamboReader reader = tambo_reader (data, size);
  TamboTlv set;

  if (!tambo_tlv_next (&reader, &set) || set.tag != TAG_SET || tambo_reader_left (&reader) > 0) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the security infos are not one SET");
    return FALSE;
  }
  *out_reader = tambo_reader (set.value, set.length);
  return TRUE;
}

gboolean tambo_security_infos_next (TamboReader *reader, TamboSecurityInfo *out_info,
                                    GError **error) {
  TamboTlv sequence, oid;
  TamboSecurityInfo info = { 0 };
  gboolean whole = tambo_tlv_next (reader, &sequence) && sequence.tag == TAG_SEQUENCE;

  if (whole) {
    TamboReader inside = tambo_reader (sequence.value, sequence.length);
    whole = tambo_tlv_next (&inside, &oid) && oid.tag == TAG_OID
            && tambo_tlv_next (&inside, &info.required);
    if (whole && tambo_reader_left (&inside) > 0)
      whole = tambo_tlv_next (&inside, &info.optional) && tambo_reader_left (&inside) == 0;
  }
  if (!whole) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "a security info is not an identifier with its data");
    return FALSE;
  }
  info.whole = sequence;
  info.oid = oid.value;
  info.oid_size = oid.length;
  *out_info = info;
  return TRUE;
}

gboolean tambo_security_info_number (const TamboTlv *tlv, guint *out_number) {
  guint number = 0;

  if (tlv->tag != TAG_INTEGER || tlv->length == 0 || tlv->length > 4 || tlv->value[0] & 0x80)
    return FALSE;
  for (gsize i = 0; i < tlv->length; i++)
    number = number << 8 | tlv->value[i];
  *out_number = number;
  return TRUE;
}

static gboolean fits (TamboPaceMapping mapping, TamboPaceCipher cipher,
                      const TamboDomainParameters *domain) {
  TamboDomainKind kind = tambo_domain_parameters_get_kind (domain);

  switch (mapping) {
  case TAMBO_PACE_DH_GM:
  case TAMBO_PACE_DH_IM:
    return kind == TAMBO_DOMAIN_DH;
  case TAMBO_PACE_ECDH_GM:
    return kind == TAMBO_DOMAIN_ECDH;
  case TAMBO_PACE_ECDH_IM:
    return kind == TAMBO_DOMAIN_ECDH && tambo_domain_parameters_has_map (domain);
  case TAMBO_PACE_ECDH_CAM:
    return kind == TAMBO_DOMAIN_ECDH && cipher != TAMBO_PACE_3DES;
  default:
    return FALSE;
  }
}

/* FALSE for what is no PACEInfo, or one of another version, a cipher or parameters that are not known
 * here; OUT_PARAMETER_ID is set for each PACEInfo that names standardized parameters. */
static gboolean read_pace_info (const TamboSecurityInfo *from, TamboPaceInfo *out_info,
                                gboolean *out_is_pace) {
  guint version, id;
  TamboPaceInfo info = { 0 };

  *out_is_pace = from->oid_size == TAMBO_PACE_OID_SIZE
                 && memcmp (from->oid, id_pace, sizeof id_pace) == 0
                 && tambo_security_info_number (&from->required, &version)
                 && tambo_security_info_number (&from->optional, &id);
  if (!*out_is_pace)
    return FALSE;
  info.mapping = from->oid[sizeof id_pace];
  info.cipher = from->oid[sizeof id_pace + 1];
  info.parameter_id = id;
  *out_info = info;
  g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (id);
  return version == PACE_VERSION && domain && info.cipher >= TAMBO_PACE_3DES
         && info.cipher <= TAMBO_PACE_AES_256 && fits (info.mapping, info.cipher, domain);
}

static int rank (const TamboPaceInfo *info) {
  static const int of_mapping[] = { 0, 1, 3, 0, 2, 0, 4 };

  return of_mapping[info->mapping] * 8 + (int) info->cipher;
}

static gint compare (gconstpointer a, gconstpointer b) {
  return rank (b) - rank (a);
}

GArray *tambo_card_access_parse (GBytes *file, GError **error) {
  g_autoptr (GArray) infos = g_array_new (FALSE, FALSE, sizeof (TamboPaceInfo));
  TamboReader reader;
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);
  gboolean ambiguous = FALSE;
  gint64 first_id = -1;

  if (!tambo_security_infos_open (data, size, &reader, error))
    return NULL;
  while (tambo_reader_left (&reader) > 0) {
    TamboSecurityInfo security;
    TamboPaceInfo info;
    gboolean is_pace;
    if (!tambo_security_infos_next (&reader, &security, error))
      return NULL;
    gboolean known = read_pace_info (&security, &info, &is_pace);
    if (is_pace) {
      ambiguous |= first_id >= 0 && first_id != info.parameter_id;
      first_id = info.parameter_id;
    }
    if (known)
      g_array_append_val (infos, info);
  }
  for (guint i = 0; i < infos->len; i++)
    g_array_index (infos, TamboPaceInfo, i).ambiguous = ambiguous;
  g_array_sort (infos, compare);
  return g_steal_pointer (&infos);
}

static gboolean is_in (const TamboSecurityInfo *info, const TamboTlv *set) {
  TamboReader reader = tambo_reader (set->value, set->length);
  TamboTlv other;

  while (tambo_tlv_next (&reader, &other))
    if (other.tag == info->whole.tag && other.length == info->whole.length
        && memcmp (other.value, info->whole.value, other.length) == 0)
      return TRUE;
  return FALSE;
}

gboolean tambo_security_infos_within (const TamboTlv *set_a, const TamboTlv *set_b,
                                      gboolean pace_only) {
  TamboReader reader = tambo_reader (set_a->value, set_a->length);
  TamboSecurityInfo info;

  while (tambo_reader_left (&reader) > 0) {
    if (!tambo_security_infos_next (&reader, &info, NULL))
      return FALSE;
    gboolean is_pace =
        info.oid_size >= sizeof id_pace && memcmp (info.oid, id_pace, sizeof id_pace) == 0;
    if ((is_pace || !pace_only) && !is_in (&info, set_b))
      return FALSE;
  }
  return TRUE;
}

GBytes *tambo_card_access_encode (const TamboPaceInfo *infos, gsize n_infos) {
  g_autoptr (GByteArray) set = g_byte_array_new ();

  for (gsize i = 0; i < n_infos; i++) {
    g_autoptr (GByteArray) info = g_byte_array_new ();
    guint8 oid[TAMBO_PACE_OID_SIZE];
    guint8 version = PACE_VERSION;
    guint8 id = (guint8) infos[i].parameter_id;
    tambo_pace_info_write_oid (&infos[i], oid);
    tambo_tlv_put (info, TAG_OID, oid, sizeof oid);
    tambo_tlv_put (info, TAG_INTEGER, &version, 1);
    tambo_tlv_put (info, TAG_INTEGER, &id, 1);
    tambo_tlv_put (set, TAG_SEQUENCE, info->data, info->len);
  }
  tambo_tlv_wrap (set, TAG_SET);
  return g_byte_array_free_to_bytes (g_steal_pointer (&set));
}
