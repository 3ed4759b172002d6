/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-emrtd.h"

#include <string.h>

#include "base/bytes.h"
#include "format/tlv.h"
#include "simulator/card-active.h"

#define CLA_PROTECTED 0x0C
#define RND_SIZE 8
#define KEY_SIZE 16
#define MUTUAL_SIZE 40
#define M1_SIZE 106
#define AGENT_TRIES 10
#define TAG_OFFSET 0x54
#define TAG_DATA 0x53
#define OBJECT_HEADER 3

TamboCardAnswer tambo_card_answer (guint16 sw) {
  return (TamboCardAnswer){ .sw = sw };
}

TamboCardAnswer tambo_card_answer_data (gconstpointer data, gsize size) {
  return (TamboCardAnswer){ .sw = TAMBO_SW_OK, .data = g_bytes_new (data, size) };
}

GBytes *tambo_card_answer_encode (TamboCardAnswer answer) {
  GBytes *bytes = tambo_response_encode (answer.data, answer.sw);

  g_clear_pointer (&answer.data, g_bytes_unref);
  return bytes;
}

TamboCardEmrtd *tambo_card_emrtd_new (gsize memory) {
  TamboCardEmrtd *card = g_new0 (TamboCardEmrtd, 1);

  card->memory = memory;
  card->agent_tries = AGENT_TRIES;
  card->random = tambo_random;
  return card;
}

void tambo_card_emrtd_end_session (TamboCardEmrtd *card) {
  g_clear_pointer (&card->session, tambo_secure_messaging_clear_free);
  g_clear_pointer (&card->next_session, tambo_secure_messaging_clear_free);
  card->file = NULL;
  card->agent = FALSE;
}

void tambo_card_emrtd_reset (TamboCardEmrtd *card) {
  tambo_card_emrtd_end_session (card);
  card->selected = FALSE;
  card->agent_chosen = FALSE;
  card->challenged = FALSE;
  tambo_secret_wipe (card->challenge, sizeof card->challenge);
}

void tambo_card_emrtd_free (TamboCardEmrtd *card) {
  if (!card)
    return;
  tambo_card_emrtd_reset (card);
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++)
    g_clear_pointer (&card->files[i].content, g_byte_array_unref);
  tambo_bac_keys_clear (&card->keys);
  tambo_bac_keys_clear (&card->agent_keys);
  g_clear_pointer (&card->modulus, g_bytes_unref);
  g_clear_pointer (&card->exponent, g_bytes_unref);
  g_free (card);
}

static TamboCardFile *find_slot (TamboCardEmrtd *card, guint16 file_id) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++)
    if (tambo_lds_file_id (i) == file_id)
      return &card->files[i];
  return NULL;
}

TamboCardFile *tambo_card_emrtd_find (TamboCardEmrtd *card, guint16 file_id) {
  TamboCardFile *file = find_slot (card, file_id);

  return file && file->content ? file : NULL;
}

GBytes *tambo_card_emrtd_dup_file (const TamboCardEmrtd *card, guint16 file_id) {
  const TamboCardFile *file = tambo_card_emrtd_find ((TamboCardEmrtd *) card, file_id);

  return file ? g_bytes_new (file->content->data, file->content->len) : NULL;
}

/* ---- personalisation, for those who may ---- */

static gboolean take_number (gconstpointer fcp, gsize size, guint32 tag, gsize length,
                             guint16 *out_value) {
  TamboTlv tlv;

  if (!tambo_tlv_find (fcp, size, tag, &tlv) || tlv.length != length)
    return FALSE;
  *out_value = length == 1 ? tlv.value[0] : (guint16) (tlv.value[0] << 8 | tlv.value[1]);
  return TRUE;
}

