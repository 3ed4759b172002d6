/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/apdu.h"

#include "base/bytes.h"

#define SHORT_LC_MAX 255
#define SHORT_LE_MAX 256
#define EXTENDED_LC_MAX 65535
#define EXTENDED_LE_MAX 65536

GBytes *tambo_command_encode (const TamboCommand *command) {
  g_return_val_if_fail (command->size <= EXTENDED_LC_MAX, NULL);
  g_return_val_if_fail (
      command->le == TAMBO_LE_NONE || (command->le >= 1 && command->le <= EXTENDED_LE_MAX), NULL);

  gboolean extended = command->size > SHORT_LC_MAX || command->le > SHORT_LE_MAX;
  g_autoptr (GByteArray) array = g_byte_array_sized_new ((guint) command->size + 9);
  tambo_put_u8 (array, command->cla);
  tambo_put_u8 (array, command->ins);
  tambo_put_u8 (array, command->p1);
  tambo_put_u8 (array, command->p2);

  if (extended)
    tambo_put_u8 (array, 0);
  if (command->size > 0) {
    if (extended)
      tambo_put_u16 (array, (guint16) command->size);
    else
      tambo_put_u8 (array, (guint8) command->size);
    tambo_put_bytes (array, command->data, command->size);
  }
  if (command->le != TAMBO_LE_NONE) { /* the greatest Le is written as zeros */
    if (extended)
      tambo_put_u16 (array, (guint16) command->le);
    else
      tambo_put_u8 (array, (guint8) command->le);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

/* Cases 2S, 3S and 4S; READER stands behind the header. */
static gboolean parse_short (TamboReader *reader, TamboCommand *command) {
  guint8 byte;

  if (!tambo_reader_u8 (reader, &byte))
    return FALSE;
  if (tambo_reader_left (reader) == 0) {
    command->le = byte ? byte : SHORT_LE_MAX;
    return TRUE;
  }
  if (byte == 0 || !tambo_reader_take (reader, byte, &command->data))
    return FALSE;
  command->size = byte;
  if (tambo_reader_u8 (reader, &byte))
    command->le = byte ? byte : SHORT_LE_MAX;
  return tambo_reader_left (reader) == 0;
}

/* Cases 2E, 3E and 4E; READER stands behind the zero that announces them. */
static gboolean parse_extended (TamboReader *reader, TamboCommand *command) {
  guint16 word;

  if (!tambo_reader_u16 (reader, &word))
    return FALSE;
  if (tambo_reader_left (reader) == 0) {
    command->le = word ? word : EXTENDED_LE_MAX;
    return TRUE;
  }
  if (word == 0 || !tambo_reader_take (reader, word, &command->data))
    return FALSE;
  command->size = word;
  if (tambo_reader_u16 (reader, &word))
    command->le = word ? word : EXTENDED_LE_MAX;
  return tambo_reader_left (reader) == 0;
}

gboolean tambo_command_parse (gconstpointer bytes, gsize size, TamboCommand *out_command) {
  TamboReader reader = tambo_reader (bytes, size);
  TamboCommand command = { .le = TAMBO_LE_NONE };
  gboolean whole = TRUE;

  if (!tambo_reader_u8 (&reader, &command.cla) || !tambo_reader_u8 (&reader, &command.ins)
      || !tambo_reader_u8 (&reader, &command.p1) || !tambo_reader_u8 (&reader, &command.p2))
    return FALSE;

  gsize left = tambo_reader_left (&reader);
  if (left > 1 && reader.data[reader.position] == 0) {
    reader.position++;
    whole = parse_extended (&reader, &command);
  } else if (left > 0) {
    whole = parse_short (&reader, &command);
  }
  if (whole)
    *out_command = command;
  return whole;
}

void tambo_response_clear (TamboResponse *response) {
  g_clear_pointer (&response->data, g_bytes_unref);
  response->sw = 0;
}

GBytes *tambo_response_encode (GBytes *data, guint16 sw) {
  g_autoptr (GByteArray) array = g_byte_array_new ();

  if (data) {
    gsize size;
    gconstpointer bytes = g_bytes_get_data (data, &size);
    tambo_put_bytes (array, bytes, size);
  }
  tambo_put_u16 (array, sw);
  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

gboolean tambo_response_parse (gconstpointer bytes, gsize size, TamboResponse *out_response) {
  const guint8 *octets = bytes;

  if (size < 2)
    return FALSE;
  out_response->data = g_bytes_new (octets, size - 2);
  out_response->sw = (guint16) (octets[size - 2] << 8 | octets[size - 1]);
  return TRUE;
}
