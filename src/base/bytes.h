/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes: a bounded reader, big-endian writing, hexadecimal and base64url text, and secrets that
 * are wiped. Whatever is foreign is read through TamboReader: it never reads past its end and
 * never trusts a length that it has not compared with what is left.
 */
#pragma once

#include <glib.h>

/* A cursor over borrowed bytes. Copy it to look ahead. */
typedef struct {
  const guint8 *data; /* borrowed */
  gsize size;
  gsize position;
} TamboReader;

TamboReader tambo_reader (gconstpointer data, gsize size);
TamboReader tambo_reader_for_bytes (GBytes *bytes);
gsize tambo_reader_left (const TamboReader *reader);

/* Each returns FALSE, and moves nothing, when less is left than asked for. Big-endian. */
gboolean tambo_reader_u8 (TamboReader *reader, guint8 *out_value) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_reader_u16 (TamboReader *reader, guint16 *out_value) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_reader_u32 (TamboReader *reader, guint32 *out_value) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_reader_u64 (TamboReader *reader, guint64 *out_value) G_GNUC_WARN_UNUSED_RESULT;
/* The bytes are borrowed from what the reader was made on. */
gboolean tambo_reader_take (TamboReader *reader, gsize size,
                            const guint8 **out_data) G_GNUC_WARN_UNUSED_RESULT;

void tambo_put_u8 (GByteArray *array, guint8 value);
void tambo_put_u16 (GByteArray *array, guint16 value);
void tambo_put_u32 (GByteArray *array, guint32 value);
void tambo_put_u64 (GByteArray *array, guint64 value);
void tambo_put_bytes (GByteArray *array, gconstpointer data, gsize size);

/* Lower-case hexadecimal. Decoding accepts both cases, no blanks; NULL when malformed. */
char *tambo_hex_encode (gconstpointer data, gsize size);
GBytes *tambo_hex_decode (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* RFC 4648 section 4 with padding, for JSON. Decoding is strict; NULL when malformed. */
char *tambo_base64_encode (GBytes *bytes);
GBytes *tambo_base64_decode (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Compares in constant time; FALSE when the sizes differ. */
gboolean tambo_bytes_equal_secret (GBytes *a, GBytes *b);

/* Secrets: memory that is locked where the system allows it, kept out of core dumps, and wiped
 * with OPENSSL_cleanse when the last reference to the GBytes goes. */
GBytes *tambo_secret_new (gconstpointer data, gsize size);
GBytes *tambo_secret_new_take_string (char *text); /* wipes and frees TEXT */
void tambo_secret_wipe (gpointer data, gsize size);
void tambo_secret_string_free (char *text); /* wipes, frees; NULL is fine */
