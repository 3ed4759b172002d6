/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-gp.h"

#include <string.h>

#include "base/bytes.h"
#include "format/tlv.h"
#include "simulator/card-passport.h"

#define DOMAIN_NAME "\xA0\x00\x00\x01\x51\x00\x00\x00"
#define DOMAIN_NAME_SIZE 8

#define INS_INITIALIZE_UPDATE 0x50
#define INS_EXTERNAL_AUTHENTICATE 0x82
#define INS_STORE_DATA 0xE2
#define INS_INSTALL 0xE6

#define P1_LAST 0x80
#define P1_FORMAT 0x18
#define P1_FORMAT_DGI 0x08

#define GROUPING_CREATE 0x0062
#define GROUPING_ACCESS_KEYS 0x8000
#define GROUPING_MODULUS 0x8101
#define GROUPING_EXPONENT 0x8102
#define GROUPING_CHIP_KEY 0x8103
#define GROUPING_ACTIVE_KEY 0x8104
#define GROUPING_MRZ_PASSWORD 0x8001
#define GROUPING_CAN_PASSWORD 0x8002
#define GROUPING_CARD_ACCESS 0x011C
#define FILE_MASTER "\x3F\x00"
#define GROUPING_LIFE_CYCLE 0x9F70
#define PERSONALISED 0x0F
#define TAG_FCP 0x62
#define KEY_SIZE 16
#define TRIES 10

struct _TamboCardGp {
  TamboCardPassport *passport;
  TamboCardEmrtd *applet; /* borrowed from it */
  TamboScpProtocol protocol;
  TamboScpKeys keys;
  guint16 sequence; /* of SCP02, survives */
  guint tries;

  /* What does not survive without power. */
  gboolean domain_selected;
  TamboScp *scp;
  gboolean authenticated, enciphered, personalising;
  guint8 block;          /* the next one */
  TamboCardFile *filled; /* borrowed: a grouping that goes on in the next block */
  gsize filled_at, filled_size;
};

TamboCardGp *tambo_card_gp_new (gsize memory, TamboScpProtocol protocol) {
  TamboCardGp *card = g_new0 (TamboCardGp, 1);

  card->passport = tambo_card_passport_new_blank (memory);
  card->applet = tambo_card_passport_get_emrtd (card->passport);
  card->protocol = protocol;
  card->keys.enc = tambo_secret_new (TAMBO_CARD_FACTORY_KEY, TAMBO_CARD_FACTORY_KEY_SIZE);
  card->keys.mac = tambo_secret_new (TAMBO_CARD_FACTORY_KEY, TAMBO_CARD_FACTORY_KEY_SIZE);
  card->tries = TRIES;
  return card;
}

static void end_channel (TamboCardGp *card) {
  g_clear_pointer (&card->scp, tambo_scp_clear_free);
  card->authenticated = FALSE;
  card->personalising = FALSE;
  card->filled = NULL;
}

TamboCardEmrtd *tambo_card_gp_get_emrtd (TamboCardGp *card) {
  return card->applet;
}

void tambo_card_gp_reset (TamboCardGp *card) {
  end_channel (card);
  card->domain_selected = FALSE;
  tambo_card_passport_reset (card->passport);
}

void tambo_card_gp_free (TamboCardGp *card) {
  if (!card)
    return;
  end_channel (card);
  tambo_card_passport_free (card->passport);
  g_bytes_unref (card->keys.enc);
  g_bytes_unref (card->keys.mac);
  g_free (card);
}

/* ---- the security domain ---- */

