/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/sealed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/hash.h"

#define MAGIC "TAMBO-BACKUP-1\n"
#define MAGIC_SIZE (sizeof MAGIC - 1)
#define SALT_SIZE 16
#define HEADER_SIZE (MAGIC_SIZE + 1 + SALT_SIZE)
#define CHUNK_SIZE (1024 * 1024)
#define SEALED_MAX (CHUNK_SIZE + TAMBO_GCM_NONCE_SIZE + TAMBO_GCM_TAG_SIZE)
#define MIN_LOG2_N 10
#define MAX_LOG2_N 20

struct _TamboSealedFile {
  FILE *file;
  GBytes *key;
  guint8 header_hash[TAMBO_SHA256_SIZE];
  guint64 number;   /* of the next chunk */
  guint8 *buffer;   /* a secret of CHUNK_SIZE when writing */
  gsize used;       /* of the buffer */
  GBytes *chunk;    /* being read */
  gsize position;   /* in it */
  gboolean is_last; /* it is the last one */
};

static void set_integrity (GError **error, const char *what) {
  g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY, "the backup %s", what);
}

static gboolean derive (TamboSealedFile *self, const guint8 header[HEADER_SIZE], GBytes *password,
                        GError **error) {
  g_autoptr (GBytes) salt = g_bytes_new (header + MAGIC_SIZE + 1, SALT_SIZE);

  tambo_sha256 (header, HEADER_SIZE, self->header_hash);
  self->key = tambo_scrypt (password, salt, header[MAGIC_SIZE], error);
  return self->key != NULL;
}

static GBytes *associated_data (TamboSealedFile *self, gboolean is_last) {
  GByteArray *data = g_byte_array_new ();

  tambo_put_bytes (data, self->header_hash, sizeof self->header_hash);
  tambo_put_u64 (data, self->number);
  tambo_put_u8 (data, is_last ? 1 : 0);
  return g_byte_array_free_to_bytes (data);
}

/* ---- writing ---- */

static gboolean put (TamboSealedFile *self, gconstpointer data, gsize size, GError **error) {
  if (fwrite (data, 1, size, self->file) == size)
    return TRUE;
  tambo_error_set_errno (error, errno, "the backup cannot be written");
  return FALSE;
}

