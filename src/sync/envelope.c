/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/envelope.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/token.h"
#include "sync/envelope-chunks.h"
#include "sync/protocol.h"

#define VERSION 1
#define SUITE 1
#define KEY_ID_SIZE 16
#define MAX_HEADER_SIZE 2048

static const char magic[6] = "TAMBO"; /* with its NUL */
static const char info_label[] = "tambo/1";

/* Where the parts of a sealed packet lie; everything is borrowed from the bytes. */
typedef struct {
  const guint8 *prefix; /* all before enc */
  gsize prefix_size;
  char recipient[KEY_ID_SIZE + 1];
  const guint8 *header;
  gsize header_size;
  const guint8 *enc;
  const guint8 *chunks;
  gsize chunks_size;
} Parts;

static void set_error (GError **error, TamboSyncError code, const char *message) {
  g_set_error_literal (error, TAMBO_SYNC_ERROR, code, message);
}

void tambo_envelope_header_clear (TamboEnvelopeHeader *header) {
  g_clear_pointer (&header->id, g_free);
  g_clear_pointer (&header->kind, g_free);
  g_clear_pointer (&header->sender, g_free);
  g_clear_pointer (&header->created, g_free);
  header->sequence = 0;
}

static char *header_to_json (const TamboEnvelopeHeader *header) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "id", header->id);
  json_object_set_string_member (object, "kind", header->kind);
  json_object_set_string_member (object, "sender", header->sender);
  json_object_set_int_member (object, "sequence", header->sequence);
  json_object_set_string_member (object, "created", header->created);
  return tambo_json_canonical (object);
}

static gboolean header_from_json (const guint8 *text, gsize size, TamboEnvelopeHeader *out_header,
                                  GError **error) {
  g_autoptr (JsonObject) object =
      tambo_json_parse_object ((const char *) text, (gssize) size, error);
  const char *id, *kind, *sender, *created;
  gint64 sequence;

  if (object == NULL || (id = tambo_json_get_string (object, "id", error)) == NULL
      || (kind = tambo_json_get_string (object, "kind", error)) == NULL
      || (sender = tambo_json_get_string (object, "sender", error)) == NULL
      || (created = tambo_json_get_string (object, "created", error)) == NULL
      || !tambo_json_get_int (object, "sequence", 1, G_MAXINT64, &sequence, error))
    return FALSE;
  *out_header = (TamboEnvelopeHeader){ .id = g_strdup (id),
                                       .kind = g_strdup (kind),
                                       .sender = g_strdup (sender),
                                       .sequence = sequence,
                                       .created = g_strdup (created) };
  return TRUE;
}

static GBytes *info_for (const char *recipient) {
  g_autofree char *info = g_strconcat (info_label, recipient, NULL);
  gsize size = strlen (info);

  return g_bytes_new_take (g_steal_pointer (&info), size);
}

static GByteArray *make_prefix (const TamboEnvelopeHeader *header, const char *recipient) {
  GByteArray *array = g_byte_array_new ();
  g_autofree char *json = header_to_json (header);

  g_assert (strlen (json) <= MAX_HEADER_SIZE);
  tambo_put_bytes (array, magic, sizeof magic);
  tambo_put_u8 (array, VERSION);
  tambo_put_u8 (array, SUITE);
  tambo_put_u32 (array, TAMBO_CHUNK_SIZE);
  tambo_put_bytes (array, recipient, KEY_ID_SIZE);
  tambo_put_u16 (array, (guint16) strlen (json));
  tambo_put_bytes (array, json, strlen (json));
  return array;
}

GBytes *tambo_envelope_seal (const TamboEnvelopeHeader *header, GBytes *packet, TamboKey *recipient,
                             GError **error) {
  g_autofree char *recipient_id = tambo_key_dup_id (recipient);
  g_autoptr (GBytes) info = info_for (recipient_id);
  g_autoptr (GByteArray) prefix = NULL;
  g_autoptr (GBytes) enc = NULL;
  g_autoptr (TamboHpke) hpke = NULL;
  guint8 prefix_hash[TAMBO_SHA256_SIZE];
  TamboPiece plain = { g_bytes_get_data (packet, NULL), g_bytes_get_size (packet) };
  gsize before, size;
  guint8 *sealed;

  /* Room for padding, tags and the header below the limit. */
  if (plain.size > TAMBO_RECORD_MAX_SIZE / 8 * 7) {
    set_error (error, TAMBO_SYNC_ERROR_REFUSED, "the record is larger than 56 MiB");
    return NULL;
  }
  hpke = tambo_hpke_setup_sender (recipient, info, NULL, &enc, error);
  if (hpke == NULL)
    return NULL;
  prefix = make_prefix (header, recipient_id);
  tambo_sha256 (prefix->data, prefix->len, prefix_hash);
  before = prefix->len + TAMBO_P256_POINT_SIZE;
  size = before + tambo_chunks_sealed_size (plain.size);
  sealed = g_malloc (size);
  memcpy (sealed, prefix->data, prefix->len);
  memcpy (sealed + prefix->len, g_bytes_get_data (enc, NULL), TAMBO_P256_POINT_SIZE);
  tambo_chunks_seal (hpke, prefix_hash, plain, sealed + before);
  return g_bytes_new_take (sealed, size);
}

