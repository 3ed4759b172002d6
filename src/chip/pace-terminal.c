/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <openssl/crypto.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "chip/pace-private.h"
#include "chip/status.h"

#define INS_MSE 0x22
#define INS_GENERAL_AUTHENTICATE 0x86
#define CLA_CHAINING 0x10
#define SET_AT_P1 0xC1
#define SET_AT_P2 0xA4
#define TAG_PROTOCOL 0x80
#define TAG_PASSWORD 0x83
#define TAG_PARAMETERS 0x84
/* The longest element whose data objects fit a short command. */
#define MAX_SHORT_ELEMENT 240

void tambo_pace_session_clear (TamboPaceSession *session) {
  g_clear_pointer (&session->sm, tambo_secure_messaging_clear_free);
  g_clear_pointer (&session->chip_mapping_key, g_bytes_unref);
  g_clear_pointer (&session->chip_authentication_data, g_bytes_unref);
  g_clear_pointer (&session->chip_key, g_bytes_unref);
  g_clear_pointer (&session->terminal_key, g_bytes_unref);
}

/* One end of a conversation. */
typedef struct {
  TamboChannel *channel;
  TamboPaceRun *run;
  GCancellable *cancellable;
} Terminal;

static gboolean refuse (GError **error, const char *cause) {
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION, "PACE failed: %s", cause);
  return FALSE;
}

static gboolean set_template (const Terminal *terminal, TamboPaceReference reference,
                              GError **error) {
  const TamboPaceInfo *info = &terminal->run->info;
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_auto (TamboResponse) response = { 0 };
  guint8 oid[TAMBO_PACE_OID_SIZE];
  guint8 octet = (guint8) reference;
  guint8 id = (guint8) info->parameter_id;

  tambo_pace_info_write_oid (info, oid);
  tambo_tlv_put (data, TAG_PROTOCOL, oid, sizeof oid);
  tambo_tlv_put (data, TAG_PASSWORD, &octet, 1);
  if (info->ambiguous)
    tambo_tlv_put (data, TAG_PARAMETERS, &id, 1);

  TamboCommand command = { .ins = INS_MSE,
                           .p1 = SET_AT_P1,
                           .p2 = SET_AT_P2,
                           .data = data->data,
                           .size = data->len,
                           .le = TAMBO_LE_NONE };
  if (!tambo_channel_transmit (terminal->channel, &command, &response, terminal->cancellable,
                               error))
    return FALSE;
  if (response.sw == TAMBO_SW_OK || response.sw >> 4 == 0x63C) /* few tries left, yet one */
    return TRUE;
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_UNSUPPORTED, "the choice of PACE", response.sw);
  return FALSE;
}

/* Sends one object (TAG 0: none) in dynamic authentication data; gives what lies in the answer's. */
static GBytes *exchange (const Terminal *terminal, guint8 cla, guint8 tag, gconstpointer value,
                         gsize size, GError **error) {
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_auto (TamboResponse) response = { 0 };
  TamboTlv dynamic;

  if (tag)
    tambo_tlv_put (data, tag, value, size);
  tambo_tlv_wrap (data, TAMBO_PACE_DYNAMIC_DATA);
  TamboCommand command = { .cla = cla,
                           .ins = INS_GENERAL_AUTHENTICATE,
                           .data = data->data,
                           .size = data->len,
                           .le = size > MAX_SHORT_ELEMENT ? 65536 : 256 };
  if (!tambo_channel_transmit (terminal->channel, &command, &response, terminal->cancellable,
                               error))
    return NULL;
  if (response.sw != TAMBO_SW_OK) {
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_AUTHENTICATION, "PACE", response.sw);
    return NULL;
  }
  TamboReader reader = tambo_reader_for_bytes (response.data);
  if (tambo_reader_left (&reader) == 0) /* some chips have nothing to say to the mapping nonce */
    return g_bytes_new_static (NULL, 0);
  if (!tambo_tlv_next (&reader, &dynamic) || dynamic.tag != TAMBO_PACE_DYNAMIC_DATA
      || tambo_reader_left (&reader) > 0) {
    refuse (error, "the chip's answer is not dynamic authentication data");
    return NULL;
  }
  return g_bytes_new (dynamic.value, dynamic.length);
}

/* The object TAG of an answer, as bytes of its own. */
static GBytes *dup_object (GBytes *answer, guint8 tag, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (answer, &size);
  TamboTlv tlv;

  if (tambo_tlv_find (data, size, tag, &tlv))
    return g_bytes_new (tlv.value, tlv.length);
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
               "PACE failed: the chip's answer lacks object %02X", tag);
  return NULL;
}

/* Sends our KEY under TAG, gives the peer's under the next. */
static GBytes *exchange_keys (const Terminal *terminal, guint8 tag, GBytes *key, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (key, &size);
  g_autoptr (GBytes) answer = exchange (terminal, CLA_CHAINING, tag, data, size, error);

  return answer ? dup_object (answer, tag + 1, error) : NULL;
}

static gboolean get_nonce (const Terminal *terminal, GError **error) {
  TamboPaceRun *run = terminal->run;
  g_autoptr (GBytes) answer = exchange (terminal, CLA_CHAINING, 0, NULL, 0, error);
  g_autoptr (GBytes) z = answer ? dup_object (answer, TAMBO_PACE_DO_NONCE, error) : NULL;

  if (!z)
    return FALSE;
  /* Chips are known that send a short one for a long key; integrated mapping has no use for it. */
  gsize size = g_bytes_get_size (z);
  if (size != tambo_pace_nonce_size (run->info.cipher)
      && (size != 16 || tambo_pace_is_integrated (&run->info)))
    return refuse (error, "the chip's nonce does not have the size that its cipher asks for");
  run->nonce = tambo_pace_run_cipher_nonce (run, FALSE, z);
  return TRUE;
}

