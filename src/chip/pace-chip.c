/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <openssl/crypto.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "chip/pace-private.h"

#define INS_MSE 0x22
#define INS_GENERAL_AUTHENTICATE 0x86
#define CLA_CHAINING 0x10
#define MAX_INFOS 8
#define MAX_PASSWORDS 2

#define SW_FAILED 0x6300
#define SW_CONDITIONS 0x6985
#define SW_WRONG_DATA 0x6A80
#define SW_WRONG_P1P2 0x6A86
#define SW_DATA_NOT_FOUND 0x6A88
#define SW_INS 0x6D00

/* The step that comes next. */
typedef enum { NOTHING, NONCE, MAPPING, EXCHANGE, TOKEN } Step;

struct _TamboPaceChip {
  TamboPaceInfo infos[MAX_INFOS];
  gsize n_infos;
  TamboPacePassword passwords[MAX_PASSWORDS];
  gsize n_passwords;
  GBytes *static_key;
  TamboPaceSecrets secrets;

  Step step;
  TamboPaceRun run;
  GBytes *chip_key, *terminal_key; /* Comp of those of the last agreement */
};

TamboPaceChip *tambo_pace_chip_new (const TamboPaceInfo *infos, gsize n_infos,
                                    const TamboPacePassword *passwords, gsize n_passwords,
                                    GBytes *static_key) {
  g_return_val_if_fail (n_infos <= MAX_INFOS && n_passwords <= MAX_PASSWORDS, NULL);

  TamboPaceChip *chip = g_new0 (TamboPaceChip, 1);
  memcpy (chip->infos, infos, n_infos * sizeof *infos);
  chip->n_infos = n_infos;
  for (gsize i = 0; i < n_passwords; i++) {
    chip->passwords[i].reference = passwords[i].reference;
    chip->passwords[i].secret = g_bytes_ref (passwords[i].secret);
  }
  chip->n_passwords = n_passwords;
  chip->static_key = static_key ? g_bytes_ref (static_key) : NULL;
  return chip;
}

void tambo_pace_chip_reset (TamboPaceChip *chip) {
  tambo_pace_run_clear (&chip->run);
  chip->step = NOTHING;
}

static void clear_secrets (TamboPaceSecrets *secrets) {
  g_clear_pointer (&secrets->password_key, g_bytes_unref);
  g_clear_pointer (&secrets->nonce, g_bytes_unref);
  g_clear_pointer (&secrets->mapping, g_bytes_unref);
  g_clear_pointer (&secrets->exchange, g_bytes_unref);
}

void tambo_pace_chip_set_secrets (TamboPaceChip *chip, const TamboPaceSecrets *secrets) {
  clear_secrets (&chip->secrets);
  chip->secrets.password_key = secrets->password_key ? g_bytes_ref (secrets->password_key) : NULL;
  chip->secrets.nonce = secrets->nonce ? g_bytes_ref (secrets->nonce) : NULL;
  chip->secrets.mapping = secrets->mapping ? g_bytes_ref (secrets->mapping) : NULL;
  chip->secrets.exchange = secrets->exchange ? g_bytes_ref (secrets->exchange) : NULL;
}

void tambo_pace_chip_free (TamboPaceChip *chip) {
  if (!chip)
    return;
  tambo_pace_chip_reset (chip);
  clear_secrets (&chip->secrets);
  for (gsize i = 0; i < chip->n_passwords; i++)
    tambo_pace_password_clear (&chip->passwords[i]);
  g_clear_pointer (&chip->static_key, g_bytes_unref);
  g_clear_pointer (&chip->chip_key, g_bytes_unref);
  g_clear_pointer (&chip->terminal_key, g_bytes_unref);
  g_free (chip);
}

void tambo_pace_chip_get_keys (const TamboPaceChip *chip, GBytes **out_chip_key,
                               GBytes **out_terminal_key) {
  *out_chip_key = chip->chip_key;
  *out_terminal_key = chip->terminal_key;
}

