/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cards and files that mean harm: answers that never end, lengths of 2^31 and more, nests a thousand deep,
 * little that unpacks to much. Each ends in an error that names it, within a second.
 */
#include <string.h>
#include <time.h>

#include <gio/gio.h>

#include "base/error.h"
#include "chip/card-access.h"
#include "chip/certificate-store.h"
#include "chip/cv-certificate.h"
#include "chip/data-group.h"
#include "chip/inspection.h"
#include "chip/master-list.h"
#include "format/format-error.h"
#include "format/image-codec.h"
#include "format/tlv.h"
#include "hex.h"
#include "memory-channel.h"
#include "specimen.h"

/* ---- cards ---- */

/* Answers to SELECT, and to everything else for ever, in hexadecimal. */
typedef struct {
  const char *name;
  const char *selected, *then;
  const char *cause; /* in the message of the error */
} Card;

static const Card cards[] = {
  { "endless 61xx", "61FF", "61FF", "promises an answer" },
  { "endless 61xx with data", "AA61FF", "AA61FF", "never ends" },
  { "endless 6Cxx", "9000", "6C10", "6C10" },
  { "a length of 2^31", "9000",
    "758480000000"
    "9000",
    "header of DG2" },
  { "a length of 2^32 - 1", "9000",
    "7584FFFFFFFF"
    "9000",
    "header of DG2" },
  { "a length of 2^40", "9000",
    "75850100000000"
    "9000",
    "header of DG2" },
  { "a length of ten bytes", "9000",
    "758A7F7F7F7F7F"
    "9000",
    "header of DG2" },
  { "nothing at all", "9000", "9000", "shorter than its header says" },
  { "the header again and again", "9000",
    "7582FFFF0000000000000000"
    "9000",
    "crumbs" },
};

typedef struct {
  const Card *card;
  guint n_commands;
} Play;

static GBytes *answer (GBytes *command, gpointer data, GError **error) {
  Play *play = data;
  const guint8 *octets = g_bytes_get_data (command, NULL);

  play->n_commands++;
  return hex (octets[1] == 0xA4 ? play->card->selected : play->card->then);
}

/* By the time that this process had: others have their share. */
static void assert_quick (clock_t started, const char *name) {
  clock_t took = clock () - started;

  g_test_message ("%s: %.6f s", name, (double) took / CLOCKS_PER_SEC);
  g_assert_cmpint (took, <, CLOCKS_PER_SEC);
}

static void test_cards (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (cards); i++) {
    Play play = { &cards[i], 0 };
    g_autoptr (TamboChannel) channel = memory_channel_new (answer, &play);
    g_autoptr (GError) error = NULL;
    clock_t started = clock ();

    g_assert_null (tambo_inspection_read_file (channel, NULL, TAMBO_LDS_DG2, NULL, &error));
    assert_quick (started, cards[i].name);
    g_assert_nonnull (error);
    g_assert_nonnull (strstr (error->message, cards[i].cause));
    g_assert_cmpuint (play.n_commands, <, 500);
  }
}

/* A file of a megabyte, one byte at a time. */
static GBytes *answer_crumbs (GBytes *command, gpointer data, GError **error) {
  static const char header[] = "75830FFFF0";
  const guint8 *octets = g_bytes_get_data (command, NULL);
  guint *n_commands = data;
  gsize offset = (gsize) octets[2] << 8 | octets[3];

  (*n_commands)++;
  if (octets[1] == 0xA4)
    return hex ("9000");
  g_autofree char *text = g_strdup_printf ("%.2s9000", offset < 5 ? header + 2 * offset : "00");
  return hex (text);
}

static void test_crumbs (void) {
  guint n_commands = 0;
  g_autoptr (TamboChannel) channel = memory_channel_new (answer_crumbs, &n_commands);
  g_autoptr (GError) error = NULL;
  clock_t started = clock ();

  g_assert_null (tambo_inspection_read_file (channel, NULL, TAMBO_LDS_DG2, NULL, &error));
  assert_quick (started, "crumbs");
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "crumbs"));
}

/* ---- files ---- */