static TamboCardAnswer initialize_update (TamboCardGp *card, const TamboCommand *command) {
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  guint8 challenge[TAMBO_SCP_CHALLENGE_SIZE], proof[TAMBO_SCP_CRYPTOGRAM_SIZE];
  static const guint8 diversification[10];

  end_channel (card);
  if (command->size != TAMBO_SCP_CHALLENGE_SIZE)
    return tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH);
  if (command->p1 > 1)
    return tambo_card_answer (TAMBO_CARD_SW_DATA_NOT_FOUND);
  if (card->tries == 0)
    return tambo_card_answer (TAMBO_CARD_SW_BLOCKED);
  card->applet->random (challenge, sizeof challenge);
  if (card->protocol == TAMBO_SCP_02) {
    challenge[0] = (guint8) (card->sequence >> 8);
    challenge[1] = (guint8) card->sequence;
  }
  card->scp = tambo_scp_new (card->protocol, &card->keys, command->data, challenge);
  tambo_scp_card_cryptogram (card->scp, proof);

  tambo_put_bytes (answer, diversification, sizeof diversification);
  tambo_put_u8 (answer, 1);
  tambo_put_u8 (answer, (guint8) card->protocol);
  if (card->protocol == TAMBO_SCP_03)
    tambo_put_u8 (answer, 0); /* i: a random challenge, commands protected */
  tambo_put_bytes (answer, challenge, sizeof challenge);
  tambo_put_bytes (answer, proof, sizeof proof);
  return tambo_card_answer_data (answer->data, answer->len);
}

/* The host must prove the keys and protect its commands with them. */
static guint16 external_authenticate (TamboCardGp *card, const TamboCommand *command) {
  guint8 expected[TAMBO_SCP_CRYPTOGRAM_SIZE];
  g_autoptr (GBytes) storage = NULL;
  TamboCommand plain;

  if (!card->scp || card->authenticated)
    return TAMBO_CARD_SW_CONDITIONS;
  tambo_scp_host_cryptogram (card->scp, expected);
  gboolean known = tambo_scp_unwrap_command (card->scp, command, FALSE, &plain, &storage, NULL)
                   && plain.size == sizeof expected
                   && memcmp (plain.data, expected, sizeof expected) == 0;
  if (!known || (command->p1 != 0x01 && command->p1 != 0x03)) {
    card->tries -= known ? 0 : 1;
    end_channel (card);
    return known ? TAMBO_CARD_SW_WRONG_P1P2 : 0x6300;
  }
  card->authenticated = TRUE;
  card->enciphered = command->p1 == 0x03;
  card->tries = TRIES;
  card->sequence++;
  return TAMBO_SW_OK;
}

/* INSTALL [for personalization]: 00 00, the applet's name, and three empty fields. */
static guint16 install (TamboCardGp *card, const TamboCommand *command) {
  TamboReader reader = tambo_reader (command->data, command->size);
  const guint8 *name;
  guint16 zeros;
  guint8 size;

  if (command->p1 != 0x20 || command->p2 != 0)
    return TAMBO_CARD_SW_WRONG_P1P2;
  if (!tambo_reader_u16 (&reader, &zeros) || zeros != 0 || !tambo_reader_u8 (&reader, &size)
      || !tambo_reader_take (&reader, size, &name) || tambo_reader_left (&reader) != 3)
    return TAMBO_CARD_SW_WRONG_DATA;
  if (size != TAMBO_LDS_AID_SIZE || memcmp (name, TAMBO_LDS_AID, size) != 0)
    return TAMBO_CARD_SW_DATA_NOT_FOUND;
  if (card->applet->operational)
    return TAMBO_CARD_SW_CONDITIONS;
  card->personalising = TRUE;
  card->block = 0;
  card->filled = NULL;
  return TAMBO_SW_OK;
}

/* ---- data groupings ---- */

/* A second creation of the same file in the same size is what a torn card needs. */
static guint16 create_file (TamboCardGp *card, const guint8 *data, gsize size) {
  TamboTlv fcp, bytes, id;

  if (!tambo_tlv_find (data, size, TAG_FCP, &fcp))
    return TAMBO_CARD_SW_WRONG_DATA;
  guint16 sw = tambo_card_emrtd_create (card->applet, fcp.value, fcp.length);
  if (sw != TAMBO_CARD_SW_FILE_EXISTS || !tambo_tlv_find (fcp.value, fcp.length, 0x80, &bytes)
      || !tambo_tlv_find (fcp.value, fcp.length, 0x83, &id))
    return sw;
  const TamboCardFile *file =
      tambo_card_emrtd_find (card->applet, (guint16) (id.value[0] << 8 | id.value[1]));
  gboolean same = file->content->len == (guint) (bytes.value[0] << 8 | bytes.value[1]);
  return same ? TAMBO_SW_OK : sw;
}