static TamboSecureMessaging *open_session (TamboPaceChip *chip) {
  const TamboPaceRun *run = &chip->run;

  g_clear_pointer (&chip->chip_key, g_bytes_unref);
  g_clear_pointer (&chip->terminal_key, g_bytes_unref);
  chip->chip_key = tambo_domain_parameters_compress (run->domain, run->public_key);
  chip->terminal_key = tambo_domain_parameters_compress (run->domain, run->peer_key);
  return tambo_pace_run_session (run);
}

/* The object TAG of one octet, or -1. */
static int find_octet (const TamboCommand *command, guint32 tag) {
  TamboTlv tlv;

  if (!tambo_tlv_find (command->data, command->size, tag, &tlv) || tlv.length != 1)
    return -1;
  return tlv.value[0];
}

static const TamboPaceInfo *find_info (const TamboPaceChip *chip, const TamboCommand *command) {
  TamboTlv protocol;
  int id = find_octet (command, 0x84);

  if (!tambo_tlv_find (command->data, command->size, 0x80, &protocol)
      || protocol.length != TAMBO_PACE_OID_SIZE)
    return NULL;
  for (gsize i = 0; i < chip->n_infos; i++) {
    guint8 oid[TAMBO_PACE_OID_SIZE];
    tambo_pace_info_write_oid (&chip->infos[i], oid);
    if (memcmp (oid, protocol.value, sizeof oid) == 0
        && (id < 0 || (guint) id == chip->infos[i].parameter_id))
      return &chip->infos[i];
  }
  return NULL;
}

static guint16 set_template (TamboPaceChip *chip, const TamboCommand *command) {
  int reference = find_octet (command, 0x83);

  tambo_pace_chip_reset (chip);
  if (command->p1 != 0xC1 || command->p2 != 0xA4)
    return SW_WRONG_P1P2;
  const TamboPaceInfo *info = find_info (chip, command);
  if (!info || (info->mapping == TAMBO_PACE_ECDH_CAM && !chip->static_key))
    return SW_WRONG_DATA;
  for (gsize i = 0; i < chip->n_passwords; i++) {
    if ((int) chip->passwords[i].reference != reference)
      continue;
    tambo_pace_run_init (&chip->run, info, &chip->passwords[i], &chip->secrets);
    chip->step = NONCE;
    return TAMBO_SW_OK;
  }
  return SW_DATA_NOT_FOUND;
}

static GBytes *make_nonce (TamboPaceChip *chip) {
  TamboPaceRun *run = &chip->run;

  run->nonce = chip->secrets.nonce ? g_bytes_ref (chip->secrets.nonce)
                                   : tambo_random_bytes (tambo_pace_nonce_size (run->info.cipher));
  return tambo_pace_run_cipher_nonce (run, TRUE, run->nonce);
}

static GBytes *map (TamboPaceRun *run, GBytes *value) {
  if (!tambo_pace_is_integrated (&run->info)) {
    g_autoptr (GBytes) own = tambo_pace_run_mapping_key (run);
    return own && !g_bytes_equal (own, value) && tambo_pace_run_map_generic (run, value)
               ? g_steal_pointer (&own)
               : NULL;
  }
  if (g_bytes_get_size (value) != tambo_pace_key_size (run->info.cipher)
      || !tambo_pace_run_map_integrated (run, value))
    return NULL;
  return g_bytes_new_static (NULL, 0);
}

static GBytes *agree (TamboPaceRun *run, GBytes *value) {
  if (!tambo_pace_run_make_key (run) || !tambo_pace_run_agree (run, value))
    return NULL;
  return g_bytes_ref (run->public_key);
}

static GBytes *compare_tokens (TamboPaceRun *run, GBytes *value) {
  guint8 token[TAMBO_MAC_SIZE];

  tambo_pace_run_token (run, run->public_key, token);
  if (g_bytes_get_size (value) != sizeof token
      || CRYPTO_memcmp (token, g_bytes_get_data (value, NULL), sizeof token) != 0)
    return NULL;
  tambo_pace_run_token (run, run->peer_key, token);
  return g_bytes_new (token, sizeof token);
}

