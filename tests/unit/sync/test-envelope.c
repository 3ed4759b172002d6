/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/envelope.h"

#include <string.h>

#include "base/bytes.h"
#include "base/id.h"

#define SEALED_CHUNK (64 * 1024 + 16)

static TamboKey *key;

static GBytes *packet_of (gsize size) {
  guint8 *data = g_malloc (MAX (size, 1));

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (i * 31 + i / 251);
  return g_bytes_new_take (data, size);
}

static GBytes *seal (GBytes *packet) {
  g_autofree char *id = tambo_id_new ();
  TamboEnvelopeHeader header = { .id = id,
                                 .kind = (char *) "enrolment",
                                 .sender = (char *) "VAN-7",
                                 .sequence = 12,
                                 .created = (char *) "2026-11-22T09:51:07Z" };
  g_autoptr (GError) error = NULL;
  GBytes *sealed = tambo_envelope_seal (&header, packet, key, &error);

  g_assert_no_error (error);
  return sealed;
}

/* Where the chunks begin: the header's length stands behind magic, version, suite, size and key. */
static gsize chunks_at (GBytes *sealed) {
  const guint8 *data = g_bytes_get_data (sealed, NULL);

  return 30 + (gsize) (data[28] << 8 | data[29]) + 65;
}

static void assert_refused (gconstpointer data, gsize size, gboolean is_integrity) {
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_envelope_open (bytes, key, &header, &error));
  g_assert_cmpuint (error->domain, ==, TAMBO_SYNC_ERROR);
  g_assert_null (header.id);
  if (is_integrity)
    g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY);
}

static void test_sizes (void) {
  static const struct {
    gsize packet, padded;
  } sizes[] = {
    { 0, 4096 },        { 4088, 4096 },         { 4089, 8192 },
    { 65528, 65536 },   { 65529, 81920 },       { 100000, 114688 },
    { 300000, 327680 }, { 524288 - 8, 524288 }, { 524288, 655360 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GBytes) packet = packet_of (sizes[i].packet);
    g_autoptr (GBytes) sealed = seal (packet);
    g_auto (TamboEnvelopeHeader) header = { NULL };
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) opened = tambo_envelope_open (sealed, key, &header, &error);
    gsize chunks = (sizes[i].padded + 65535) / 65536;

    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (opened, packet));
    g_assert_cmpuint (g_bytes_get_size (sealed) - chunks_at (sealed), ==,
                      sizes[i].padded + chunks * 16);
    g_assert_cmpstr (header.kind, ==, "enrolment");
    g_assert_cmpstr (header.sender, ==, "VAN-7");
    g_assert_cmpint (header.sequence, ==, 12);
    g_assert_cmpstr (header.created, ==, "2026-11-22T09:51:07Z");
  }
}

static void test_peek (void) {
  g_autoptr (GBytes) packet = packet_of (10);
  g_autoptr (GBytes) sealed = seal (packet);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_envelope_peek (sealed, &header, &error));
  g_assert_no_error (error);
  g_assert_true (tambo_id_is_valid (header.id));
  g_assert_cmpint (header.sequence, ==, 12);
}

static void test_truncated (void) {
  g_autoptr (GBytes) packet = packet_of (10);
  g_autoptr (GBytes) sealed = seal (packet);
  const guint8 *data = g_bytes_get_data (sealed, NULL);

  for (gsize size = 0; size < g_bytes_get_size (sealed); size++)
    assert_refused (data, size, size >= chunks_at (sealed));
}

static void test_cut_between_chunks (void) {
  g_autoptr (GBytes) packet = packet_of (300000);
  g_autoptr (GBytes) sealed = seal (packet);
  const guint8 *data = g_bytes_get_data (sealed, NULL);

  /* A whole chunk less, with every tag that is left in order. */
  for (gsize n = 0; n < 5; n++)
    assert_refused (data, chunks_at (sealed) + n * SEALED_CHUNK, TRUE);
}

