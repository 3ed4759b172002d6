/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-jmrtd.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "chip/bac.h"
#include "chip/lds.h"
#include "format/tlv.h"
#include "simulator/card-active.h"

#define CLA_PLAIN 0x00
#define CLA_PROTECTED 0x0C

#define INS_EXTERNAL_AUTHENTICATE 0x82
#define INS_GET_CHALLENGE 0x84
#define INS_INTERNAL_AUTHENTICATE 0x88
#define INS_SELECT 0xA4
#define INS_READ_BINARY 0xB0
#define INS_UPDATE_BINARY 0xD6
#define INS_PUT_DATA 0xDA
#define INS_CREATE_FILE 0xE0

#define SW_NO_INFORMATION 0x6300
#define SW_WRONG_LENGTH 0x6700
#define SW_SM_NOT_SUPPORTED 0x6882
#define SW_SECURITY_STATUS 0x6982
#define SW_DATA_INVALID 0x6984
#define SW_CONDITIONS 0x6985
#define SW_SM_OBJECTS_MISSING 0x6987
#define SW_SM_OBJECTS_INCORRECT 0x6988
#define SW_WRONG_DATA 0x6A80
#define SW_FILE_NOT_FOUND 0x6A82
#define SW_NO_MEMORY 0x6A84
#define SW_WRONG_P1P2 0x6A86
#define SW_DATA_NOT_FOUND 0x6A88
#define SW_OFFSET 0x6B00
#define SW_INS 0x6D00
#define SW_CLA 0x6E00
#define SW_UNKNOWN 0x6F00 /* what the runtime answers for an exception nobody caught */

#define PUT_DATA_MODULUS 0x0060
#define PUT_DATA_EXPONENT 0x0061
#define PUT_DATA_BAC 0x0062
#define PUT_DATA_LOCK 0xDEAD

#define FIRST_FILE 0x0101
#define LAST_FILE 0x011E
#define N_FILES (LAST_FILE - FIRST_FILE + 1)
#define FILE_SOD 0x011D
#define FILE_COM 0x011E
#define FILE_CVCA 0x011C
#define FILE_DG3 0x0103
#define FILE_DG4 0x0104
#define FILE_DG15 0x010F

#define RND_SIZE 8
#define KEY_PART_SIZE 16
#define MUTUAL_SIZE 40
#define M1_SIZE 106

typedef struct {
  GByteArray *content; /* NULL: never created */
  gsize reserved;      /* memory taken by the first creation, for ever */
} File;

struct _TamboCardJmrtd {
  /* What survives without power. */
  File files[N_FILES];
  gsize memory, memory_used;
  TamboBacKeys keys;
  GBytes *modulus, *exponent;
  gboolean locked;
  guint creations;

  /* What does not. */
  gboolean application_selected;
  File *selected; /* borrowed from FILES */
  gboolean challenged;
  guint8 challenge[RND_SIZE];
  TamboSecureMessaging *session;

  TamboCardRandom random;
  TamboCardQuirks quirks;
};

/* An answer in the making. */
typedef struct {
  guint16 sw;
  GBytes *data; /* owned; NULL without */
} Answer;

TamboCardJmrtd *tambo_card_jmrtd_new (gsize memory) {
  TamboCardJmrtd *card = g_new0 (TamboCardJmrtd, 1);

  card->memory = memory;
  card->random = tambo_random;
  return card;
}

static void end_session (TamboCardJmrtd *card) {
  g_clear_pointer (&card->session, tambo_secure_messaging_clear_free);
}

static void forget_selection (TamboCardJmrtd *card) {
  end_session (card);
  card->selected = NULL;
  card->challenged = FALSE;
  tambo_secret_wipe (card->challenge, sizeof card->challenge);
}

void tambo_card_jmrtd_reset (TamboCardJmrtd *card) {
  forget_selection (card);
  card->application_selected = FALSE;
}

void tambo_card_jmrtd_free (TamboCardJmrtd *card) {
  if (!card)
    return;
  tambo_card_jmrtd_reset (card);
  for (int i = 0; i < N_FILES; i++)
    g_clear_pointer (&card->files[i].content, g_byte_array_unref);
  tambo_bac_keys_clear (&card->keys);
  g_clear_pointer (&card->modulus, g_bytes_unref);
  g_clear_pointer (&card->exponent, g_bytes_unref);
  g_free (card);
}

void tambo_card_jmrtd_set_random (TamboCardJmrtd *card, TamboCardRandom random) {
  card->random = random;
}

void tambo_card_jmrtd_set_quirks (TamboCardJmrtd *card, TamboCardQuirks quirks) {
  card->quirks = quirks;
}

gboolean tambo_card_jmrtd_is_locked (const TamboCardJmrtd *card) {
  return card->locked;
}

