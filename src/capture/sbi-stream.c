/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sbi-stream.h"

#include <string.h>

#include "base/bytes.h"
#include "capture/capture-error.h"

#define MAX_LINE 512
#define MAX_LINES 32

struct _TamboSbiStream {
  TamboSbiFrameFunc func;
  gpointer data;
  GString *line;    /* of a part's header, so far */
  guint n_lines;    /* of this header */
  gsize length;     /* that the header tells; 0 for not yet */
  GByteArray *body; /* of the part, while length is being filled; NULL in a header */
  gboolean is_broken;
};

TamboSbiStream *tambo_sbi_stream_new (TamboSbiFrameFunc func, gpointer data) {
  TamboSbiStream *stream = g_new0 (TamboSbiStream, 1);

  stream->func = func;
  stream->data = data;
  stream->line = g_string_new (NULL);
  return stream;
}

static void drop_body (TamboSbiStream *stream) {
  if (stream->body != NULL && stream->body->len > 0)
    tambo_secret_wipe (stream->body->data, stream->body->len);
  g_clear_pointer (&stream->body, g_byte_array_unref);
}

void tambo_sbi_stream_free (TamboSbiStream *stream) {
  if (stream == NULL)
    return;
  drop_body (stream);
  g_string_free (stream->line, TRUE);
  g_free (stream);
}

static gboolean fail (TamboSbiStream *stream, GError **error, const char *why) {
  stream->is_broken = TRUE;
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
               "the scanner's live picture %s", why);
  return FALSE;
}

/* ---- the header of a part ---- */

static gboolean read_length (TamboSbiStream *stream, GError **error) {
  static const char name[] = "Content-Length:";
  guint64 length;

  if (g_ascii_strncasecmp (stream->line->str, name, strlen (name)) != 0)
    return TRUE;
  g_strstrip (stream->line->str);
  char *value = g_strchug (stream->line->str + strlen (name));
  if (!g_ascii_string_to_unsigned (value, 10, 1, TAMBO_SBI_MAX_FRAME, &length, NULL))
    return fail (stream, error, "has a part of an impossible length");
  stream->length = (gsize) length;
  return TRUE;
}

static gboolean end_line (TamboSbiStream *stream, GError **error) {
  gboolean is_blank = stream->line->len == 0;

  if (!is_blank && !read_length (stream, error))
    return FALSE;
  g_string_truncate (stream->line, 0);
  if (!is_blank && ++stream->n_lines > MAX_LINES)
    return fail (stream, error, "has a header without an end");
  /* Blank lines lie between parts, too. */
  if (!is_blank || stream->n_lines == 0)
    return TRUE;
  if (stream->length == 0)
    return fail (stream, error, "does not tell how long its parts are");
  stream->body = g_byte_array_new ();
  stream->n_lines = 0;
  return TRUE;
}

static gboolean take_header_byte (TamboSbiStream *stream, char c, GError **error) {
  if (c == '\r')
    return TRUE;
  if (c == '\n')
    return end_line (stream, error);
  if (stream->line->len >= MAX_LINE || c == '\0')
    return fail (stream, error, "is not in parts");
  g_string_append_c (stream->line, c);
  return TRUE;
}

/* ---- its body ---- */

static gboolean end_body (TamboSbiStream *stream, GError **error) {
  static const guint8 start[] = { 0xff, 0xd8, 0xff };

  if (stream->length < sizeof start || memcmp (stream->body->data, start, sizeof start) != 0)
    return fail (stream, error, "is no JPEG");
  stream->func (stream->body->data, stream->body->len, stream->data);
  drop_body (stream);
  stream->length = 0;
  return TRUE;
}

gboolean tambo_sbi_stream_feed (TamboSbiStream *stream, gconstpointer bytes, gsize size,
                                GError **error) {
  const char *at = bytes;

  if (stream->is_broken)
    return fail (stream, error, "broke off");
  while (size > 0) {
    gsize taken = 1;

    if (stream->body != NULL) {
      taken = MIN (size, stream->length - stream->body->len);
      tambo_put_bytes (stream->body, at, taken);
      if (stream->body->len == stream->length && !end_body (stream, error))
        return FALSE;
    } else if (!take_header_byte (stream, *at, error)) {
      return FALSE;
    }
    at += taken;
    size -= taken;
  }
  return TRUE;
}