TamboSealedFile *tambo_sealed_file_create (const char *path, GBytes *password, guint log2_n,
                                           GError **error) {
  g_autoptr (TamboSealedFile) self = g_new0 (TamboSealedFile, 1);
  guint8 header[HEADER_SIZE] = MAGIC;
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0) {
    tambo_error_set_errno (error, errno, "the backup cannot be made");
    return NULL;
  }
  self->file = fdopen (fd, "wb");
  self->buffer = g_malloc (CHUNK_SIZE);
  header[MAGIC_SIZE] = (guint8) log2_n;
  tambo_random (header + MAGIC_SIZE + 1, SALT_SIZE);
  if (!derive (self, header, password, error) || !put (self, header, sizeof header, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean flush_chunk (TamboSealedFile *self, gboolean is_last, GError **error) {
  g_autoptr (GBytes) data = associated_data (self, is_last);
  g_autoptr (GBytes) plain = g_bytes_new_static (self->buffer, self->used);
  g_autoptr (GBytes) sealed = tambo_aead_seal (self->key, data, plain);
  g_autoptr (GByteArray) size = g_byte_array_new ();

  tambo_put_u32 (size, (guint32) g_bytes_get_size (sealed));
  if (!put (self, size->data, size->len, error)
      || !put (self, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), error))
    return FALSE;
  self->number++;
  self->used = 0;
  return TRUE;
}

gboolean tambo_sealed_file_write (TamboSealedFile *self, gconstpointer data, gsize size,
                                  GError **error) {
  const guint8 *bytes = data;

  while (size > 0) {
    gsize part = MIN (size, CHUNK_SIZE - self->used);

    memcpy (self->buffer + self->used, bytes, part);
    self->used += part;
    bytes += part;
    size -= part;
    if (self->used == CHUNK_SIZE && !flush_chunk (self, FALSE, error))
      return FALSE;
  }
  return TRUE;
}

gboolean tambo_sealed_file_finish (TamboSealedFile *self, GError **error) {
  if (!flush_chunk (self, TRUE, error))
    return FALSE;
  if (fflush (self->file) == 0 && fsync (fileno (self->file)) == 0)
    return TRUE;
  tambo_error_set_errno (error, errno, "the backup cannot be written");
  return FALSE;
}

/* ---- reading ---- */

TamboSealedFile *tambo_sealed_file_open (const char *path, GBytes *password, GError **error) {
  g_autoptr (TamboSealedFile) self = g_new0 (TamboSealedFile, 1);
  guint8 header[HEADER_SIZE];

  self->file = fopen (path, "rbe");
  if (self->file == NULL) {
    tambo_error_set_errno (error, errno, "the backup cannot be read");
    return NULL;
  }
  if (fread (header, 1, sizeof header, self->file) != sizeof header
      || memcmp (header, MAGIC, MAGIC_SIZE) != 0 || header[MAGIC_SIZE] < MIN_LOG2_N
      || header[MAGIC_SIZE] > MAX_LOG2_N) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                         "the file is no backup of a station");
    return NULL;
  }
  return derive (self, header, password, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean open_chunk (TamboSealedFile *self, GBytes *sealed, GError **error) {
  for (int last = 0; last <= 1; last++) {
    g_autoptr (GBytes) data = associated_data (self, last);
    GBytes *plain = tambo_aead_open (self->key, data, sealed, NULL);

    if (plain != NULL) {
      g_clear_pointer (&self->chunk, g_bytes_unref);
      self->chunk = plain;
      self->position = 0;
      self->is_last = last;
      self->number++;
      return TRUE;
    }
  }
  set_integrity (error,
                 self->number == 0 ? "was changed, or the password is another one" : "was changed");
  return FALSE;
}

static gboolean next_chunk (TamboSealedFile *self, GError **error) {
  guint8 prefix[4] = { 0 };
  TamboReader reader = tambo_reader (prefix, sizeof prefix);
  g_autofree guint8 *buffer = NULL;
  guint32 size;

  if (self->is_last || fread (prefix, 1, sizeof prefix, self->file) != sizeof prefix
      || !tambo_reader_u32 (&reader, &size) || size > SEALED_MAX) {
    set_integrity (error, "was cut short");
    return FALSE;
  }
  buffer = g_malloc (size);
  if (fread (buffer, 1, size, self->file) != size) {
    set_integrity (error, "was cut short");
    return FALSE;
  }
  g_autoptr (GBytes) sealed = g_bytes_new_static (buffer, size);
  return open_chunk (self, sealed, error);
}

gboolean tambo_sealed_file_read (TamboSealedFile *self, gpointer out_data, gsize size,
                                 GError **error) {
  guint8 *out = out_data;

  while (size > 0) {
    gsize chunk_size = self->chunk != NULL ? g_bytes_get_size (self->chunk) : 0;
    gsize part = MIN (size, chunk_size - self->position);

    if (part == 0) {
      if (!next_chunk (self, error))
        return FALSE;
      continue;
    }
    memcpy (out, (const guint8 *) g_bytes_get_data (self->chunk, NULL) + self->position, part);
    self->position += part;
    out += part;
    size -= part;
  }
  return TRUE;
}

gboolean tambo_sealed_file_is_at_end (TamboSealedFile *self) {
  return (self->is_last || next_chunk (self, NULL)) && self->is_last
         && self->position == g_bytes_get_size (self->chunk) && fgetc (self->file) == EOF;
}

void tambo_sealed_file_free (TamboSealedFile *self) {
  if (self == NULL)
    return;
  if (self->file != NULL)
    fclose (self->file);
  if (self->buffer != NULL)
    tambo_secret_wipe (self->buffer, CHUNK_SIZE);
  g_free (self->buffer);
  g_clear_pointer (&self->chunk, g_bytes_unref);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_free (self);
}
