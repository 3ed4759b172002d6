/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a passport answers.
 */
#include "base/bytes.h"
#include "format/tlv.h"
#include "simulator/card-active.h"
#include "simulator/card-passport-private.h"

#define CLA_PROTECTED 0x0C
#define CLA_CHAINING 0x10
#define INS_MSE 0x22
#define INS_PSO 0x2A
#define INS_EXTERNAL_AUTHENTICATE 0x82
#define INS_GET_CHALLENGE 0x84
#define INS_GENERAL_AUTHENTICATE 0x86
#define INS_INTERNAL_AUTHENTICATE 0x88
#define INS_SELECT 0xA4
#define INS_READ_BINARY 0xB0
#define CHALLENGE_SIZE 8
#define FILE_MASTER 0x3F00
#define TAG_LENGTHS 0x7F66
#define FILE_CVCA 0x011C
#define FILE_DG3 0x0103
#define FILE_DG4 0x0104

/* ---- sessions ---- */

static void forget_terminal (TamboCardPassport *card) {
  g_clear_pointer (&card->identity, g_bytes_unref);
  g_clear_pointer (&card->terminal_key, g_bytes_unref);
  if (card->terminal)
    tambo_card_terminal_reset (card->terminal);
}

void tambo_card_passport_reset (TamboCardPassport *card) {
  tambo_card_emrtd_reset (card->emrtd);
  if (card->pace)
    tambo_pace_chip_reset (card->pace);
  forget_terminal (card);
}

/* Whoever came by the MRZ is bound to the document's number (Doc 9303-11 section 7.1). */
static void begin_bac (TamboCardPassport *card) {
  forget_terminal (card);
  if (card->document_number)
    card->identity = g_bytes_ref (card->document_number);
}

static void begin_pace (TamboCardPassport *card, TamboSecureMessaging *session) {
  GBytes *chip_key, *terminal_key;

  forget_terminal (card);
  tambo_pace_chip_get_keys (card->pace, &chip_key, &terminal_key);
  card->identity = g_bytes_ref (chip_key);
  if (card->is_mapped)
    card->terminal_key = g_bytes_ref (terminal_key);
  card->emrtd->session = session;
  tambo_secure_messaging_set_max_response (session, card->emrtd->max_response);
}

/* ---- selection ---- */

/* Section 4.4.2: PACE may have happened before, and its session goes on. */
static TamboCardAnswer select_application (TamboCardPassport *card, const TamboCommand *command) {
  if (!tambo_card_emrtd_is_name (command))
    return tambo_card_answer (TAMBO_CARD_SW_FILE_NOT_FOUND);
  TamboSecureMessaging *session = g_steal_pointer (&card->emrtd->session);
  TamboCardAnswer answer = tambo_card_emrtd_select (card->emrtd);
  card->emrtd->session = session;
  return answer;
}

static TamboCardFile *find_extra (TamboCardPassport *card, guint16 id) {
  gboolean in_application = card->emrtd->selected;
  TamboCardExtraFile file = TAMBO_CARD_N_EXTRA_FILES;

  if (in_application)
    file = id == FILE_CVCA && card->emrtd->session ? TAMBO_CARD_CVCA : TAMBO_CARD_N_EXTRA_FILES;
  else if (id == TAMBO_FILE_CARD_ACCESS)
    file = TAMBO_CARD_ACCESS;
  else if (id == TAMBO_FILE_ATR_INFO)
    file = TAMBO_CARD_ATR_INFO;
  else if (id == TAMBO_FILE_CARD_SECURITY && card->emrtd->session)
    file = TAMBO_CARD_SECURITY;
  return file < TAMBO_CARD_N_EXTRA_FILES && card->extra[file].content ? &card->extra[file] : NULL;
}

/* Only chips that have a file in it. */
static gboolean has_master (const TamboCardPassport *card) {
  return card->pace || card->extra[TAMBO_CARD_ATR_INFO].content;
}

static gboolean is_forbidden (const TamboCardPassport *card, guint16 id) {
  if (card->is_open || (id != FILE_DG3 && id != FILE_DG4))
    return FALSE;
  return !card->terminal || !tambo_card_terminal_may_read (card->terminal, id & 0x0F);
}

