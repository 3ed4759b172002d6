/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/chip-authentication.h"

#include <string.h>

#include "base/bytes.h"
#include "chip/card-access.h"
#include "chip/cipher.h"
#include "chip/domain-parameters.h"
#include "chip/file-access.h"
#include "chip/pace-private.h"
#include "chip/status.h"

#define TAG_DG14 0x6E
#define TAG_SET 0x31
#define TAG_EPHEMERAL_KEY 0x91
#define TAG_KEY_ID 0x84
#define TAG_PROTOCOL 0x80
#define OID_SIZE 10

/* id-CA, 0.4.0.127.0.7.2.2.3, and id-PK, 0.4.0.127.0.7.2.2.1: then 1 for DH, 2 for ECDH, and for id-CA
 * the cipher as PACE counts it. */
static const guint8 id_ca[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03 };
static const guint8 id_pk[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01 };

/* What DG14 says of one key. */
typedef struct {
  guint8 kind; /* 1 DH, 2 ECDH */
  gboolean has_id;
  guint id;
  TamboTlv key; /* SubjectPublicKeyInfo, borrowed */
  TamboPaceCipher cipher;
  gboolean named; /* by a ChipAuthenticationInfo: old chips have none, and mean 3DES */
} Offer;

static gboolean has_prefix (const TamboSecurityInfo *info, const guint8 *prefix, gsize size) {
  return info->oid_size == size && memcmp (info->oid, prefix, sizeof id_pk) == 0;
}

/* The first key of SET. */
static gboolean find_key (const TamboTlv *set, Offer *out_offer) {
  TamboReader reader = tambo_reader (set->value, set->length);
  TamboSecurityInfo info;

  while (tambo_reader_left (&reader) > 0) {
    if (!tambo_security_infos_next (&reader, &info, NULL))
      return FALSE;
    if (!has_prefix (&info, id_pk, OID_SIZE - 1))
      continue;
    out_offer->kind = info.oid[OID_SIZE - 2];
    out_offer->has_id = tambo_security_info_number (&info.optional, &out_offer->id);
    out_offer->key = info.required;
    return out_offer->kind == 1 || out_offer->kind == 2;
  }
  return FALSE;
}

static void find_cipher (const TamboTlv *set, Offer *offer) {
  TamboReader reader = tambo_reader (set->value, set->length);
  TamboSecurityInfo info;

  offer->cipher = TAMBO_PACE_3DES;
  while (tambo_reader_left (&reader) > 0 && tambo_security_infos_next (&reader, &info, NULL)) {
    guint id = 0;
    gboolean has_id = tambo_security_info_number (&info.optional, &id);
    if (!has_prefix (&info, id_ca, OID_SIZE) || info.oid[OID_SIZE - 2] != offer->kind
        || info.oid[OID_SIZE - 1] < TAMBO_PACE_3DES || info.oid[OID_SIZE - 1] > TAMBO_PACE_AES_256
        || (has_id && offer->has_id && id != offer->id))
      continue;
    if (!offer->named || info.oid[OID_SIZE - 1] > offer->cipher)
      offer->cipher = info.oid[OID_SIZE - 1];
    offer->named = TRUE;
  }
}

static gboolean find_offer (GBytes *dg14, Offer *out_offer) {
  gsize size;
  gconstpointer data = g_bytes_get_data (dg14, &size);
  TamboReader reader = tambo_reader (data, size);
  TamboTlv whole, set;

  if (!tambo_tlv_next (&reader, &whole) || whole.tag != TAG_DG14
      || !tambo_tlv_find (whole.value, whole.length, TAG_SET, &set) || !find_key (&set, out_offer))
    return FALSE;
  find_cipher (&set, out_offer);
  return TRUE;
}

/* One authentication under way. */
typedef struct {
  TamboChannel *channel;
  TamboSecureMessaging *sm;
  const Offer *offer;
  GCancellable *cancellable;
} Terminal;

static gboolean send (const Terminal *terminal, TamboCommand *command, const GByteArray *data,
                      GError **error) {
  g_auto (TamboResponse) response = { 0 };

  command->data = data->data;
  command->size = data->len;
  if (!tambo_file_transmit (terminal->channel, terminal->sm, command, &response,
                            terminal->cancellable, error))
    return FALSE;
  if (response.sw == TAMBO_SW_OK)
    return TRUE;
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_AUTHENTICATION, "chip authentication",
                          response.sw);
  return FALSE;
}

static void put_key_id (GByteArray *data, const Offer *offer) {
  guint8 octets[4];
  gsize size = 0;

  if (!offer->has_id)
    return;
  for (int shift = 24; shift >= 0; shift -= 8)
    if (size > 0 || shift == 0 || offer->id >> shift)
      octets[size++] = (guint8) (offer->id >> shift);
  tambo_tlv_put (data, TAG_KEY_ID, octets, size);
}