gsize tambo_card_jmrtd_get_memory_used (const TamboCardJmrtd *card) {
  return card->memory_used;
}

guint tambo_card_jmrtd_get_creations (const TamboCardJmrtd *card) {
  return card->creations;
}

static gboolean is_known_file (guint16 file_id) {
  return (file_id >= FIRST_FILE && file_id <= FILE_DG15) || file_id == FILE_SOD
         || file_id == FILE_COM || file_id == FILE_CVCA;
}

GBytes *tambo_card_jmrtd_dup_file (const TamboCardJmrtd *card, guint16 file_id) {
  if (!is_known_file (file_id) || !card->files[file_id - FIRST_FILE].content)
    return NULL;
  const GByteArray *content = card->files[file_id - FIRST_FILE].content;
  return g_bytes_new (content->data, content->len);
}

static Answer status (guint16 sw) {
  return (Answer){ .sw = sw };
}

/* A name may be cut on the right (ISO/IEC 7816-4 section 11.1.1); the runtime then takes the first
 * applet that fits, and there is but one. */
static Answer select_application (TamboCardJmrtd *card, const TamboCommand *command) {
  if (command->size == 0 || command->size > TAMBO_LDS_AID_SIZE
      || memcmp (command->data, TAMBO_LDS_AID, command->size) != 0)
    return status (SW_FILE_NOT_FOUND);
  forget_selection (card);
  card->application_selected = TRUE;
  return status (TAMBO_SW_OK);
}

static Answer select_file (TamboCardJmrtd *card, const TamboCommand *command) {
  if (card->locked && !card->session)
    return status (SW_SECURITY_STATUS);
  if ((command->p1 != 0x02 && command->p1 != 0x00) || (command->p2 != 0x0C && command->p2 != 0x00))
    return status (SW_WRONG_P1P2);
  if (command->size != 2)
    return status (SW_WRONG_LENGTH);

  guint16 file_id = (guint16) (command->data[0] << 8 | command->data[1]);
  if (!is_known_file (file_id) || !card->files[file_id - FIRST_FILE].content)
    return status (SW_FILE_NOT_FOUND);
  card->selected = &card->files[file_id - FIRST_FILE];
  return status (TAMBO_SW_OK);
}

static Answer create_file (TamboCardJmrtd *card, const TamboCommand *command) {
  const guint8 *data = command->data;

  if (command->size < 6 || data[1] < 4)
    return status (SW_WRONG_LENGTH);
  if (data[0] != 0x63)
    return status (SW_DATA_INVALID);
  guint16 size = (guint16) (data[2] << 8 | data[3]);
  guint16 file_id = (guint16) (data[4] << 8 | data[5]);
  if (!is_known_file (file_id))
    return status (SW_UNKNOWN);
  if (file_id == FILE_DG3 || file_id == FILE_DG4) /* only after a terminal authentication */
    return status (SW_SECURITY_STATUS);
  card->creations++;
  if (card->quirks & TAMBO_CARD_QUIRK_NO_MEMORY)
    return status (SW_NO_MEMORY);

  File *file = &card->files[file_id - FIRST_FILE];
  if (file->content) {
    if (size > file->reserved)
      return status (SW_NO_MEMORY);
  } else {
    if (size > card->memory - card->memory_used)
      return status (SW_NO_MEMORY);
    file->content = g_byte_array_new ();
    file->reserved = size;
    card->memory_used += size;
  }
  g_byte_array_set_size (file->content, size);
  if (size > 0)
    memset (file->content->data, 0, size);
  return status (TAMBO_SW_OK);
}

static Answer update_binary (TamboCardJmrtd *card, const TamboCommand *command) {
  gsize offset = (gsize) command->p1 << 8 | command->p2;

  if (!card->selected)
    return status (SW_CONDITIONS);
  if (command->p1 & 0x80)
    return status (SW_WRONG_P1P2);
  if (command->size == 0)
    return status (SW_WRONG_LENGTH);
  GByteArray *content = card->selected->content;
  if (offset > content->len || command->size > content->len - offset)
    return status (SW_NO_MEMORY);
  memcpy (content->data + offset, command->data, command->size);
  return status (TAMBO_SW_OK);
}

static Answer read_binary (TamboCardJmrtd *card, const TamboCommand *command) {
  gsize offset = (gsize) command->p1 << 8 | command->p2;

  if (!card->session)
    return status (SW_SECURITY_STATUS);
  if (!card->selected)
    return status (SW_CONDITIONS);
  const GByteArray *content = card->selected->content;
  if (command->p1 & 0x80)
    return status (SW_WRONG_P1P2);
  if (command->le == TAMBO_LE_NONE)
    return status (SW_WRONG_LENGTH);
  if (offset >= content->len)
    return status (SW_OFFSET);

  gsize size = MIN ((gsize) command->le, tambo_secure_messaging_max_read (card->session));
  if (command->le == 256 && (card->quirks & TAMBO_CARD_QUIRK_SM_LE_ZERO))
    size = 0;
  return (Answer){ .sw = TAMBO_SW_OK,
                   .data =
                       g_bytes_new (content->data + offset, MIN (size, content->len - offset)) };
}