guint16 tambo_card_emrtd_create (TamboCardEmrtd *card, gconstpointer fcp, gsize size) {
  guint16 bytes, descriptor, file_id, sfi, state;

  if (!take_number (fcp, size, 0x80, 2, &bytes) || !take_number (fcp, size, 0x82, 1, &descriptor)
      || !take_number (fcp, size, 0x83, 2, &file_id) || !take_number (fcp, size, 0x88, 1, &sfi)
      || !take_number (fcp, size, 0x8A, 1, &state))
    return TAMBO_CARD_SW_WRONG_DATA;
  if (descriptor != 0x01 || sfi != ((file_id & 0x1F) << 3) || (state != 0x01 && state != 0x03))
    return TAMBO_CARD_SW_WRONG_DATA;
  card->creations++;
  TamboCardFile *file = find_slot (card, file_id);
  if (!file)
    return TAMBO_CARD_SW_WRONG_DATA;
  if (file->content)
    return TAMBO_CARD_SW_FILE_EXISTS;
  if (card->quirks & TAMBO_CARD_QUIRK_NO_MEMORY || bytes > card->memory - card->memory_used)
    return TAMBO_CARD_SW_NO_MEMORY;
  file->content = g_byte_array_new ();
  g_byte_array_set_size (file->content, bytes);
  if (bytes > 0)
    memset (file->content->data, 0, bytes);
  card->memory_used += bytes;
  return TAMBO_SW_OK;
}

guint16 tambo_card_emrtd_write (TamboCardFile *file, gsize offset, gconstpointer data, gsize size) {
  if (file->activated)
    return TAMBO_CARD_SW_CONDITIONS;
  if (offset > file->content->len || size > file->content->len - offset)
    return TAMBO_CARD_SW_NO_MEMORY;
  if (size > 0)
    memcpy (file->content->data + offset, data, size);
  return TAMBO_SW_OK;
}

guint16 tambo_card_emrtd_put_number (GBytes **number, gconstpointer data, gsize size) {
  if (size != TAMBO_CARD_ACTIVE_KEY_SIZE)
    return TAMBO_CARD_SW_WRONG_DATA;
  g_clear_pointer (number, g_bytes_unref);
  *number = tambo_secret_new (data, size);
  return TAMBO_SW_OK;
}

guint16 tambo_card_emrtd_put_keys (TamboCardEmrtd *card, gconstpointer k_enc, gconstpointer k_mac) {
  tambo_bac_keys_clear (&card->keys);
  card->keys.k_enc = tambo_secret_new (k_enc, KEY_SIZE);
  card->keys.k_mac = tambo_secret_new (k_mac, KEY_SIZE);
  return TAMBO_SW_OK;
}

/* ---- what everybody may ---- */

gboolean tambo_card_emrtd_is_name (const TamboCommand *command) {
  return command->size > 0 && command->size <= TAMBO_LDS_AID_SIZE
         && memcmp (command->data, TAMBO_LDS_AID, command->size) == 0;
}

TamboCardAnswer tambo_card_emrtd_select (TamboCardEmrtd *card) {
  tambo_card_emrtd_reset (card);
  card->selected = TRUE;
  return tambo_card_answer (TAMBO_SW_OK);
}

static TamboCardAnswer answer_fcp (const TamboCardFile *file, const guint8 file_id[2]) {
  g_autoptr (GByteArray) fcp = g_byte_array_new ();
  guint8 size[] = { (guint8) (file->content->len >> 8), (guint8) file->content->len };
  guint8 descriptor = 0x01, state = file->activated ? 0x05 : 0x03;

  tambo_tlv_put (fcp, 0x80, size, sizeof size);
  tambo_tlv_put (fcp, 0x82, &descriptor, 1);
  tambo_tlv_put (fcp, 0x83, file_id, 2);
  tambo_tlv_put (fcp, 0x8A, &state, 1);
  tambo_tlv_wrap (fcp, 0x62);
  return tambo_card_answer_data (fcp->data, fcp->len);
}

