/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/json.h"
#include "base/secret.h"
#include "sync/protocol.h"

#define MAX_PARTS 256

typedef struct {
  char *name;
  GBytes *bytes;
} Part;

struct _TamboPacket {
  GPtrArray *parts; /* of Part, in order */
};

static void part_free (Part *part) {
  g_free (part->name);
  g_bytes_unref (part->bytes);
  g_free (part);
}

TamboPacket *tambo_packet_new (void) {
  TamboPacket *packet = g_new0 (TamboPacket, 1);

  packet->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  return packet;
}

void tambo_packet_free (TamboPacket *packet) {
  if (packet == NULL)
    return;
  g_ptr_array_unref (packet->parts);
  g_free (packet);
}

void tambo_packet_add (TamboPacket *packet, const char *name, GBytes *bytes) {
  Part *part;

  g_return_if_fail (strlen (name) >= 1 && strlen (name) <= G_MAXUINT8);
  g_return_if_fail (g_bytes_get_size (bytes) <= TAMBO_RECORD_MAX_SIZE);
  g_return_if_fail (packet->parts->len < MAX_PARTS);
  g_return_if_fail (tambo_packet_get (packet, name) == NULL);
  part = g_new0 (Part, 1);
  part->name = g_strdup (name);
  part->bytes = g_bytes_ref (bytes);
  g_ptr_array_add (packet->parts, part);
}

void tambo_packet_add_json (TamboPacket *packet, const char *name, JsonObject *object) {
  g_autoptr (GBytes) bytes = tambo_secret_new_take_string (tambo_json_canonical (object));

  tambo_packet_add (packet, name, bytes);
}

GBytes *tambo_packet_get (TamboPacket *packet, const char *name) {
  for (guint i = 0; i < packet->parts->len; i++) {
    const Part *part = packet->parts->pdata[i];

    if (strcmp (part->name, name) == 0)
      return part->bytes;
  }
  return NULL;
}

JsonObject *tambo_packet_get_json (TamboPacket *packet, const char *name, GError **error) {
  GBytes *bytes = tambo_packet_get (packet, name);
  g_autoptr (GError) cause = NULL;
  JsonObject *object;
  gconstpointer data;
  gsize size;

  if (bytes == NULL) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                 "the packet has no part \"%s\"", name);
    return NULL;
  }
  data = g_bytes_get_data (bytes, &size);
  object = tambo_json_parse_object (data != NULL ? data : "", (gssize) size, &cause);
  if (object == NULL)
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                 "part \"%s\" of the packet: %s", name, cause->message);
  return object;
}

static guint8 *put (guint8 *at, gconstpointer data, gsize size) {
  if (size > 0)
    memcpy (at, data, size);
  return at + size;
}

GBytes *tambo_packet_encode (TamboPacket *packet) {
  gsize total = 2;
  guint8 *memory, *at;

  for (guint i = 0; i < packet->parts->len; i++) {
    const Part *part = packet->parts->pdata[i];

    total += 1 + strlen (part->name) + 4 + g_bytes_get_size (part->bytes);
  }
  /* Written into secret memory directly: the parts are somebody's face and fingers. */
  memory = at = tambo_secret_allocate (total);
  *at++ = (guint8) (packet->parts->len >> 8);
  *at++ = (guint8) packet->parts->len;
  for (guint i = 0; i < packet->parts->len; i++) {
    const Part *part = packet->parts->pdata[i];
    gsize size;
    gconstpointer data = g_bytes_get_data (part->bytes, &size);
    guint32 length = GUINT32_TO_BE ((guint32) size);

    *at++ = (guint8) strlen (part->name);
    at = put (at, part->name, strlen (part->name));
    at = put (at, &length, sizeof length);
    at = put (at, data, size);
  }
  return tambo_secret_take (memory, total);
}

static gboolean is_part_name (const guint8 *name, gsize size) {
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("._-", name[i]) == NULL)
      return FALSE;
  /* strchr finds the terminator, too. */
  return size > 0 && memchr (name, '\0', size) == NULL;
}

/* Takes one part from READER and adds it. */
static gboolean parse_part (TamboReader *reader, GBytes *whole, TamboPacket *packet) {
  guint8 name_size;
  guint32 size;
  const guint8 *name, *data;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!tambo_reader_u8 (reader, &name_size) || !tambo_reader_take (reader, name_size, &name)
      || !is_part_name (name, name_size) || !tambo_reader_u32 (reader, &size)
      || size > TAMBO_RECORD_MAX_SIZE || !tambo_reader_take (reader, size, &data))
    return FALSE;
  text = g_strndup ((const char *) name, name_size);
  if (tambo_packet_get (packet, text) != NULL)
    return FALSE;
  /* A slice of the secret, not a copy in ordinary memory. */
  bytes = g_bytes_new_from_bytes (whole, reader->position - size, size);
  tambo_packet_add (packet, text, bytes);
  return TRUE;
}

TamboPacket *tambo_packet_parse (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  guint16 count;
  gboolean is_whole = tambo_reader_u16 (&reader, &count) && count <= MAX_PARTS;

  for (guint i = 0; is_whole && i < count; i++)
    is_whole = parse_part (&reader, bytes, packet);
  if (!is_whole || tambo_reader_left (&reader) > 0) {
    g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                         "the packet's parts do not have their form");
    return NULL;
  }
  return g_steal_pointer (&packet);
}
