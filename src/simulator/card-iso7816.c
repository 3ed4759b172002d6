/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-iso7816.h"

#include <string.h>

#include "base/bytes.h"
#include "format/tlv.h"
#include "simulator/card-passport.h"

#define TAG_KEY_REFERENCE 0x83
#define AGENT_KEY 0x01
#define TAG_FCP 0x62
#define TAG_OFFSET 0x54
#define TAG_DATA 0x53
#define TAG_LIST 0x5C
#define OBJECT_ACCESS_KEYS 0x5F50
#define OBJECT_MODULUS 0x5F51
#define OBJECT_EXPONENT 0x5F52
#define OBJECT_CHIP_KEY 0x5F53
#define OBJECT_CARD_ACCESS 0x5F54
#define OBJECT_PASSWORD 0x5F55
#define OBJECT_ACTIVE_KEY 0x5F56
#define TAG_CONTROL 0xAC
#define KEY_SIZE 16

struct _TamboCardIso7816 {
  TamboCardPassport *passport;
  TamboCardEmrtd *emrtd; /* borrowed from it */
};

TamboCardIso7816 *tambo_card_iso7816_new (gsize memory) {
  TamboCardIso7816 *card = g_new0 (TamboCardIso7816, 1);

  card->passport = tambo_card_passport_new_blank (memory);
  card->emrtd = tambo_card_passport_get_emrtd (card->passport);
  card->emrtd->agent_keys.k_enc =
      tambo_secret_new (TAMBO_CARD_FACTORY_KEY, TAMBO_CARD_FACTORY_KEY_SIZE);
  card->emrtd->agent_keys.k_mac =
      tambo_secret_new (TAMBO_CARD_FACTORY_KEY, TAMBO_CARD_FACTORY_KEY_SIZE);
  return card;
}

void tambo_card_iso7816_free (TamboCardIso7816 *card) {
  if (!card)
    return;
  tambo_card_passport_free (card->passport);
  g_free (card);
}

TamboCardEmrtd *tambo_card_iso7816_get_emrtd (TamboCardIso7816 *card) {
  return card->emrtd;
}

void tambo_card_iso7816_reset (TamboCardIso7816 *card) {
  tambo_card_passport_reset (card->passport);
}

void tambo_card_iso7816_declare_lengths (TamboCardIso7816 *card, guint16 max) {
  tambo_card_passport_declare_lengths (card->passport, max);
}

static guint16 choose_key (TamboCardEmrtd *card, const TamboCommand *command) {
  TamboTlv reference;

  if (command->p1 != 0xC1 || command->p2 != 0xA4)
    return TAMBO_CARD_SW_WRONG_P1P2;
  if (!tambo_tlv_find (command->data, command->size, TAG_KEY_REFERENCE, &reference)
      || reference.length != 1)
    return TAMBO_CARD_SW_WRONG_DATA;
  if (reference.value[0] != AGENT_KEY)
    return TAMBO_CARD_SW_DATA_NOT_FOUND;
  if (card->operational)
    return TAMBO_CARD_SW_CONDITIONS;
  card->agent_chosen = TRUE;
  return TAMBO_SW_OK;
}

static guint16 create_file (TamboCardEmrtd *card, const TamboCommand *command) {
  TamboReader reader = tambo_reader (command->data, command->size);
  TamboTlv fcp;

  if (!tambo_tlv_next (&reader, &fcp) || fcp.tag != TAG_FCP || tambo_reader_left (&reader) > 0)
    return TAMBO_CARD_SW_WRONG_DATA;
  return tambo_card_emrtd_create (card, fcp.value, fcp.length);
}

static guint16 update_binary (TamboCardEmrtd *card, const TamboCommand *command) {
  gsize offset = (gsize) command->p1 << 8 | command->p2;
  TamboTlv where, data;

  if (!card->file)
    return TAMBO_CARD_SW_CONDITIONS;
  if (command->p1 & 0x80 || (command->ins & 1 && offset != 0))
    return TAMBO_CARD_SW_WRONG_P1P2;
  if (command->size == 0)
    return TAMBO_CARD_SW_WRONG_LENGTH;
  if (!(command->ins & 1))
    return tambo_card_emrtd_write (card->file, offset, command->data, command->size);
  if (!tambo_tlv_find (command->data, command->size, TAG_OFFSET, &where) || where.length == 0
      || where.length > 3 || !tambo_tlv_find (command->data, command->size, TAG_DATA, &data))
    return TAMBO_CARD_SW_WRONG_DATA;
  for (gsize i = 0; i < where.length; i++)
    offset = offset << 8 | where.value[i];
  return tambo_card_emrtd_write (card->file, offset, data.value, data.length);
}

static guint16 put_keys (TamboCardEmrtd *card, const TamboTlv *data) {
  TamboTlv k_enc, k_mac;

  if (!tambo_tlv_find (data->value, data->length, 0x80, &k_enc) || k_enc.length != KEY_SIZE
      || !tambo_tlv_find (data->value, data->length, 0x81, &k_mac) || k_mac.length != KEY_SIZE)
    return TAMBO_CARD_SW_WRONG_DATA;
  return tambo_card_emrtd_put_keys (card, k_enc.value, k_mac.value);
}

