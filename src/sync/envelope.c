/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/envelope.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/secret.h"
#include "sync/hpke.h"
#include "sync/protocol.h"

#define VERSION 1
#define SUITE 1
#define CHUNK_SIZE (64 * 1024)
#define KEY_ID_SIZE 16
#define LENGTH_SIZE 8
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

/* Up to 64 KiB in steps of 4 KiB, above in eighths of the next power of two: the size of a record
 * tells next to nothing of what is in it. */
static gsize padded_size (gsize size) {
  gsize power = CHUNK_SIZE, step = 4096;

  if (size > CHUNK_SIZE) {
    while (power < size)
      power *= 2;
    step = power / 8;
  }
  return (size + step - 1) / step * step;
}

static GBytes *info_for (const char *recipient) {
  g_autofree char *info = g_strconcat (info_label, recipient, NULL);
  gsize size = strlen (info);

  return g_bytes_new_take (g_steal_pointer (&info), size);
}

static GBytes *associated_data (const guint8 prefix_hash[TAMBO_SHA256_SIZE], guint32 index,
                                gboolean is_last) {
  GByteArray *array = g_byte_array_sized_new (TAMBO_SHA256_SIZE + 5);

  tambo_put_bytes (array, prefix_hash, TAMBO_SHA256_SIZE);
  tambo_put_u32 (array, index);
  tambo_put_u8 (array, is_last ? 1 : 0);
  return g_byte_array_free_to_bytes (array);
}

static GByteArray *make_prefix (const TamboEnvelopeHeader *header, const char *recipient) {
  GByteArray *array = g_byte_array_new ();
  g_autofree char *json = header_to_json (header);

  g_assert (strlen (json) <= MAX_HEADER_SIZE);
  tambo_put_bytes (array, magic, sizeof magic);
  tambo_put_u8 (array, VERSION);
  tambo_put_u8 (array, SUITE);
  tambo_put_u32 (array, CHUNK_SIZE);
  tambo_put_bytes (array, recipient, KEY_ID_SIZE);
  tambo_put_u16 (array, (guint16) strlen (json));
  tambo_put_bytes (array, json, strlen (json));
  return array;
}

/* What is sealed is: length u64 | packet | zeros, up to WHOLE. Only where the packet begins and ends a
 * chunk has to be put together; a copy of everything would cost more than the sealing. */
typedef struct {
  const guint8 *data; /* borrowed */
  gsize size, whole;
  guint8 *joined; /* a secret of CHUNK_SIZE */
} Padded;

static const guint8 *get_chunk (const Padded *padded, gsize start, gsize size) {
  gsize from = start > LENGTH_SIZE ? start - LENGTH_SIZE : 0;
  gsize before = start == 0 ? LENGTH_SIZE : 0;
  gsize part = MIN (size - before, padded->size - MIN (from, padded->size));
  guint64 length = GUINT64_TO_BE ((guint64) padded->size);

  if (before == 0 && part == size)
    return padded->data + from;
  memset (padded->joined, 0, size);
  if (before > 0)
    memcpy (padded->joined, &length, LENGTH_SIZE);
  if (part > 0)
    memcpy (padded->joined + before, padded->data + from, part);
  return padded->joined;
}