static TamboCardAnswer select_file (TamboCardEmrtd *card, const TamboCommand *command) {
  if (card->operational && !card->session)
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  if (command->p1 != 0x02 || (command->p2 != 0x0C && command->p2 != 0x04))
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_P1P2);
  if (command->size != 2)
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH);
  TamboCardFile *file =
      tambo_card_emrtd_find (card, (guint16) (command->data[0] << 8 | command->data[1]));
  if (!file)
    return tambo_card_answer (TAMBO_CARD_SW_FILE_NOT_FOUND);
  card->file = file;
  return command->p2 == 0x04 ? answer_fcp (file, command->data) : tambo_card_answer (TAMBO_SW_OK);
}

static const TamboBacKeys *expected_keys (const TamboCardEmrtd *card) {
  return card->agent_chosen ? &card->agent_keys : &card->keys;
}

static TamboCardAnswer get_challenge (TamboCardEmrtd *card, const TamboCommand *command) {
  if (!expected_keys (card)->k_enc || card->session)
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  if (command->size != 0 || command->le != RND_SIZE)
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH);
  card->random (card->challenge, RND_SIZE);
  card->challenged = TRUE;
  return tambo_card_answer_data (card->challenge, RND_SIZE);
}

static void open_session (TamboCardEmrtd *card, const guint8 plain[32], const guint8 *k_ic) {
  card->file = NULL;
  card->agent = card->agent_chosen;
  if (card->agent)
    card->agent_tries = AGENT_TRIES;
  card->agent_chosen = FALSE;
  card->session = tambo_bac_session (card->challenge, plain, k_ic, plain + 2 * RND_SIZE);
  tambo_secure_messaging_set_max_response (card->session, card->max_response);
}

/* A challenge serves one attempt; the agent has but a few. */
static TamboCardAnswer external_authenticate (TamboCardEmrtd *card, const TamboCommand *command) {
  const TamboBacKeys *keys = expected_keys (card);
  guint8 plain[32], k_ic[KEY_SIZE];

  if (!card->challenged || card->session)
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  if (command->size != MUTUAL_SIZE || (command->le != MUTUAL_SIZE && command->le != 256))
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH);
  card->challenged = FALSE;
  if (card->agent_chosen && card->agent_tries == 0)
    return tambo_card_answer (TAMBO_CARD_SW_BLOCKED);
  if (!tambo_bac_mutual_decode (keys, command->data, command->size, plain)
      || memcmp (plain + RND_SIZE, card->challenge, RND_SIZE) != 0) {
    tambo_secret_wipe (plain, sizeof plain);
    if (card->agent_chosen)
      card->agent_tries--;
    return tambo_card_answer (0x6300);
  }
  card->random (k_ic, sizeof k_ic);
  TamboCardAnswer answer = { .sw = TAMBO_SW_OK,
                             .data = tambo_bac_mutual_encode (keys, card->challenge, plain, k_ic) };
  open_session (card, plain, k_ic);
  tambo_secret_wipe (plain, sizeof plain);
  tambo_secret_wipe (k_ic, sizeof k_ic);
  return answer;
}

/* Le counts the data object's header with the odd instruction. */
static TamboCardAnswer answer_content (TamboCardEmrtd *card, gsize offset, int le, gboolean odd) {
  const GByteArray *content = card->file->content;

  if (le == TAMBO_LE_NONE)
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH);
  if (offset >= content->len)
    return tambo_card_answer (0x6B00);
  gsize size = (gsize) le;
  if (card->session)
    size = MIN (size, MAX (tambo_secure_messaging_max_read (card->session),
                           tambo_secure_messaging_max_extended_read (card->session)));
  if (le == 256 && (card->quirks & TAMBO_CARD_QUIRK_SM_LE_ZERO))
    size = 0;
  if (odd)
    size -= MIN (size, OBJECT_HEADER);
  size = MIN (size, content->len - offset);
  if (!odd)
    return tambo_card_answer_data (content->data + offset, size);
  g_autoptr (GByteArray) object = g_byte_array_new ();
  tambo_tlv_put (object, TAG_DATA, content->data + offset, size);
  return tambo_card_answer_data (object->data, object->len);
}