/* Doc 9303-3 section 4.9; -1 for what an MRZ cannot hold. */
static int check_digit (const guint8 *text, gsize size) {
  static const int weights[] = { 7, 3, 1 };
  int sum = 0;

  for (gsize i = 0; i < size; i++) {
    int value;
    if (g_ascii_isdigit (text[i]))
      value = text[i] - '0';
    else if (g_ascii_isupper (text[i]))
      value = text[i] - 'A' + 10;
    else if (text[i] == '<')
      value = 0;
    else
      return -1;
    sum += value * weights[i % 3];
  }
  return sum % 10;
}

/* Template 62 with three OCTET STRINGs: document number, birth, expiry. The number's length is not
 * looked at, so that a number without its fillers gives keys that nobody finds. */
static Answer put_bac_keys (TamboCardJmrtd *card, const TamboCommand *command) {
  TamboReader outer = tambo_reader (command->data, command->size);
  TamboTlv mrz, part;

  if (!tambo_tlv_next (&outer, &mrz) || mrz.tag != 0x62)
    return status (SW_UNKNOWN);
  TamboReader reader = tambo_reader (mrz.value, mrz.length);
  g_autoptr (GString) information = g_string_new (NULL);
  for (int i = 0; i < 3; i++) {
    if (!tambo_tlv_next (&reader, &part) || part.tag != 0x04)
      return status (SW_UNKNOWN);
    int digit = check_digit (part.value, part.length);
    if (digit < 0 || part.length == 0)
      return status (SW_WRONG_DATA);
    g_string_append_len (information, (const char *) part.value, (gssize) part.length);
    g_string_append_printf (information, "%d", digit);
  }
  tambo_bac_keys_clear (&card->keys);
  tambo_bac_keys_derive (information->str, &card->keys);
  tambo_secret_wipe (information->str, information->len);
  return status (TAMBO_SW_OK);
}

/* The applet steps over as many bytes as the outer length says and looks for the number there, so
 * that only a length of 00 leads it to the number. */
static Answer put_active_key (const TamboCommand *command, guint8 tag, GBytes **number) {
  TamboReader reader = tambo_reader (command->data, command->size);
  TamboTlv outer, inner;

  if (!tambo_tlv_next (&reader, &outer) || outer.tag != tag || outer.length != 0)
    return status (SW_UNKNOWN);
  if (!tambo_tlv_next (&reader, &inner) || inner.tag != 0x04)
    return status (SW_UNKNOWN);
  if (inner.length > 0 && inner.value[0] == 0) {
    inner.value++;
    inner.length--;
  }
  if (inner.length == 0 || inner.length > TAMBO_CARD_ACTIVE_KEY_SIZE)
    return status (SW_UNKNOWN);
  g_clear_pointer (number, g_bytes_unref);
  *number = tambo_secret_new (inner.value, inner.length);
  return status (TAMBO_SW_OK);
}

static Answer put_data (TamboCardJmrtd *card, const TamboCommand *command) {
  switch (command->p1 << 8 | command->p2) {
  case PUT_DATA_MODULUS:
    return put_active_key (command, 0x60, &card->modulus);
  case PUT_DATA_EXPONENT:
    return put_active_key (command, 0x61, &card->exponent);
  case PUT_DATA_BAC:
    return put_bac_keys (card, command);
  case PUT_DATA_LOCK:
    card->locked = TRUE;
    return status (TAMBO_SW_OK);
  default:
    return status (SW_DATA_NOT_FOUND);
  }
}

static Answer personalise (TamboCardJmrtd *card, const TamboCommand *command) {
  if (card->locked)
    return status (SW_CONDITIONS);
  if (command->ins == INS_CREATE_FILE)
    return create_file (card, command);
  if (command->ins == INS_UPDATE_BINARY)
    return update_binary (card, command);
  return put_data (card, command);
}

static Answer get_challenge (TamboCardJmrtd *card, const TamboCommand *command) {
  if (!card->keys.k_seed || card->session)
    return status (SW_SECURITY_STATUS);
  if (command->size != 0 || command->le != RND_SIZE)
    return status (SW_WRONG_LENGTH);
  card->random (card->challenge, RND_SIZE);
  card->challenged = TRUE;
  return (Answer){ .sw = TAMBO_SW_OK, .data = g_bytes_new (card->challenge, RND_SIZE) };
}