static guint16 put_keys (TamboCardGp *card, const guint8 *data, gsize size) {
  return size == 2 * KEY_SIZE ? tambo_card_emrtd_put_keys (card->applet, data, data + KEY_SIZE)
                              : TAMBO_CARD_SW_WRONG_DATA;
}

static guint16 take_grouping (TamboCardGp *card, guint16 grouping, const guint8 *data, gsize size,
                              gboolean last) {
  switch (grouping) {
  case GROUPING_CREATE:
    return create_file (card, data, size);
  case GROUPING_ACCESS_KEYS:
    return put_keys (card, data, size);
  case GROUPING_MODULUS:
    return tambo_card_emrtd_put_number (&card->applet->modulus, data, size);
  case GROUPING_EXPONENT:
    return tambo_card_emrtd_put_number (&card->applet->exponent, data, size);
  case GROUPING_CHIP_KEY:
    return tambo_card_passport_put_chip_key (card->passport, data, size);
  case GROUPING_ACTIVE_KEY:
    return tambo_card_passport_put_active_key (card->passport, data, size);
  case GROUPING_CARD_ACCESS:
    return tambo_card_passport_put_card_access (card->passport, data, size);
  case GROUPING_MRZ_PASSWORD:
  case GROUPING_CAN_PASSWORD:
    return tambo_card_passport_put_password (card->passport, grouping & 0x0F, data, size);
  case GROUPING_LIFE_CYCLE:
    if (size != 1 || *data != PERSONALISED || !last)
      return TAMBO_CARD_SW_WRONG_DATA;
    card->applet->operational = TRUE;
    return TAMBO_SW_OK;
  default:
    return TAMBO_CARD_SW_DATA_NOT_FOUND;
  }
}

/* As much of a file as this block still has. */
static guint16 fill (TamboCardGp *card, TamboReader *reader) {
  gsize piece = MIN (tambo_reader_left (reader), card->filled_size - card->filled_at);
  const guint8 *data;

  if (!tambo_reader_take (reader, piece, &data))
    return TAMBO_CARD_SW_WRONG_DATA;
  guint16 sw = tambo_card_emrtd_write (card->filled, card->filled_at, data, piece);
  card->filled_at += piece;
  if (card->filled_at == card->filled_size)
    card->filled = NULL;
  return sw;
}

static guint16 begin_filling (TamboCardGp *card, TamboCardFile *file, gsize size,
                              TamboReader *reader) {
  if (size > file->content->len)
    return TAMBO_CARD_SW_NO_MEMORY;
  card->filled = file;
  card->filled_at = 0;
  card->filled_size = size;
  return fill (card, reader);
}

/* Two bytes of name, a length of one byte or FF and two, the value. */
static guint16 next_grouping (TamboCardGp *card, TamboReader *reader, gboolean last) {
  guint16 grouping, size;
  guint8 octet;
  const guint8 *data;

  if (!tambo_reader_u16 (reader, &grouping) || !tambo_reader_u8 (reader, &octet))
    return TAMBO_CARD_SW_WRONG_DATA;
  size = octet;
  if (octet == 0xFF && !tambo_reader_u16 (reader, &size))
    return TAMBO_CARD_SW_WRONG_DATA;
  TamboCardFile *file = tambo_card_emrtd_find (card->applet, grouping);
  if (file)
    return begin_filling (card, file, size, reader);
  if (!tambo_reader_take (reader, size, &data))
    return TAMBO_CARD_SW_WRONG_DATA;
  return take_grouping (card, grouping, data, size, last);
}

