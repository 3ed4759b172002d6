/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "capture/capture-error.h"
#include "capture/sbi-stream.h"

static const guint8 jpeg_start[] = { 0xff, 0xd8, 0xff, 0xe0 };

typedef struct {
  guint n;
  gsize last_size;
} Seen;

static void on_frame (gconstpointer jpeg, gsize size, gpointer data) {
  Seen *seen = data;

  g_assert_cmpmem (jpeg, sizeof jpeg_start, jpeg_start, sizeof jpeg_start);
  seen->n++;
  seen->last_size = size;
}

static void put_text (GByteArray *body, const char *text) {
  g_byte_array_append (body, (const guint8 *) text, (guint) strlen (text));
}

static void put_part (GByteArray *body, guint size) {
  g_autofree char *header = g_strdup_printf ("--BoundaryString\r\nContent-Type:image/jpeg\r\n"
                                             "Content-Length:%u\r\n\r\n",
                                             size);
  g_autofree guint8 *jpeg = g_malloc (size);

  memset (jpeg, '\n', size); /* looks like an end of line, and is none */
  memcpy (jpeg, jpeg_start, sizeof jpeg_start);
  put_text (body, header);
  g_byte_array_append (body, jpeg, size);
  put_text (body, "\r\n");
}

static GByteArray *three_parts (void) {
  GByteArray *body = g_byte_array_new ();

  for (guint i = 0; i < 3; i++)
    put_part (body, 100 + i);
  return body;
}

static void test_pieces (void) {
  g_autoptr (GByteArray) body = three_parts ();

  for (gsize piece = 1; piece <= body->len; piece++) {
    Seen seen = { 0 };
    g_autoptr (TamboSbiStream) stream = tambo_sbi_stream_new (on_frame, &seen);
    g_autoptr (GError) error = NULL;

    for (gsize i = 0; i < body->len; i += piece)
      g_assert_true (
          tambo_sbi_stream_feed (stream, body->data + i, MIN (piece, body->len - i), &error));
    g_assert_no_error (error);
    g_assert_cmpuint (seen.n, ==, 3);
    g_assert_cmpuint (seen.last_size, ==, 102);
  }
}

static void test_cut_short (void) {
  g_autoptr (GByteArray) body = three_parts ();

  for (gsize size = 0; size < body->len; size++) {
    Seen seen = { 0 };
    g_autoptr (TamboSbiStream) stream = tambo_sbi_stream_new (on_frame, &seen);

    g_assert_true (tambo_sbi_stream_feed (stream, body->data, size, NULL));
    g_assert_cmpuint (seen.n, <=, 3);
  }
}

static void test_nonsense (void) {
  g_autofree char *long_line = g_strnfill (10000, 'x');
  g_autoptr (GString) many_lines = g_string_new (NULL);

  for (int i = 0; i < 100; i++)
    g_string_append (many_lines, "X: y\n");
  const char *const texts[] = {
    "{\"error\":{\"errorCode\":\"202\"}}\n\n",             /* no length */
    "--B\r\nContent-Length: 0\r\n\r\n",                    /* nothing */
    "--B\r\nContent-Length: -5\r\n\r\n",                   /* less than nothing */
    "--B\r\nContent-Length: 99999999\r\n\r\n",             /* more than a picture has */
    "--B\r\nContent-Length: 18446744073709551616\r\n\r\n", /* more than fits */
    "--B\r\nContent-Length: 12\r\n\r\nhello, world",       /* no JPEG */
    "--B\r\nContent-Length: 2\r\n\r\n\xff\xd8",            /* no JPEG either */
    long_line,
    many_lines->str,
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    Seen seen = { 0 };
    g_autoptr (TamboSbiStream) stream = tambo_sbi_stream_new (on_frame, &seen);
    g_autoptr (GError) error = NULL;
    g_autoptr (GByteArray) good = three_parts ();

    g_assert_false (tambo_sbi_stream_feed (stream, texts[i], strlen (texts[i]), &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
    g_assert_cmpuint (seen.n, ==, 0);
    /* It does not find its way again: what comes after nonsense is none of ours. */
    g_assert_false (tambo_sbi_stream_feed (stream, good->data, good->len, NULL));
    g_assert_cmpuint (seen.n, ==, 0);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/sbi-stream/pieces", test_pieces);
  g_test_add_func ("/capture/sbi-stream/cut-short", test_cut_short);
  g_test_add_func ("/capture/sbi-stream/nonsense", test_nonsense);
  return g_test_run ();
}