/* A challenge serves one attempt, whatever comes of it. */
static Answer external_authenticate (TamboCardJmrtd *card, const TamboCommand *command) {
  guint8 plain[32]; /* RND.IFD | RND.IC | K.IFD */
  guint8 k_ic[KEY_PART_SIZE];

  if (!card->challenged || card->session)
    return status (SW_SECURITY_STATUS);
  if (command->size != MUTUAL_SIZE || (command->le != MUTUAL_SIZE && command->le != 256))
    return status (SW_WRONG_LENGTH);
  card->challenged = FALSE;
  if (!tambo_bac_mutual_decode (&card->keys, command->data, command->size, plain)
      || memcmp (plain + RND_SIZE, card->challenge, RND_SIZE) != 0) {
    tambo_secret_wipe (plain, sizeof plain);
    return status (SW_NO_INFORMATION);
  }

  card->random (k_ic, sizeof k_ic);
  card->selected = NULL;
  card->session = tambo_bac_session (card->challenge, plain, k_ic, plain + 2 * RND_SIZE);
  Answer answer = { .sw = TAMBO_SW_OK,
                    .data = tambo_bac_mutual_encode (&card->keys, card->challenge, plain, k_ic) };
  tambo_secret_wipe (plain, sizeof plain);
  tambo_secret_wipe (k_ic, sizeof k_ic);
  return answer;
}

static Answer internal_authenticate (TamboCardJmrtd *card, const TamboCommand *command) {
  guint8 m1[M1_SIZE];

  if (!card->session)
    return status (SW_SECURITY_STATUS);
  if (!card->modulus || !card->exponent)
    return status (SW_CONDITIONS);
  if (command->size != RND_SIZE || command->le == TAMBO_LE_NONE)
    return status (SW_WRONG_LENGTH);
  card->random (m1, sizeof m1);
  GBytes *signature =
      tambo_card_active_sign (card->modulus, card->exponent, m1, command->data, command->size);
  if (!signature)
    return status (SW_UNKNOWN);
  return (Answer){ .sw = TAMBO_SW_OK, .data = signature };
}

static Answer execute (TamboCardJmrtd *card, const TamboCommand *command) {
  switch (command->ins) {
  case INS_GET_CHALLENGE:
    return get_challenge (card, command);
  case INS_EXTERNAL_AUTHENTICATE:
    return external_authenticate (card, command);
  case INS_INTERNAL_AUTHENTICATE:
    return internal_authenticate (card, command);
  case INS_SELECT:
    return select_file (card, command);
  case INS_READ_BINARY:
    return read_binary (card, command);
  case INS_CREATE_FILE:
  case INS_UPDATE_BINARY:
  case INS_PUT_DATA:
    return personalise (card, command);
  default:
    return status (SW_INS);
  }
}

static GBytes *encode (Answer answer) {
  GBytes *bytes = tambo_response_encode (answer.data, answer.sw);

  g_clear_pointer (&answer.data, g_bytes_unref);
  return bytes;
}

static GBytes *process_protected (TamboCardJmrtd *card, const TamboCommand *protected_command) {
  g_autoptr (GBytes) storage = NULL;
  g_autoptr (GError) error = NULL;
  TamboCommand command;

  if (!card->session)
    return encode (status (SW_SM_NOT_SUPPORTED));
  if (!tambo_secure_messaging_unwrap_command (card->session, protected_command, &command, &storage,
                                              &error)) {
    end_session (card);
    return encode (
        status (protected_command->size == 0 ? SW_SM_OBJECTS_MISSING : SW_SM_OBJECTS_INCORRECT));
  }
  Answer answer = execute (card, &command);
  GBytes *bytes = tambo_secure_messaging_wrap_response (card->session, answer.data, answer.sw);
  g_clear_pointer (&answer.data, g_bytes_unref);
  return bytes;
}

/* A command in the clear ends the session (Doc 9303-11 section 9.8.3). */
static GBytes *process_plain (TamboCardJmrtd *card, const TamboCommand *command) {
  end_session (card);
  if (command->ins == INS_SELECT && command->p1 == 0x04)
    return encode (select_application (card, command));
  if (!card->application_selected)
    return encode (status (command->ins == INS_SELECT ? SW_FILE_NOT_FOUND : SW_INS));
  return encode (execute (card, command));
}

GBytes *tambo_card_jmrtd_process (TamboCardJmrtd *card, GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  TamboCommand command;
  gboolean extended = size > 5 && data[4] == 0; /* the applet knows short lengths alone */

  if (extended || !tambo_command_parse (data, size, &command))
    return encode (status (SW_WRONG_LENGTH));
  if (command.cla == CLA_PROTECTED)
    return process_protected (card, &command);
  if (command.cla == CLA_PLAIN)
    return process_plain (card, &command);
  return encode (status (SW_CLA));
}
