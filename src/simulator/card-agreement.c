/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-agreement.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "chip/chip-authentication-private.h"
#include "chip/domain-parameters.h"
#include "format/tlv.h"
#include "simulator/card-emrtd.h"
#include "simulator/simulator-error.h"

#define TAG_KEY 0x91
#define TAG_DYNAMIC 0x7C
#define TAG_DYNAMIC_KEY 0x80
#define MAX_SCALAR 512

struct _TamboCardAgreement {
  TamboDomainParameters *domain;
  GBytes *scalar;
  TamboPaceCipher cipher;
  gboolean chosen; /* by MSE:Set AT */
};

void tambo_card_agreement_free (TamboCardAgreement *agreement) {
  if (!agreement)
    return;
  g_clear_pointer (&agreement->domain, tambo_domain_parameters_free);
  g_clear_pointer (&agreement->scalar, g_bytes_unref);
  g_free (agreement);
}

static TamboDomainParameters *find_domain (EVP_PKEY *key) {
  unsigned char *der = NULL;
  int size = i2d_PUBKEY (key, &der);
  TamboReader reader = tambo_reader (der, size > 0 ? (gsize) size : 0);
  g_autoptr (GBytes) element = NULL;
  TamboTlv whole;

  TamboDomainParameters *domain =
      tambo_tlv_next (&reader, &whole)
          ? tambo_domain_parameters_new_from_key (whole.value, whole.length, &element)
          : NULL;
  OPENSSL_free (der);
  return domain;
}

static GBytes *dup_scalar (EVP_PKEY *key) {
  g_autoptr (BIGNUM) number = NULL;
  guint8 octets[MAX_SCALAR];

  if (!EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_PRIV_KEY, &number)
      || BN_num_bytes (number) > MAX_SCALAR)
    return NULL;
  int size = BN_bn2bin (number, octets);
  return tambo_secret_new (octets, (gsize) size);
}

TamboCardAgreement *tambo_card_agreement_new (GBytes *pem, GBytes *dg14, GError **error) {
  g_autoptr (TamboCardAgreement) agreement = g_new0 (TamboCardAgreement, 1);
  gsize size;
  gconstpointer data = g_bytes_get_data (pem, &size);
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) size);
  g_autoptr (EVP_PKEY) key = bio ? PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL) : NULL;

  agreement->domain = key ? find_domain (key) : NULL;
  agreement->scalar = key ? dup_scalar (key) : NULL;
  ERR_clear_error ();
  if (agreement->domain && agreement->scalar && dg14
      && tambo_chip_authentication_find_cipher (dg14, &agreement->cipher))
    return g_steal_pointer (&agreement);
  g_set_error_literal (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED,
                       "CA.pem is no key for chip authentication, or DG14 has none");
  return NULL;
}

static guint16 agree (TamboCardAgreement *agreement, const TamboTlv *value,
                      TamboSecureMessaging **out_session, GBytes **out_terminal_key) {
  g_autoptr (GBytes) key = g_bytes_new (value->value, value->length);
  g_autoptr (GBytes) shared =
      tambo_domain_parameters_multiply (agreement->domain, key, agreement->scalar);

  agreement->chosen = FALSE;
  if (!shared)
    return TAMBO_CARD_SW_WRONG_DATA;
  g_autoptr (GBytes) secret = tambo_domain_parameters_dup_shared_secret (agreement->domain, shared);
  *out_session = tambo_chip_authentication_session (agreement->cipher, secret);
  *out_terminal_key = tambo_domain_parameters_compress (agreement->domain, key);
  return TAMBO_SW_OK;
}

guint16 tambo_card_agreement_process (TamboCardAgreement *agreement, const TamboCommand *command,
                                      TamboSecureMessaging **out_session,
                                      GBytes **out_terminal_key) {
  TamboTlv tlv;

  *out_session = NULL;
  *out_terminal_key = NULL;
  if (command->ins == 0x86) {
    if (!agreement->chosen)
      return TAMBO_CARD_SW_CONDITIONS;
    if (!tambo_tlv_find (command->data, command->size, TAG_DYNAMIC, &tlv)
        || !tambo_tlv_find (tlv.value, tlv.length, TAG_DYNAMIC_KEY, &tlv))
      return TAMBO_CARD_SW_WRONG_DATA;
    return agree (agreement, &tlv, out_session, out_terminal_key);
  }
  if (command->p2 == 0xA4) {
    agreement->chosen = TRUE;
    return TAMBO_SW_OK;
  }
  if (agreement->cipher != TAMBO_PACE_3DES
      || !tambo_tlv_find (command->data, command->size, TAG_KEY, &tlv))
    return TAMBO_CARD_SW_WRONG_DATA;
  return agree (agreement, &tlv, out_session, out_terminal_key);
}