/* Every parser of what a chip or a stranger gives: TRUE when it took FILE. */
static gboolean parse_cms (GBytes *file, GError **error) {
  g_autoptr (TamboLds) lds = tambo_lds_new ();
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
  g_autoptr (GByteArray) wrapped = g_byte_array_new ();

  tambo_tlv_put_bytes (wrapped, 0x77, file);
  g_autoptr (GBytes) sod = g_byte_array_free_to_bytes (g_steal_pointer (&wrapped));
  tambo_lds_set (lds, TAMBO_LDS_SOD, sod);
  if (tambo_passive_authentication (lds, NULL, verdicts))
    return TRUE;
  const TamboVerdict *verdict = g_ptr_array_index (verdicts, 0);
  g_assert_cmpint (verdict->result, ==, TAMBO_VERDICT_FAILED);
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED, verdict->detail);
  return FALSE;
}

static gboolean parse_card_access (GBytes *file, GError **error) {
  g_autoptr (GArray) infos = tambo_card_access_parse (file, error);

  return infos != NULL;
}

static gboolean parse_dg2 (GBytes *file, GError **error) {
  g_autoptr (GBytes) portrait = tambo_dg2_parse (file, error);

  return portrait != NULL;
}

static gboolean parse_dg14 (GBytes *file, GError **error) {
  g_autoptr (GPtrArray) infos = tambo_dg14_parse (file, error);

  return infos != NULL;
}

static gboolean parse_cv (GBytes *file, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);
  g_autoptr (TamboCvCertificate) certificate = tambo_cv_certificate_parse (data, size, error);

  return certificate != NULL;
}

static gboolean parse_trust (GBytes *file, GError **error) {
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_ptr_array_add (files, file);
  g_autoptr (TamboCertificateStore) store = tambo_certificate_store_new (files, error);

  return store != NULL;
}

static gboolean parse_master_list (GBytes *file, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);
  g_auto (TamboMasterList) list = { NULL };

  return tambo_master_list_parse (data, size, &list, error);
}

static const struct {
  const char *name;
  gboolean (*parse) (GBytes *file, GError **error);
  guint32 outer; /* the tag around the nest; 0 none */
} parsers[] = {
  { "SOD", parse_cms, 0 },
  { "EF.CardAccess", parse_card_access, 0x31 },
  { "DG2", parse_dg2, 0x75 },
  { "DG14", parse_dg14, 0x6E },
  { "terminal's certificate", parse_cv, 0x7F21 },
  { "trust file", parse_trust, 0 },
  { "master list", parse_master_list, 0 },
};

static void assert_refused (gsize parser, GBytes *file, const char *what) {
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strconcat (parsers[parser].name, ", ", what, NULL);
  clock_t started = clock ();

  g_assert_false (parsers[parser].parse (file, &error));
  assert_quick (started, name);
  g_assert_nonnull (error);
  g_assert_cmpuint (strlen (error->message), >, 0);
}

/* DEPTH objects of TAG, each in the one before. */
static GBytes *make_nest (guint depth, guint32 tag, guint32 outer) {
  g_autoptr (GByteArray) nest = g_byte_array_new ();

  for (guint i = 0; i < depth; i++)
    tambo_tlv_wrap (nest, tag);
  if (outer)
    tambo_tlv_wrap (nest, outer);
  return g_byte_array_free_to_bytes (g_steal_pointer (&nest));
}

/* The same with lengths that only show at the end (BER). */
static GBytes *make_open_nest (guint depth, guint8 tag) {
  GByteArray *nest = g_byte_array_new ();

  for (guint i = 0; i < depth; i++)
    tambo_put_bytes (nest, (const guint8[]){ tag, 0x80 }, 2);
  for (guint i = 0; i < depth; i++)
    tambo_put_bytes (nest, "\0\0", 2);
  return g_byte_array_free_to_bytes (nest);
}

static void test_nests (void) {
  static const guint8 tags[] = { 0x30, 0x31, 0x24, 0xA0 };

  for (gsize parser = 0; parser < G_N_ELEMENTS (parsers); parser++)
    for (gsize i = 0; i < G_N_ELEMENTS (tags); i++) {
      g_autoptr (GBytes) nest = make_nest (1000, tags[i], parsers[parser].outer);
      g_autoptr (GBytes) open_nest = make_open_nest (10000, tags[i]);
      assert_refused (parser, nest, "deep nesting");
      assert_refused (parser, open_nest, "deep nesting without lengths");
    }
}