static gboolean is_key_id (const char *text) {
  for (gsize i = 0; i < KEY_ID_SIZE; i++)
    if (strchr ("0123456789abcdef", text[i]) == NULL || text[i] == '\0')
      return FALSE;
  return TRUE;
}

static gboolean split_prefix (TamboReader *reader, Parts *out_parts) {
  const guint8 *start, *id;
  guint8 version, suite;
  guint32 chunk_size;
  guint16 header_size;

  if (!tambo_reader_take (reader, sizeof magic, &start) || memcmp (start, magic, sizeof magic) != 0
      || !tambo_reader_u8 (reader, &version) || version != VERSION
      || !tambo_reader_u8 (reader, &suite) || suite != SUITE
      || !tambo_reader_u32 (reader, &chunk_size) || chunk_size != TAMBO_CHUNK_SIZE
      || !tambo_reader_take (reader, KEY_ID_SIZE, &id) || !is_key_id ((const char *) id)
      || !tambo_reader_u16 (reader, &header_size) || header_size > MAX_HEADER_SIZE
      || !tambo_reader_take (reader, header_size, &out_parts->header))
    return FALSE;
  memcpy (out_parts->recipient, id, KEY_ID_SIZE);
  out_parts->recipient[KEY_ID_SIZE] = '\0';
  out_parts->header_size = header_size;
  out_parts->prefix = start;
  out_parts->prefix_size = reader->position;
  return TRUE;
}

static gboolean split (GBytes *sealed, Parts *out_parts, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (sealed);

  if (g_bytes_get_size (sealed) > TAMBO_RECORD_MAX_SIZE || !split_prefix (&reader, out_parts)
      || !tambo_reader_take (&reader, TAMBO_P256_POINT_SIZE, &out_parts->enc)) {
    set_error (error, TAMBO_SYNC_ERROR_PROTOCOL, "the bytes are no sealed packet of this version");
    return FALSE;
  }
  out_parts->chunks_size = tambo_reader_left (&reader);
  if (!tambo_reader_take (&reader, out_parts->chunks_size, &out_parts->chunks)
      || out_parts->chunks_size <= TAMBO_GCM_TAG_SIZE) {
    set_error (error, TAMBO_SYNC_ERROR_INTEGRITY, "the sealed packet is cut short");
    return FALSE;
  }
  return TRUE;
}

static gboolean read_header (const Parts *parts, TamboEnvelopeHeader *out_header, GError **error) {
  g_autoptr (GError) cause = NULL;

  if (header_from_json (parts->header, parts->header_size, out_header, &cause))
    return TRUE;
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
               "the header of the sealed packet: %s", cause->message);
  return FALSE;
}

gboolean tambo_envelope_peek (GBytes *sealed, TamboEnvelopeHeader *out_header, GError **error) {
  Parts parts;

  return split (sealed, &parts, error) && read_header (&parts, out_header, error);
}

GBytes *tambo_envelope_open (GBytes *sealed, TamboKey *private_key, TamboEnvelopeHeader *out_header,
                             GError **error) {
  g_autofree char *own_id = tambo_key_dup_id (private_key);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) enc = NULL;
  g_autoptr (GBytes) info = NULL;
  g_autoptr (TamboHpke) hpke = NULL;
  g_autoptr (GBytes) packet = NULL;
  g_autoptr (GError) cause = NULL;
  guint8 prefix_hash[TAMBO_SHA256_SIZE];
  Parts parts;

  if (!split (sealed, &parts, error) || !read_header (&parts, &header, error))
    return NULL;
  if (strcmp (parts.recipient, own_id) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "the packet is sealed for key %s, not for key %s", parts.recipient, own_id);
    return NULL;
  }
  enc = g_bytes_new (parts.enc, TAMBO_P256_POINT_SIZE);
  info = info_for (parts.recipient);
  hpke = tambo_hpke_setup_receiver (enc, private_key, info, &cause);
  if (hpke == NULL && cause->domain == TAMBO_TOKEN_ERROR) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (hpke == NULL) {
    set_error (error, TAMBO_SYNC_ERROR_INTEGRITY, "the sealed packet has no valid key inside");
    return NULL;
  }
  tambo_sha256 (parts.prefix, parts.prefix_size, prefix_hash);
  packet =
      tambo_chunks_open (hpke, prefix_hash, (TamboPiece){ parts.chunks, parts.chunks_size }, error);
  if (packet != NULL) {
    *out_header = header;
    memset (&header, 0, sizeof header);
  }
  return g_steal_pointer (&packet);
}