static guint16 store_data (TamboCardGp *card, const TamboCommand *command) {
  TamboReader reader = tambo_reader (command->data, command->size);
  gboolean last = command->p1 & P1_LAST;
  guint16 sw = TAMBO_SW_OK;

  if (!card->personalising || card->applet->operational)
    return TAMBO_CARD_SW_CONDITIONS;
  if ((command->p1 & P1_FORMAT) != P1_FORMAT_DGI || command->p2 != card->block)
    return TAMBO_CARD_SW_WRONG_P1P2;
  card->block++;
  if (card->filled)
    sw = fill (card, &reader);
  while (sw == TAMBO_SW_OK && tambo_reader_left (&reader) > 0)
    sw = next_grouping (card, &reader, last);
  if (sw != TAMBO_SW_OK)
    card->filled = NULL;
  if (last)
    card->personalising = FALSE;
  return sw;
}

/* ---- commands ---- */

static TamboCardAnswer select_name (TamboCardGp *card, const TamboCommand *command) {
  gboolean domain =
      command->size <= DOMAIN_NAME_SIZE
      && (command->size == 0 || memcmp (command->data, DOMAIN_NAME, command->size) == 0);

  if (!domain && !tambo_card_emrtd_is_name (command))
    return tambo_card_answer (TAMBO_CARD_SW_FILE_NOT_FOUND);
  tambo_card_gp_reset (card);
  card->domain_selected = domain;
  return domain ? tambo_card_answer (TAMBO_SW_OK) : tambo_card_emrtd_select (card->applet);
}

static guint16 secured (TamboCardGp *card, const TamboCommand *protected_command) {
  g_autoptr (GBytes) storage = NULL;
  TamboCommand command;

  if (!card->authenticated)
    return TAMBO_CARD_SW_SECURITY_STATUS;
  if (!tambo_scp_unwrap_command (card->scp, protected_command, card->enciphered, &command, &storage,
                                 NULL)) {
    end_channel (card);
    return TAMBO_CARD_SW_SECURITY_STATUS;
  }
  if (command.ins == INS_INSTALL)
    return install (card, &command);
  if (command.ins == INS_STORE_DATA)
    return store_data (card, &command);
  return TAMBO_CARD_SW_INS;
}

static TamboCardAnswer ask_domain (TamboCardGp *card, const TamboCommand *command) {
  if (command->cla == 0x80 && command->ins == INS_INITIALIZE_UPDATE)
    return initialize_update (card, command);
  if (command->cla == 0x84 && command->ins == INS_EXTERNAL_AUTHENTICATE)
    return tambo_card_answer (external_authenticate (card, command));
  if (command->cla == 0x84)
    return tambo_card_answer (secured (card, command));
  end_channel (card);
  return tambo_card_answer (command->cla == 0x80 ? TAMBO_CARD_SW_SECURITY_STATUS
                                                 : TAMBO_CARD_SW_CLA);
}

/* The master file is not the security domain's: whoever selects it has left that. */
static gboolean is_master (const TamboCommand *command) {
  return command->cla == 0 && command->ins == 0xA4 && command->p1 == 0 && command->size == 2
         && memcmp (command->data, FILE_MASTER, 2) == 0;
}

GBytes *tambo_card_gp_process (TamboCardGp *card, GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  TamboCommand command;

  if ((size > 5 && data[4] == 0) || !tambo_command_parse (data, size, &command))
    return tambo_card_answer_encode (tambo_card_answer (TAMBO_CARD_SW_WRONG_LENGTH));
  if (command.cla == 0 && command.ins == 0xA4 && command.p1 == 0x04)
    return tambo_card_answer_encode (select_name (card, &command));
  if (is_master (&command))
    tambo_card_gp_reset (card);
  if (card->domain_selected)
    return tambo_card_answer_encode (ask_domain (card, &command));
  return tambo_card_passport_process (card->passport, bytes);
}