TamboCardAnswer tambo_card_emrtd_read (TamboCardEmrtd *card, const TamboCommand *command) {
  gsize offset = (gsize) command->p1 << 8 | command->p2;
  gboolean odd = command->ins & 1;
  TamboTlv tlv;

  if (!card->file)
    return tambo_card_answer (TAMBO_CARD_SW_CONDITIONS);
  if (command->p1 & 0x80 || (odd && offset != 0))
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_P1P2);
  if (odd) {
    if (!tambo_tlv_find (command->data, command->size, TAG_OFFSET, &tlv) || tlv.length == 0
        || tlv.length > 3)
      return tambo_card_answer (TAMBO_CARD_SW_WRONG_DATA);
    for (gsize i = 0; i < tlv.length; i++)
      offset = offset << 8 | tlv.value[i];
  }
  return answer_content (card, offset, command->le, odd);
}

static TamboCardAnswer read_binary (TamboCardEmrtd *card, const TamboCommand *command) {
  return card->session && !card->agent ? tambo_card_emrtd_read (card, command)
                                       : tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
}

static TamboCardAnswer internal_authenticate (TamboCardEmrtd *card, const TamboCommand *command) {
  guint8 m1[M1_SIZE];

  if (!card->session || card->agent)
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  if (!card->modulus || !card->exponent)
    return tambo_card_answer (TAMBO_CARD_SW_CONDITIONS);
  if (command->size != RND_SIZE || command->le == TAMBO_LE_NONE)
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH);
  card->random (m1, sizeof m1);
  GBytes *signature =
      tambo_card_active_sign (card->modulus, card->exponent, m1, command->data, command->size);
  if (!signature)
    return tambo_card_answer (0x6F00);
  return (TamboCardAnswer){ .sw = TAMBO_SW_OK, .data = signature };
}

TamboCardAnswer tambo_card_emrtd_execute (TamboCardEmrtd *card, const TamboCommand *command) {
  switch (command->ins) {
  case 0x82:
    return external_authenticate (card, command);
  case 0x84:
    return get_challenge (card, command);
  case 0x88:
    return internal_authenticate (card, command);
  case 0xA4:
    return select_file (card, command);
  case 0xB0:
  case 0xB1:
    return read_binary (card, command);
  default:
    return tambo_card_answer (TAMBO_CARD_SW_INS);
  }
}

static GBytes *process_protected (TamboCardEmrtd *card, const TamboCommand *protected_command,
                                  TamboCardExecute execute, gpointer data) {
  g_autoptr (GBytes) storage = NULL;
  TamboCommand command;

  if (!card->session)
    return tambo_card_answer_encode (tambo_card_answer (0x6882));
  if (!tambo_secure_messaging_unwrap_command (card->session, protected_command, &command, &storage,
                                              NULL)) {
    tambo_card_emrtd_end_session (card);
    return tambo_card_answer_encode (
        tambo_card_answer (protected_command->size == 0 ? 0x6987 : 0x6988));
  }
  TamboCardAnswer answer = execute (data, &command);
  GBytes *bytes = tambo_secure_messaging_wrap_response (card->session, answer.data, answer.sw);
  g_clear_pointer (&answer.data, g_bytes_unref);
  if (card->next_session) {
    tambo_secure_messaging_clear_free (card->session);
    card->session = g_steal_pointer (&card->next_session);
  }
  return bytes;
}

GBytes *tambo_card_emrtd_process (TamboCardEmrtd *card, const TamboCommand *command,
                                  TamboCardExecute execute, gpointer data) {
  if (command->cla == CLA_PROTECTED)
    return process_protected (card, command, execute, data);
  tambo_card_emrtd_end_session (
      card); /* a command in the clear ends the session (Doc 9303-11 section 9.8.3) */
  if (command->cla != 0)
    return tambo_card_answer_encode (tambo_card_answer (TAMBO_CARD_SW_CLA));
  if (!card->selected)
    return tambo_card_answer_encode (tambo_card_answer (
        command->ins == 0xA4 ? TAMBO_CARD_SW_FILE_NOT_FOUND : TAMBO_CARD_SW_INS));
  return tambo_card_answer_encode (execute (data, command));
}
