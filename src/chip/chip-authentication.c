/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/chip-authentication-private.h"

#include <string.h>

#include "base/bytes.h"
#include "chip/card-access.h"
#include "chip/cipher.h"
#include "chip/domain-parameters.h"
#include "chip/file-access.h"
#include "chip/pace-private.h"
#include "chip/status.h"
#include "chip/verdict.h"

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

gboolean tambo_chip_authentication_find_cipher (GBytes *dg14, TamboPaceCipher *out_cipher) {
  Offer offer = { 0 };

  if (!find_offer (dg14, &offer))
    return FALSE;
  *out_cipher = offer.cipher;
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

TamboSecureMessaging *tambo_chip_authentication_session (TamboPaceCipher cipher, GBytes *secret) {
  static const guint8 zeros[TAMBO_CIPHER_MAX_BLOCK];
  TamboSmCipher block = cipher == TAMBO_PACE_3DES ? TAMBO_SM_3DES : TAMBO_SM_AES;
  g_autoptr (GBytes) ks_enc = tambo_pace_kdf (cipher, secret, 1);
  g_autoptr (GBytes) ks_mac = tambo_pace_kdf (cipher, secret, 2);
  g_autoptr (GBytes) ssc = g_bytes_new_static (zeros, tambo_cipher_block_size (block));

  return tambo_secure_messaging_new (block, ks_enc, ks_mac, ssc);
}

/* MSE:Set KAT is for 3DES alone; chips are about that know but the other way for it too (TR-03110-3,
 * B.2). A chip that has refused keeps the old session. */
static gboolean send_key (const Terminal *terminal, GBytes *key, gboolean general, GError **error) {
  GError *problem = NULL;
  g_autoptr (GError) again = NULL;

  if (general || terminal->offer->cipher != TAMBO_PACE_3DES)
    return send_authentication_template (terminal, key, error);
  if (send_key_agreement_template (terminal, key, &problem))
    return TRUE;
  if (g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION)
      && send_authentication_template (terminal, key, &again)) {
    g_error_free (problem);
    return TRUE;
  }
  g_propagate_error (error, problem);
  return FALSE;
}

static gboolean refuse (GError **error, TamboChipError code, const char *cause) {
  g_set_error_literal (error, TAMBO_CHIP_ERROR, code, cause);
  return FALSE;
}

/* The keys of one run: the chip's static one and the terminal's ephemeral pair. */
typedef struct {
  TamboDomainParameters *domain;
  GBytes *static_key, *ephemeral, *public_key, *secret;
} Keys;

static void keys_clear (Keys *keys) {
  g_clear_pointer (&keys->domain, tambo_domain_parameters_free);
  g_clear_pointer (&keys->static_key, g_bytes_unref);
  g_clear_pointer (&keys->ephemeral, g_bytes_unref);
  g_clear_pointer (&keys->public_key, g_bytes_unref);
  g_clear_pointer (&keys->secret, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keys, keys_clear)

static gboolean agree (const Offer *offer, GBytes *ephemeral, Keys *keys, GError **error) {
  keys->domain =
      tambo_domain_parameters_new_from_key (offer->key.value, offer->key.length, &keys->static_key);
  if (!keys->domain
      || (tambo_domain_parameters_get_kind (keys->domain) == TAMBO_DOMAIN_DH) != (offer->kind == 1))
    return refuse (error, TAMBO_CHIP_ERROR_UNSUPPORTED,
                   "the chip's key lies in a group that is not known here");
  keys->ephemeral =
      ephemeral ? g_bytes_ref (ephemeral) : tambo_domain_parameters_random_scalar (keys->domain);
  keys->public_key = tambo_domain_parameters_multiply (
      keys->domain, tambo_domain_parameters_get_generator (keys->domain), keys->ephemeral);
  g_autoptr (GBytes) shared =
      tambo_domain_parameters_multiply (keys->domain, keys->static_key, keys->ephemeral);
  if (!keys->public_key || !shared)
    return refuse (error, TAMBO_CHIP_ERROR_AUTHENTICATION, "the chip's key in DG14 is not a key");
  keys->secret = tambo_domain_parameters_dup_shared_secret (keys->domain, shared);
  return TRUE;
}

/* DG14 is selected for the proof: it was read, so it is there. */
TamboSecureMessaging *tambo_chip_authentication_run (TamboChannel *channel,
                                                     TamboSecureMessaging *sm, GBytes *dg14,
                                                     const TamboChipAuthenticationWish *wish,
                                                     GBytes **out_terminal_key,
                                                     GCancellable *cancellable, GError **error) {
  Offer offer = { 0 };
  Terminal terminal = { channel, sm, &offer, cancellable };
  g_auto (Keys) keys = { NULL };

  if (!find_offer (dg14, &offer)) {
    refuse (error, TAMBO_CHIP_ERROR_UNSUPPORTED, "DG14 has no key for chip authentication");
    return NULL;
  }
  if (!agree (&offer, wish->ephemeral, &keys, error)
      || !send_key (&terminal, keys.public_key, wish->general, error))
    return NULL;
  g_autoptr (TamboSecureMessaging) session =
      tambo_chip_authentication_session (offer.cipher, keys.secret);
  if (!tambo_file_select (channel, session, TAMBO_LDS_DG14, cancellable, error))
    return NULL;
  *out_terminal_key = tambo_domain_parameters_compress (keys.domain, keys.public_key);
  return g_steal_pointer (&session);
}

gboolean tambo_chip_authentication (TamboChannel *channel, TamboSecureMessaging **session,
                                    GBytes *dg14, GBytes **out_terminal_key, GPtrArray *verdicts,
                                    GCancellable *cancellable, GError **error) {
  static const char check[] = "chip-authentication";
  static const TamboChipAuthenticationWish chance;
  Offer offer = { 0 };
  g_autoptr (GError) problem = NULL;

  if (!dg14 || !find_offer (dg14, &offer))
    return TRUE;
  TamboSecureMessaging *fresh = tambo_chip_authentication_run (
      channel, *session, dg14, &chance, out_terminal_key, cancellable, &problem);
  if (fresh) {
    tambo_secure_messaging_clear_free (*session);
    *session = fresh;
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_PASSED, "%s", "version 1");
    return TRUE;
  }
  if (g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED)) {
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_SKIPPED, "%s", problem->message);
    return TRUE;
  }
  return tambo_verdict_settle (verdicts, check, g_steal_pointer (&problem), error);
}