/* Section 4.4.3.5.1: CA_IC = SK_map / SK_IC, which only who has both can say. */
static gboolean put_proof (const TamboPaceChip *chip, GByteArray *answer) {
  const TamboPaceRun *run = &chip->run;

  if (run->info.mapping != TAMBO_PACE_ECDH_CAM)
    return TRUE;
  g_autoptr (GBytes) proof =
      tambo_domain_parameters_divide_scalars (run->domain, run->mapping, chip->static_key);
  if (!proof)
    return FALSE;
  g_autoptr (GBytes) enciphered = tambo_pace_run_encipher_proof (run, proof);
  tambo_tlv_put_bytes (answer, TAMBO_PACE_DO_PROOF, enciphered);
  return TRUE;
}

/* The value that comes in object TAG, in dynamic authentication data that holds nothing else. */
static GBytes *dup_value (const TamboCommand *command, guint32 tag) {
  TamboReader reader = tambo_reader (command->data, command->size);
  TamboTlv dynamic, tlv;

  if (!tambo_tlv_next (&reader, &dynamic) || dynamic.tag != TAMBO_PACE_DYNAMIC_DATA
      || tambo_reader_left (&reader) > 0)
    return NULL;
  if (tag == 0)
    return dynamic.length == 0 ? g_bytes_new_static (NULL, 0) : NULL;
  reader = tambo_reader (dynamic.value, dynamic.length);
  if (!tambo_tlv_next (&reader, &tlv) || tlv.tag != tag || tambo_reader_left (&reader) > 0)
    return NULL;
  return g_bytes_new (tlv.value, tlv.length);
}

static GBytes *perform (TamboPaceChip *chip, GBytes *value) {
  switch (chip->step) {
  case NONCE:
    return make_nonce (chip);
  case MAPPING:
    return map (&chip->run, value);
  case EXCHANGE:
    return agree (&chip->run, value);
  default:
    return compare_tokens (&chip->run, value);
  }
}

static guint16 general_authenticate (TamboPaceChip *chip, const TamboCommand *command,
                                     GBytes **out_data, TamboSecureMessaging **out_session) {
  static const guint8 tags[] = { [NONCE] = 0,
                                 [MAPPING] = TAMBO_PACE_DO_MAPPING,
                                 [EXCHANGE] = TAMBO_PACE_DO_EXCHANGE,
                                 [TOKEN] = TAMBO_PACE_DO_TOKEN };
  g_autoptr (GByteArray) data = g_byte_array_new ();
  gboolean chained = (command->cla & CLA_CHAINING) != 0;

  if (chip->step == NOTHING)
    return SW_CONDITIONS;
  if (chained != (chip->step != TOKEN))
    return SW_WRONG_DATA;
  g_autoptr (GBytes) value = dup_value (command, tags[chip->step]);
  g_autoptr (GBytes) answer = value ? perform (chip, value) : NULL;
  if (!answer)
    return !value ? SW_WRONG_DATA : chip->step == TOKEN ? SW_FAILED : SW_WRONG_DATA;
  tambo_tlv_put_bytes (data, chip->step == NONCE ? TAMBO_PACE_DO_NONCE : tags[chip->step] + 1u,
                       answer);
  if (chip->step == TOKEN && !put_proof (chip, data))
    return SW_CONDITIONS;
  tambo_tlv_wrap (data, TAMBO_PACE_DYNAMIC_DATA);
  *out_data = g_byte_array_free_to_bytes (g_steal_pointer (&data));
  if (chip->step == TOKEN)
    *out_session = open_session (chip);
  chip->step = chip->step == TOKEN ? NOTHING : chip->step + 1;
  return TAMBO_SW_OK;
}

guint16 tambo_pace_chip_process (TamboPaceChip *chip, const TamboCommand *command,
                                 GBytes **out_data, TamboSecureMessaging **out_session) {
  *out_data = NULL;
  *out_session = NULL;
  if (command->ins == INS_MSE)
    return set_template (chip, command);
  if (command->ins != INS_GENERAL_AUTHENTICATE)
    return SW_INS;
  guint16 sw = general_authenticate (chip, command, out_data, out_session);
  if (sw != TAMBO_SW_OK || *out_session)
    tambo_pace_chip_reset (chip);
  return sw;
}