static guint16 put_password (TamboCardPassport *passport, const TamboTlv *data) {
  TamboTlv reference, secret;

  if (!tambo_tlv_find (data->value, data->length, 0x80, &reference) || reference.length != 1
      || !tambo_tlv_find (data->value, data->length, 0x81, &secret))
    return TAMBO_CARD_SW_WRONG_DATA;
  return tambo_card_passport_put_password (passport, reference.value[0], secret.value,
                                           secret.length);
}

static guint16 put_data (TamboCardIso7816 *card, const TamboCommand *command) {
  TamboTlv list, data;

  if (command->p1 != 0x3F || command->p2 != 0xFF)
    return TAMBO_CARD_SW_WRONG_P1P2;
  if (!tambo_tlv_find (command->data, command->size, TAG_LIST, &list) || list.length != 2
      || !tambo_tlv_find (command->data, command->size, TAG_DATA, &data))
    return TAMBO_CARD_SW_WRONG_DATA;
  switch (list.value[0] << 8 | list.value[1]) {
  case OBJECT_ACCESS_KEYS:
    return put_keys (card->emrtd, &data);
  case OBJECT_MODULUS:
    return tambo_card_emrtd_put_number (&card->emrtd->modulus, data.value, data.length);
  case OBJECT_EXPONENT:
    return tambo_card_emrtd_put_number (&card->emrtd->exponent, data.value, data.length);
  case OBJECT_CHIP_KEY:
    return tambo_card_passport_put_chip_key (card->passport, data.value, data.length);
  case OBJECT_ACTIVE_KEY:
    return tambo_card_passport_put_active_key (card->passport, data.value, data.length);
  case OBJECT_CARD_ACCESS:
    return tambo_card_passport_put_card_access (card->passport, data.value, data.length);
  case OBJECT_PASSWORD:
    return put_password (card->passport, &data);
  default:
    return TAMBO_CARD_SW_DATA_NOT_FOUND;
  }
}

/* GENERATE ASYMMETRIC KEY PAIR, ISO/IEC 7816-8 section 11.2: the control template names the algorithm. */
static TamboCardAnswer generate (TamboCardIso7816 *card, const TamboCommand *command) {
  TamboCardAnswer answer = { 0 };
  TamboTlv control;

  if (command->p1 != 0x80 || command->p2 != 0)
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_P1P2);
  if (!tambo_tlv_find (command->data, command->size, TAG_CONTROL, &control))
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_DATA);
  answer.sw = tambo_card_passport_generate (card->passport, &answer.data);
  return answer;
}

static guint16 activate (TamboCardEmrtd *card, const TamboCommand *command) {
  if (command->p1 == 0x04 && command->p2 == 0) {
    if (!tambo_card_emrtd_is_name (command))
      return TAMBO_CARD_SW_FILE_NOT_FOUND;
    card->operational = TRUE;
    return TAMBO_SW_OK;
  }
  if (command->p1 != 0 || command->p2 != 0 || command->size != 0)
    return TAMBO_CARD_SW_WRONG_P1P2;
  if (!card->file || card->file->activated)
    return TAMBO_CARD_SW_CONDITIONS;
  card->file->activated = TRUE;
  return TAMBO_SW_OK;
}

static guint16 take_writing (TamboCardIso7816 *card, const TamboCommand *command) {
  switch (command->ins) {
  case 0x44:
    return activate (card->emrtd, command);
  case 0xD6:
  case 0xD7:
    return update_binary (card->emrtd, command);
  case 0xDB:
    return put_data (card, command);
  default:
    return create_file (card->emrtd, command);
  }
}

static TamboCardAnswer personalise (TamboCardIso7816 *card, const TamboCommand *command) {
  if (card->emrtd->operational)
    return tambo_card_answer (TAMBO_CARD_SW_CONDITIONS);
  if (!card->emrtd->session || !card->emrtd->agent)
    return tambo_card_answer (TAMBO_CARD_SW_SECURITY_STATUS);
  if (command->ins == 0x47)
    return generate (card, command);
  return tambo_card_answer (take_writing (card, command));
}

static gboolean is_agents (guint8 ins) {
  return ins == 0x44 || ins == 0x47 || ins == 0xD6 || ins == 0xD7 || ins == 0xDB || ins == 0xE0;
}

static TamboCardAnswer execute (gpointer data, const TamboCommand *command) {
  TamboCardIso7816 *card = data;

  if (is_agents (command->ins))
    return personalise (card, command);
  if (command->ins == 0x22)
    return tambo_card_answer (choose_key (card->emrtd, command));
  return tambo_card_emrtd_execute (card->emrtd, command);
}

/* The agent begins with the choice of his key, and has a session of his own. */
static gboolean is_for_agent (const TamboCardEmrtd *emrtd, const TamboCommand *command) {
  if (is_agents (command->ins))
    return TRUE;
  if (emrtd->session)
    return emrtd->agent && command->cla != 0;
  return emrtd->agent_chosen ? command->ins == 0x84 || command->ins == 0x82
                             : emrtd->selected && command->ins == 0x22 && command->p1 == 0xC1
                                   && command->p2 == 0xA4 && command->size == 3;
}

GBytes *tambo_card_iso7816_process (TamboCardIso7816 *card, GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  TamboCommand command;

  gboolean too_long = size > 5 && data[4] == 0 && size > card->emrtd->max_response;
  if (too_long || !tambo_command_parse (data, size, &command))
    return tambo_card_answer_encode (tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH));
  if (is_for_agent (card->emrtd, &command))
    return tambo_card_emrtd_process (card->emrtd, &command, execute, card);
  return tambo_card_passport_process (card->passport, bytes);
}