static void test_lengths (void) {
  static const char *const files[] = {
    "308480000000",   "3084FFFFFFFF", "3088FFFFFFFFFFFFFFFF", "75847FFFFFFF",
    "7F218480000000", "318480000000", "6E8480000000",
  };

  for (gsize parser = 0; parser < G_N_ELEMENTS (parsers); parser++)
    for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
      g_autoptr (GBytes) file = hex (files[i]);
      assert_refused (parser, file, files[i]);
    }
}

/* ---- bombs ---- */

#define BOMB_SIZE (64 * 1024 * 1024)

/* RFC 3274 CompressedData: 64 KiB of zlib that unpack to 64 MiB. */
static GBytes *make_compressed (void) {
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  g_autoptr (GInputStream) zeros =
      g_memory_input_stream_new_from_data (g_malloc0 (BOMB_SIZE), BOMB_SIZE, g_free);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (zeros, G_CONVERTER (zlib));
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_assert_cmpint (
      g_output_stream_splice (out, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL), >, 0);
  g_autoptr (GBytes) packed = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
  g_autoptr (GBytes) version = hex ("020100");
  g_autoptr (GBytes) algorithm = hex ("300D060B2A864886F70D0109100308");
  g_autoptr (GBytes) type = hex ("06092A864886F70D010701");
  g_autoptr (GBytes) outer_type = hex ("060B2A864886F70D0109100109");
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GByteArray *whole = g_byte_array_new ();

  tambo_tlv_put_bytes (content, 0x04, packed);
  tambo_tlv_wrap (content, 0xA0);
  tambo_put_bytes (whole, g_bytes_get_data (type, NULL), g_bytes_get_size (type));
  tambo_put_bytes (whole, content->data, content->len);
  tambo_tlv_wrap (whole, 0x30);
  g_byte_array_prepend (whole, g_bytes_get_data (algorithm, NULL),
                        (guint) g_bytes_get_size (algorithm));
  g_byte_array_prepend (whole, g_bytes_get_data (version, NULL),
                        (guint) g_bytes_get_size (version));
  tambo_tlv_wrap (whole, 0x30);
  tambo_tlv_wrap (whole, 0xA0);
  g_byte_array_prepend (whole, g_bytes_get_data (outer_type, NULL),
                        (guint) g_bytes_get_size (outer_type));
  tambo_tlv_wrap (whole, 0x30);
  return g_byte_array_free_to_bytes (whole);
}

static void test_compressed (void) {
  g_autoptr (GBytes) bomb = make_compressed ();

  g_assert_cmpuint (g_bytes_get_size (bomb), >, 10000);
  for (gsize parser = 0; parser < G_N_ELEMENTS (parsers); parser++)
    assert_refused (parser, bomb, "compressed bomb");
}

/* Image headers of ISO/IEC 15444-1 and 10918-1 that promise 2^31 pixels a side, or as many as their
 * form can say. */
static void test_pictures (void) {
  static const char *const pictures[] = {
    /* SOC, SIZ of one component and of one tile, SOT, SOD */
    "FF4FFF51002900007FFFFFFF7FFFFFFF00000000000000007FFFFFFF7FFFFFFF0000000000000000"
    "0001070101FF52000C00000001000504040001FF5C00042050FF90000A0000000000000001FF93FFD9",
    /* the same in tiles of one pixel */
    "FF4FFF51002900000000FFFF0000FFFF000000000000000000000001000000010000000000000000"
    "0001070101FF52000C00000001000504040001FF5C00042050FF90000A0000000000000001FF93FFD9",
    /* 65500 by 65500, the most that the library knows, baseline */
    "FFD8FFC0000B08FFDCFFDC01011100FFDA0008010100003F00FFD9",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++) {
    g_autoptr (GBytes) picture = hex (pictures[i]);
    g_autoptr (GError) error = NULL;
    clock_t started = clock ();
    g_autoptr (TamboImage) image = tambo_image_decode (picture, &error);
    assert_quick (started, "picture");
    g_assert_null (image);
    g_assert_nonnull (error);
    g_test_message ("%s", error->message);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/hostile/cards", test_cards);
  g_test_add_func ("/chip/hostile/crumbs", test_crumbs);
  g_test_add_func ("/chip/hostile/nests", test_nests);
  g_test_add_func ("/chip/hostile/lengths", test_lengths);
  g_test_add_func ("/chip/hostile/compressed", test_compressed);
  g_test_add_func ("/chip/hostile/pictures", test_pictures);
  return g_test_run ();
}