static TamboCardAnswer select_file (TamboCardPassport *card, const TamboCommand *command) {
  TamboCardEmrtd *emrtd = card->emrtd;

  if (command->p1 == 0x04)
    return select_application (card, command);
  if (command->size != 2)
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH);
  guint16 id = (guint16) (command->data[0] << 8 | command->data[1]);
  TamboCardFile *extra = find_extra (card, id);
  if (extra) {
    emrtd->file = extra;
    return tambo_card_answer (TAMBO_SW_OK);
  }
  if (has_master (card) && command->p1 == 0x00 && id == FILE_MASTER) {
    emrtd->selected = FALSE;
    emrtd->file = NULL;
    return tambo_card_answer (TAMBO_SW_OK);
  }
  if (!emrtd->selected)
    return tambo_card_answer (TAMBO_CARD_SW_FILE_NOT_FOUND);
  if (is_forbidden (card, id))
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  return tambo_card_emrtd_execute (emrtd, command);
}

/* ---- authentication ---- */

static TamboCardAnswer prove_chip (TamboCardPassport *card, const TamboCommand *command) {
  GBytes *terminal_key = NULL;

  if (!card->agreement)
    return tambo_card_answer (TAMBO_CARD_SW_INS);
  guint16 sw = tambo_card_agreement_process (card->agreement, command, &card->emrtd->next_session,
                                             &terminal_key);
  if (terminal_key) {
    g_clear_pointer (&card->terminal_key, g_bytes_unref);
    card->terminal_key = terminal_key;
    if (card->terminal) /* what it may is bound to the key that it had */
      tambo_card_terminal_reset (card->terminal);
  }
  return tambo_card_answer (sw);
}

static TamboCardAnswer set_environment (TamboCardPassport *card, const TamboCommand *command) {
  if (command->p1 == 0x41 && (command->p2 == 0xA4 || command->p2 == 0xA6))
    return prove_chip (card, command);
  if (command->p1 != 0x81 || (command->p2 != 0xA4 && command->p2 != 0xB6))
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_P1P2);
  if (!card->terminal)
    return tambo_card_answer (TAMBO_CARD_SW_INS);
  return tambo_card_answer (card->terminal_key ? tambo_card_terminal_set (card->terminal, command)
                                               : TAMBO_CARD_SW_SECURITY_STATUS);
}

static TamboCardAnswer challenge_terminal (TamboCardPassport *card) {
  TamboCardEmrtd *emrtd = card->emrtd;

  if (!card->terminal || !card->terminal_key)
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  emrtd->random (emrtd->challenge, CHALLENGE_SIZE);
  emrtd->challenged = TRUE;
  return tambo_card_answer_data (emrtd->challenge, CHALLENGE_SIZE);
}

static void put (GByteArray *message, GBytes *part) {
  gsize size;
  gconstpointer data = g_bytes_get_data (part, &size);

  tambo_put_bytes (message, data, size);
}

/* A challenge serves once. */
static TamboCardAnswer authenticate_terminal (TamboCardPassport *card,
                                              const TamboCommand *command) {
  TamboCardEmrtd *emrtd = card->emrtd;
  g_autoptr (GByteArray) message = g_byte_array_new ();

  if (!card->terminal || !card->terminal_key || !emrtd->challenged)
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  emrtd->challenged = FALSE;
  put (message, card->identity);
  tambo_put_bytes (message, emrtd->challenge, CHALLENGE_SIZE);
  put (message, card->terminal_key);
  return tambo_card_answer (tambo_card_terminal_authenticate (card->terminal, command, message));
}

static TamboCardAnswer verify_certificate (TamboCardPassport *card, const TamboCommand *command) {
  if (!card->terminal || !card->terminal_key)
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  guint16 sw = tambo_card_terminal_verify (card->terminal, command);
  g_autoptr (GBytes) file = tambo_card_terminal_dup_file (card->terminal);
  GByteArray *content = card->extra[TAMBO_CARD_CVCA].content;
  g_byte_array_set_size (content, 0);
  put (content, file);
  return tambo_card_answer (sw);
}

static TamboCardAnswer internal_authenticate (TamboCardPassport *card,
                                              const TamboCommand *command) {
  if (!card->active_key) /* perhaps one of numbers */
    return tambo_card_emrtd_execute (card->emrtd, command);
  if (command->size != CHALLENGE_SIZE || command->le == TAMBO_LE_NONE)
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH);
  GBytes *signature = tambo_card_active_sign_by (card->active_key, command->data, command->size);
  if (!signature)
    return tambo_card_answer (0x6F00);
  return (TamboCardAnswer){ .sw = TAMBO_SW_OK, .data = signature };
}