static void seal_chunks (GByteArray *array, TamboHpke *hpke,
                         const guint8 prefix_hash[TAMBO_SHA256_SIZE], GBytes *packet) {
  Padded padded = { .joined = tambo_secret_allocate (CHUNK_SIZE) };
  guint32 index = 0;

  padded.data = g_bytes_get_data (packet, &padded.size);
  padded.whole = padded_size (LENGTH_SIZE + padded.size);
  for (gsize done = 0; done < padded.whole; index++) {
    gsize chunk = MIN (padded.whole - done, CHUNK_SIZE);
    g_autoptr (GBytes) aad = associated_data (prefix_hash, index, done + chunk == padded.whole);
    g_autoptr (GBytes) sealed =
        tambo_hpke_seal (hpke, aad, get_chunk (&padded, done, chunk), chunk);

    tambo_put_bytes (array, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
    done += chunk;
  }
  tambo_secret_release (padded.joined, CHUNK_SIZE);
}

/* An array with room for everything that follows PREFIX: growing would copy it again and again. */
static GByteArray *start_sealed (const GByteArray *prefix, GBytes *enc, gsize packet_size) {
  gsize whole = padded_size (LENGTH_SIZE + packet_size);
  gsize n_chunks = (whole + CHUNK_SIZE - 1) / CHUNK_SIZE;
  GByteArray *array = g_byte_array_sized_new (
      (guint) (prefix->len + TAMBO_P256_POINT_SIZE + whole + n_chunks * TAMBO_GCM_TAG_SIZE));

  tambo_put_bytes (array, prefix->data, prefix->len);
  tambo_put_bytes (array, g_bytes_get_data (enc, NULL), g_bytes_get_size (enc));
  return array;
}

GBytes *tambo_envelope_seal (const TamboEnvelopeHeader *header, GBytes *packet, TamboKey *recipient,
                             GError **error) {
  g_autofree char *recipient_id = tambo_key_dup_id (recipient);
  g_autoptr (GBytes) info = info_for (recipient_id);
  g_autoptr (GByteArray) prefix = NULL;
  g_autoptr (GByteArray) array = NULL;
  g_autoptr (GBytes) enc = NULL;
  g_autoptr (TamboHpke) hpke = NULL;
  guint8 prefix_hash[TAMBO_SHA256_SIZE];

  /* Room for padding, tags and the header below the limit. */
  if (g_bytes_get_size (packet) > TAMBO_RECORD_MAX_SIZE / 8 * 7) {
    set_error (error, TAMBO_SYNC_ERROR_REFUSED, "the record is larger than 56 MiB");
    return NULL;
  }
  hpke = tambo_hpke_setup_sender (recipient, info, NULL, &enc, error);
  if (hpke == NULL)
    return NULL;
  prefix = make_prefix (header, recipient_id);
  tambo_sha256 (prefix->data, prefix->len, prefix_hash);
  array = start_sealed (prefix, enc, g_bytes_get_size (packet));
  seal_chunks (array, hpke, prefix_hash, packet);
  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
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
      || !tambo_reader_u32 (reader, &chunk_size) || chunk_size != CHUNK_SIZE
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

/* The padded plaintext, a secret. */
static GBytes *open_chunks (const Parts *parts, TamboHpke *hpke, GError **error) {
  const gsize sealed_chunk = CHUNK_SIZE + TAMBO_GCM_TAG_SIZE;
  gsize n_chunks = (parts->chunks_size + sealed_chunk - 1) / sealed_chunk;
  gsize used = 0;
  guint8 prefix_hash[TAMBO_SHA256_SIZE];
  guint8 *plain;
  g_autoptr (GBytes) padded = NULL;

  if (parts->chunks_size < n_chunks * TAMBO_GCM_TAG_SIZE) {
    set_error (error, TAMBO_SYNC_ERROR_INTEGRITY, "the sealed packet is cut short");
    return NULL;
  }
  tambo_sha256 (parts->prefix, parts->prefix_size, prefix_hash);
  plain = tambo_secret_allocate (parts->chunks_size - n_chunks * TAMBO_GCM_TAG_SIZE);
  padded = tambo_secret_take (plain, parts->chunks_size - n_chunks * TAMBO_GCM_TAG_SIZE);
  for (gsize i = 0; i < n_chunks; i++) {
    gsize start = i * sealed_chunk;
    gsize size = MIN (parts->chunks_size - start, sealed_chunk);
    g_autoptr (GBytes) aad = associated_data (prefix_hash, (guint32) i, i + 1 == n_chunks);
    g_autoptr (GBytes) chunk = tambo_hpke_open (hpke, aad, parts->chunks + start, size, NULL);

    if (chunk == NULL) {
      g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                   "chunk %" G_GSIZE_FORMAT " of the sealed packet was changed or moved", i);
      return NULL;
    }
    memcpy (plain + used, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
    used += g_bytes_get_size (chunk);
  }
  return g_steal_pointer (&padded);
}

static GBytes *unpad (GBytes *padded, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (padded);
  guint64 length;

  if (!tambo_reader_u64 (&reader, &length) || length > tambo_reader_left (&reader)) {
    set_error (error, TAMBO_SYNC_ERROR_INTEGRITY, "the packet is longer than what was sealed");
    return NULL;
  }
  return g_bytes_new_from_bytes (padded, LENGTH_SIZE, (gsize) length);
}

GBytes *tambo_envelope_open (GBytes *sealed, TamboKey *private_key, TamboEnvelopeHeader *out_header,
                             GError **error) {
  g_autofree char *own_id = tambo_key_dup_id (private_key);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) enc = NULL;
  g_autoptr (GBytes) info = NULL;
  g_autoptr (GBytes) padded = NULL;
  g_autoptr (TamboHpke) hpke = NULL;
  g_autoptr (GBytes) packet = NULL;
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
  hpke = tambo_hpke_setup_receiver (enc, private_key, info, NULL);
  if (hpke == NULL) {
    set_error (error, TAMBO_SYNC_ERROR_INTEGRITY, "the sealed packet has no valid key inside");
    return NULL;
  }
  padded = open_chunks (&parts, hpke, error);
  packet = padded != NULL ? unpad (padded, error) : NULL;
  if (packet != NULL) {
    *out_header = header;
    memset (&header, 0, sizeof header);
  }
  return g_steal_pointer (&packet);
}