static gboolean map_generic (const Terminal *terminal, TamboPaceSession *session, GError **error) {
  g_autoptr (GBytes) own = tambo_pace_run_mapping_key (terminal->run);
  g_autoptr (GBytes) peer =
      own ? exchange_keys (terminal, TAMBO_PACE_DO_MAPPING, own, error) : NULL;

  if (!peer)
    return own ? FALSE : refuse (error, "there is no mapping key for this chance");
  if (g_bytes_equal (peer, own) || !tambo_pace_run_map_generic (terminal->run, peer))
    return refuse (error, "the chip's mapping key is not a key");
  if (terminal->run->info.mapping == TAMBO_PACE_ECDH_CAM)
    session->chip_mapping_key = g_steal_pointer (&peer);
  return TRUE;
}

static gboolean map_integrated (const Terminal *terminal, GBytes *t, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (t, &size);
  g_autoptr (GBytes) answer =
      exchange (terminal, CLA_CHAINING, TAMBO_PACE_DO_MAPPING, data, size, error);

  if (!answer)
    return FALSE;
  return tambo_pace_run_map_integrated (terminal->run, t)
         || refuse (error, "the nonces have no element of the group");
}

static gboolean map (const Terminal *terminal, GBytes *given_t, TamboPaceSession *session,
                     GError **error) {
  if (!tambo_pace_is_integrated (&terminal->run->info))
    return map_generic (terminal, session, error);
  g_autoptr (GBytes) t =
      given_t ? g_bytes_ref (given_t)
              : tambo_random_bytes (tambo_pace_key_size (terminal->run->info.cipher));
  return map_integrated (terminal, t, error);
}

static gboolean agree (const Terminal *terminal, GError **error) {
  TamboPaceRun *run = terminal->run;

  if (!tambo_pace_run_make_key (run))
    return refuse (error, "the mapped generator generates nothing");
  g_autoptr (GBytes) peer =
      exchange_keys (terminal, TAMBO_PACE_DO_EXCHANGE, run->public_key, error);
  if (!peer)
    return FALSE;
  return tambo_pace_run_agree (run, peer) || refuse (error, "the chip's key is not a key");
}

static gboolean take_proof (const Terminal *terminal, GBytes *answer, TamboPaceSession *session,
                            GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (answer, &size);
  TamboTlv proof;

  if (terminal->run->info.mapping != TAMBO_PACE_ECDH_CAM)
    return TRUE;
  if (tambo_tlv_find (data, size, TAMBO_PACE_DO_PROOF, &proof))
    session->chip_authentication_data =
        tambo_pace_run_decipher_proof (terminal->run, proof.value, proof.length);
  return session->chip_authentication_data
         || refuse (error, "the chip sent no chip authentication data");
}

static gboolean compare_tokens (const Terminal *terminal, TamboPaceSession *session,
                                GError **error) {
  TamboPaceRun *run = terminal->run;
  guint8 token[TAMBO_MAC_SIZE];

  tambo_pace_run_token (run, run->peer_key, token);
  g_autoptr (GBytes) answer =
      exchange (terminal, 0, TAMBO_PACE_DO_TOKEN, token, sizeof token, error);
  g_autoptr (GBytes) its = answer ? dup_object (answer, TAMBO_PACE_DO_TOKEN + 1, error) : NULL;
  if (!its)
    return FALSE;
  tambo_pace_run_token (run, run->public_key, token);
  if (g_bytes_get_size (its) != sizeof token
      || CRYPTO_memcmp (g_bytes_get_data (its, NULL), token, sizeof token) != 0)
    return refuse (error, "the chip's token does not hold");
  return take_proof (terminal, answer, session, error);
}

gboolean tambo_pace_authenticate_with (TamboChannel *channel, const TamboPaceInfo *info,
                                       const TamboPacePassword *password,
                                       const TamboPaceSecrets *secrets,
                                       TamboPaceSession *out_session, GCancellable *cancellable,
                                       GError **error) {
  g_auto (TamboPaceRun) run;
  g_auto (TamboPaceSession) session = { 0 };
  Terminal terminal = { channel, &run, cancellable };

  tambo_pace_run_init (&run, info, password, secrets);
  if (!set_template (&terminal, password->reference, error) || !get_nonce (&terminal, error)
      || !map (&terminal, secrets->nonce, &session, error) || !agree (&terminal, error)
      || !compare_tokens (&terminal, &session, error))
    return FALSE;
  session.sm = tambo_pace_run_session (&run);
  session.chip_key = tambo_domain_parameters_compress (run.domain, run.peer_key);
  session.terminal_key = tambo_domain_parameters_compress (run.domain, run.public_key);
  *out_session = session;
  memset (&session, 0, sizeof session);
  return TRUE;
}

gboolean tambo_pace_authenticate (TamboChannel *channel, const TamboPaceInfo *info,
                                  const TamboPacePassword *password, TamboPaceSession *out_session,
                                  GCancellable *cancellable, GError **error) {
  static const TamboPaceSecrets chance;

  return tambo_pace_authenticate_with (channel, info, password, &chance, out_session, cancellable,
                                       error);
}

gboolean tambo_pace_session_proves (const TamboPaceSession *session, const TamboPaceInfo *info,
                                    GBytes *public_key) {
  g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (info->parameter_id);

  if (!domain || !session->chip_authentication_data || !session->chip_mapping_key)
    return FALSE;
  g_autoptr (GBytes) point =
      tambo_domain_parameters_multiply (domain, public_key, session->chip_authentication_data);
  return point && g_bytes_equal (point, session->chip_mapping_key);
}