/* ---- dispatch ---- */

static TamboCardAnswer execute_protected (gpointer data, const TamboCommand *command) {
  TamboCardPassport *card = data;

  switch (command->ins) {
  case INS_MSE:
    return set_environment (card, command);
  case INS_PSO:
    return verify_certificate (card, command);
  case INS_EXTERNAL_AUTHENTICATE:
    return authenticate_terminal (card, command);
  case INS_GET_CHALLENGE:
    return challenge_terminal (card);
  case INS_GENERAL_AUTHENTICATE:
    return prove_chip (card, command);
  case INS_INTERNAL_AUTHENTICATE:
    return internal_authenticate (card, command);
  case INS_SELECT:
    return select_file (card, command);
  default:
    return tambo_card_emrtd_execute (card->emrtd, command);
  }
}

/* The new session begins behind this answer. */
static TamboCardAnswer perform_pace (TamboCardPassport *card, const TamboCommand *command) {
  TamboSecureMessaging *session = NULL;
  TamboCardAnswer answer = { 0 };

  answer.sw = tambo_pace_chip_process (card->pace, command, &answer.data, &session);
  if (session)
    begin_pace (card, session);
  return answer;
}

static TamboCardAnswer execute_plain (TamboCardPassport *card, const TamboCommand *command) {
  TamboCardEmrtd *emrtd = card->emrtd;

  if (card->pace && (command->ins == INS_MSE || command->ins == INS_GENERAL_AUTHENTICATE))
    return perform_pace (card, command);
  if (command->cla != 0)
    return tambo_card_answer (TAMBO_CARD_SW_CLA);
  if (command->ins == INS_SELECT)
    return select_file (card, command);
  if (command->ins == INS_READ_BINARY
      && (emrtd->file == &card->extra[TAMBO_CARD_ACCESS]
          || emrtd->file == &card->extra[TAMBO_CARD_ATR_INFO]))
    return tambo_card_emrtd_read (emrtd, command);
  if (!emrtd->selected)
    return tambo_card_answer (TAMBO_CARD_SW_INS);
  TamboCardAnswer answer = tambo_card_emrtd_execute (emrtd, command);
  if (emrtd->session)
    begin_bac (card);
  return answer;
}

/* A command in the clear ends the session (Doc 9303-11 section 9.8.3). */
static GBytes *process_plain (TamboCardPassport *card, const TamboCommand *command) {
  if (card->emrtd->session) {
    tambo_card_emrtd_end_session (card->emrtd);
    forget_terminal (card);
  }
  return tambo_card_answer_encode (execute_plain (card, command));
}

GBytes *tambo_card_passport_process (TamboCardPassport *card, GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  TamboCommand command;

  if (!tambo_command_parse (data, size, &command))
    return tambo_card_answer_encode (tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH));
  if (command.cla == CLA_PROTECTED)
    return tambo_card_emrtd_process (card->emrtd, &command, execute_protected, card);
  if (command.cla == 0 || (command.cla == CLA_CHAINING && command.ins == INS_GENERAL_AUTHENTICATE))
    return process_plain (card, &command);
  return tambo_card_answer_encode (tambo_card_answer (TAMBO_CARD_SW_CLA));
}

/* EF.ATR/INFO, ISO/IEC 7816-4 section 12.7.1. */
void tambo_card_passport_declare_lengths (TamboCardPassport *card, guint16 max) {
  GByteArray **content = &card->extra[TAMBO_CARD_ATR_INFO].content;
  guint8 lengths[] = { 0x02, 0x02, (guint8) (max >> 8), (guint8) max,
                       0x02, 0x02, (guint8) (max >> 8), (guint8) max };

  g_clear_pointer (content, g_byte_array_unref);
  *content = g_byte_array_new ();
  tambo_tlv_put (*content, TAG_LENGTHS, lengths, sizeof lengths);
  card->emrtd->max_response = max;
}

void tambo_card_passport_set_random (TamboCardPassport *card, TamboCardRandom random) {
  card->emrtd->random = random;
}