/* Section 6.2.4.1, for 3DES: MSE:Set KAT. */
static gboolean send_key_agreement_template (const Terminal *terminal, GBytes *key,
                                             GError **error) {
  TamboCommand command = { .ins = 0x22, .p1 = 0x41, .p2 = 0xA6, .le = TAMBO_LE_NONE };
  g_autoptr (GByteArray) data = g_byte_array_new ();

  tambo_tlv_put_bytes (data, TAG_EPHEMERAL_KEY, key);
  put_key_id (data, terminal->offer);
  return send (terminal, &command, data, error);
}

/* Section 6.2.4.2, for AES: MSE:Set AT and GENERAL AUTHENTICATE. */
static gboolean send_authentication_template (const Terminal *terminal, GBytes *key,
                                              GError **error) {
  const Offer *offer = terminal->offer;
  TamboCommand set = { .ins = 0x22, .p1 = 0x41, .p2 = 0xA4, .le = TAMBO_LE_NONE };
  TamboCommand authenticate = { .ins = 0x86, .le = 256 };
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GByteArray) dynamic = g_byte_array_new ();
  guint8 oid[OID_SIZE];

  memcpy (oid, id_ca, sizeof id_ca);
  oid[OID_SIZE - 2] = offer->kind;
  oid[OID_SIZE - 1] = (guint8) offer->cipher;
  tambo_tlv_put (data, TAG_PROTOCOL, oid, sizeof oid);
  put_key_id (data, offer);
  tambo_tlv_put_bytes (dynamic, TAMBO_PACE_DO_NONCE, key);
  tambo_tlv_wrap (dynamic, TAMBO_PACE_DYNAMIC_DATA);
  return send (terminal, &set, data, error) && send (terminal, &authenticate, dynamic, error);
}

static TamboSecureMessaging *make_session (TamboPaceCipher cipher, GBytes *secret) {
  static const guint8 zeros[TAMBO_CIPHER_MAX_BLOCK];
  TamboSmCipher block = cipher == TAMBO_PACE_3DES ? TAMBO_SM_3DES : TAMBO_SM_AES;
  g_autoptr (GBytes) ks_enc = tambo_pace_kdf (cipher, secret, 1);
  g_autoptr (GBytes) ks_mac = tambo_pace_kdf (cipher, secret, 2);
  g_autoptr (GBytes) ssc = g_bytes_new_static (zeros, tambo_cipher_block_size (block));

  return tambo_secure_messaging_new (block, ks_enc, ks_mac, ssc);
}

/* The new session, in which the chip has answered once: that is the proof. */
static TamboSecureMessaging *authenticate (const Terminal *terminal, GError **error) {
  const Offer *offer = terminal->offer;
  g_autoptr (GBytes) static_key = NULL;
  g_autoptr (TamboDomainParameters) domain =
      tambo_domain_parameters_new_from_key (offer->key.value, offer->key.length, &static_key);
  if (!domain
      || (tambo_domain_parameters_get_kind (domain) == TAMBO_DOMAIN_DH) != (offer->kind == 1)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the chip's key lies in a group that is not known here");
    return NULL;
  }
  g_autoptr (GBytes) ephemeral = tambo_domain_parameters_random_scalar (domain);
  g_autoptr (GBytes) public_key = tambo_domain_parameters_multiply (
      domain, tambo_domain_parameters_get_generator (domain), ephemeral);
  g_autoptr (GBytes) shared = tambo_domain_parameters_multiply (domain, static_key, ephemeral);
  if (!public_key || !shared) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                         "the chip's key in DG14 is not a key");
    return NULL;
  }
  if (!(offer->cipher == TAMBO_PACE_3DES
            ? send_key_agreement_template
            : send_authentication_template) (terminal, public_key, error))
    return NULL;
  g_autoptr (GBytes) secret = tambo_domain_parameters_dup_shared_secret (domain, shared);
  g_autoptr (TamboSecureMessaging) session = make_session (offer->cipher, secret);
  if (!tambo_file_select (terminal->channel, session, TAMBO_LDS_COM, terminal->cancellable, error))
    return NULL;
  return g_steal_pointer (&session);
}

gboolean tambo_chip_authentication (TamboChannel *channel, TamboSecureMessaging **session,
                                    const TamboLds *lds, GPtrArray *verdicts,
                                    GCancellable *cancellable, GError **error) {
  static const char check[] = "chip-authentication";
  GBytes *dg14 = lds->files[TAMBO_LDS_DG14];
  g_autoptr (GError) problem = NULL;
  Offer offer = { 0 };

  if (!dg14 || !find_offer (dg14, &offer))
    return TRUE;
  Terminal terminal = { channel, *session, &offer, cancellable };
  TamboSecureMessaging *renewed = authenticate (&terminal, &problem);
  if (renewed) {
    tambo_secure_messaging_clear_free (*session);
    *session = renewed;
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_PASSED, "%s", "version 1");
    return TRUE;
  }
  if (g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED)) {
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_SKIPPED, "%s", problem->message);
    return TRUE;
  }
  if (g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION)
      || g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS)
      || g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED)) {
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED, "%s", problem->message);
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}