static void test_extended (void) {
  g_autoptr (GBytes) packet = packet_of (70000);
  g_autoptr (GBytes) sealed = seal (packet);
  gsize size = g_bytes_get_size (sealed), start = chunks_at (sealed);
  g_autofree guint8 *data = g_malloc0 (size + SEALED_CHUNK);

  memcpy (data, g_bytes_get_data (sealed, NULL), size);
  assert_refused (data, size + 1, TRUE);
  memcpy (data + size, data + start, SEALED_CHUNK);
  assert_refused (data, size + SEALED_CHUNK, TRUE);
}

static void test_reordered (void) {
  g_autoptr (GBytes) packet = packet_of (250000);
  g_autoptr (GBytes) sealed = seal (packet);
  gsize size = g_bytes_get_size (sealed), start = chunks_at (sealed);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (sealed, NULL), size);
  g_autofree guint8 *first = g_memdup2 (data + start, SEALED_CHUNK);

  memmove (data + start, data + start + SEALED_CHUNK, SEALED_CHUNK);
  memcpy (data + start + SEALED_CHUNK, first, SEALED_CHUNK);
  assert_refused (data, size, TRUE);
  memcpy (data + start, first, SEALED_CHUNK); /* the first one twice */
  assert_refused (data, size, TRUE);
}

static void test_every_bit (void) {
  g_autoptr (GBytes) packet = packet_of (10);
  g_autoptr (GBytes) sealed = seal (packet);
  gsize size = g_bytes_get_size (sealed), start = chunks_at (sealed);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (sealed, NULL), size);

  /* All of the header and of enc, then a sample of the one chunk. */
  for (gsize i = 0; i < size; i += i < start + 40 ? 1 : 97)
    for (int bit = 0; bit < 8; bit++) {
      data[i] ^= (guint8) (1 << bit);
      assert_refused (data, size, i >= start);
      data[i] ^= (guint8) (1 << bit);
    }
}

static void test_edited_header (void) {
  g_autoptr (GBytes) packet = packet_of (10);
  g_autoptr (GBytes) sealed = seal (packet);
  gsize size = g_bytes_get_size (sealed);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (sealed, NULL), size);
  guint8 *sender = memmem (data, size, "VAN-7", 5);

  g_assert_nonnull (sender);
  sender[4] = '8'; /* still a header in good form */
  assert_refused (data, size, TRUE);
}

static void test_other_key (void) {
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autoptr (GBytes) packet = packet_of (10);
  g_autoptr (GBytes) sealed = seal (packet);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_envelope_open (sealed, other, &header, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY);
}

static void test_too_large (void) {
  g_autoptr (GBytes) packet = packet_of (57 * 1024 * 1024);
  TamboEnvelopeHeader header = { (char *) "i", (char *) "k", (char *) "s", 1, (char *) "c" };
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_envelope_seal (&header, packet, key, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED);
}

static void test_fresh_each_time (void) {
  g_autoptr (GBytes) packet = packet_of (10);
  g_autoptr (GBytes) a = seal (packet);
  g_autoptr (GBytes) b = seal (packet);
  gsize start = chunks_at (a);

  g_assert_cmpuint (start, ==, chunks_at (b));
  g_assert_cmpint (memcmp ((const guint8 *) g_bytes_get_data (a, NULL) + start,
                           (const guint8 *) g_bytes_get_data (b, NULL) + start, 64),
                   !=, 0);
}

int main (int argc, char **argv) {
  int result;

  g_test_init (&argc, &argv, NULL);
  key = tambo_key_generate ();
  g_test_add_func ("/sync/envelope/sizes", test_sizes);
  g_test_add_func ("/sync/envelope/peek", test_peek);
  g_test_add_func ("/sync/envelope/truncated", test_truncated);
  g_test_add_func ("/sync/envelope/cut-between-chunks", test_cut_between_chunks);
  g_test_add_func ("/sync/envelope/extended", test_extended);
  g_test_add_func ("/sync/envelope/reordered", test_reordered);
  g_test_add_func ("/sync/envelope/every-bit", test_every_bit);
  g_test_add_func ("/sync/envelope/edited-header", test_edited_header);
  g_test_add_func ("/sync/envelope/other-key", test_other_key);
  g_test_add_func ("/sync/envelope/too-large", test_too_large);
  g_test_add_func ("/sync/envelope/fresh-each-time", test_fresh_each_time);
  result = g_test_run ();
  tambo_key_unref (key);
  return result;
}
