/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/inspection.h"

#include "applet.h"
#include "chip/data-group.h"
#include "hex.h"
#include "memory-channel.h"
#include "specimen.h"

typedef struct {
  TamboSigner *csca, *ds;
  GPtrArray *roots, *verdicts;
  TamboLds *lds;
  TamboMrz *mrz;
  Applet *applet;
  TamboChannel *channel;
} Fixture;

static void set_up (Fixture *fixture, gconstpointer hasty) {
  fixture->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  fixture->ds = tambo_document_signer_new (fixture->csca, "Specimen DS", 5, NULL);
  fixture->roots = specimen_csca (fixture->csca);
  fixture->verdicts = specimen_verdicts ();
  fixture->lds = specimen_lds (fixture->ds, 5000);
  fixture->mrz = tambo_mrz_parse (SPECIMEN_MRZ, "2010-01-01", NULL);
  g_assert_nonnull (fixture->mrz);
  fixture->applet = applet_new ();
  applet_load (fixture->applet, fixture->lds, SPECIMEN_INFORMATION);
  fixture->channel =
      (hasty ? memory_channel_new_hasty : memory_channel_new) (applet_card, fixture->applet);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  g_object_unref (fixture->channel);
  applet_free (fixture->applet);
  tambo_mrz_free (fixture->mrz);
  tambo_lds_free (fixture->lds);
  g_ptr_array_unref (fixture->verdicts);
  g_ptr_array_unref (fixture->roots);
  tambo_signer_free (fixture->ds);
  tambo_signer_free (fixture->csca);
}

static TamboLds *inspect (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  TamboLds *lds = tambo_inspect (fixture->channel, fixture->mrz, fixture->roots, fixture->verdicts,
                                 NULL, &error);

  g_assert_no_error (error);
  return lds;
}

static void test_passed (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboLds) lds = inspect (fixture);

  g_assert_nonnull (lds);
  g_assert_true (tambo_lds_equal (lds, fixture->lds));
  g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
  g_assert_cmpint (specimen_result (fixture->verdicts, "access-control"), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (fixture->verdicts, "mrz"), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (fixture->verdicts, "document-signer"), ==,
                   TAMBO_VERDICT_PASSED);
}

static void test_wrong_mrz (Fixture *fixture, gconstpointer data) {
  tambo_mrz_free (fixture->mrz);
  fixture->mrz = tambo_mrz_parse ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                  "L898902C36UTO7408133F1204159ZE184226B<<<<<10",
                                  "2010-01-01", NULL);
  g_autoptr (TamboLds) lds = inspect (fixture);
  g_assert_null (lds);
  g_assert_cmpint (specimen_result (fixture->verdicts, "access-control"), ==, TAMBO_VERDICT_FAILED);
}

/* The chip opens, but it is another name's: what is printed and what is signed differ. */
static void test_other_name (Fixture *fixture, gconstpointer data) {
  tambo_mrz_free (fixture->mrz);
  fixture->mrz = tambo_mrz_parse ("P<UTOERIKSSON<<ANNA<MARIO<<<<<<<<<<<<<<<<<<<\n"
                                  "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
                                  "2010-01-01", NULL);
  g_autoptr (TamboLds) lds = inspect (fixture);
  g_assert_nonnull (lds);
  g_assert_cmpint (specimen_result (fixture->verdicts, "mrz"), ==, TAMBO_VERDICT_FAILED);
  g_assert_false (tambo_verdicts_all_passed (fixture->verdicts));
}

static void test_changed (Fixture *fixture, gconstpointer data) {
  fixture->applet->files[TAMBO_LDS_DG7]->data[2000] ^= 1;
  g_autoptr (TamboLds) lds = inspect (fixture);
  g_assert_nonnull (lds);
  g_assert_cmpint (specimen_result (fixture->verdicts, "hash-DG7"), ==, TAMBO_VERDICT_FAILED);
}

static void test_refused_file (Fixture *fixture, gconstpointer data) {
  fixture->applet->refused = 1u << TAMBO_LDS_DG7;
  g_autoptr (TamboLds) lds = inspect (fixture);
  g_assert_nonnull (lds);
  g_assert_null (lds->files[TAMBO_LDS_DG7]);
  g_assert_cmpint (specimen_result (fixture->verdicts, "hash-DG7"), ==, TAMBO_VERDICT_FAILED);
}

static void test_lying_header (Fixture *fixture, gconstpointer data) {
  static const char *const headers[] = {
    "67831FFFFF", /* 2 MiB */
    "6782FFFF",   /* more than there is */
    "6182138B",   /* another file's tag */
    "67848000",   /* four length bytes */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autoptr (GBytes) header = hex (headers[i]);
    g_autoptr (GError) error = NULL;
    memcpy (fixture->applet->files[TAMBO_LDS_DG7]->data, g_bytes_get_data (header, NULL),
            g_bytes_get_size (header));
    g_autoptr (TamboSecureMessaging) sm =
        tambo_inspection_open (fixture->channel, fixture->mrz, NULL, &error);
    g_assert_no_error (error);
    g_assert_null (tambo_inspection_read_file (fixture->channel, sm, TAMBO_LDS_DG7, NULL, &error));
    g_assert_nonnull (error);
    g_assert_true (g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED)
                   || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS));
  }
}

static void test_read_file (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSecureMessaging) sm =
      tambo_inspection_open (fixture->channel, fixture->mrz, NULL, &error);
  g_assert_no_error (error);

  g_autoptr (GBytes) dg7 =
      tambo_inspection_read_file (fixture->channel, sm, TAMBO_LDS_DG7, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (dg7, fixture->lds->files[TAMBO_LDS_DG7]));
  g_assert_null (tambo_inspection_read_file (fixture->channel, sm, TAMBO_LDS_DG2, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS);
  g_clear_error (&error);
  /* an absent file does not end the session */
  g_autoptr (TamboLds) lds = tambo_inspection_read (fixture->channel, sm, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_lds_equal (lds, fixture->lds));
}

/* A chip may refuse to be asked for what lies behind the end of a file: it costs a command each. */
static void test_stickler (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  guint commands[2];

  for (int i = 0; i < 2; i++) {
    fixture->applet->stickler = i == 1;
    fixture->applet->commands = 0;
    g_autoptr (TamboSecureMessaging) sm =
        tambo_inspection_open (fixture->channel, fixture->mrz, NULL, &error);
    g_assert_no_error (error);
    g_autoptr (TamboLds) lds = tambo_inspection_read (fixture->channel, sm, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (tambo_lds_equal (lds, fixture->lds));
    commands[i] = fixture->applet->commands;
  }
  g_assert_cmpuint (commands[0], <, commands[1]);
  g_assert_cmpuint (commands[1], <=, commands[0] + 2 * TAMBO_LDS_N_FILES);
}

/* A chip that gives less than it was asked for gets what was announced in vain, once in a file, and its
 * session goes on: the reading by itself and what comes behind it. */
static void test_crumbs (Fixture *fixture, gconstpointer data) {
  static const gsize crumbs[] = { 0, 230, 100, 33 };

  for (gsize i = 0; i < G_N_ELEMENTS (crumbs); i++) {
    g_autoptr (GError) error = NULL;
    fixture->applet->crumb = crumbs[i];
    fixture->applet->commands = 0;
    g_autoptr (TamboSecureMessaging) sm =
        tambo_inspection_open (fixture->channel, fixture->mrz, NULL, &error);
    g_assert_no_error (error);
    guint before = fixture->applet->commands, pieces = 0;
    for (guint round = 0; round < 2; round++) {
      g_autoptr (TamboLds) lds = tambo_inspection_read (fixture->channel, sm, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (tambo_lds_equal (lds, fixture->lds));
    }
    for (guint file = 0; file < TAMBO_LDS_N_FILES; file++)
      if (fixture->lds->files[file])
        pieces +=
            1
            + (guint) (g_bytes_get_size (fixture->lds->files[file]) / (crumbs[i] ? crumbs[i] : 231)
                       + 1);
    g_assert_cmpuint (fixture->applet->commands - before, <=, 2 * pieces);
  }
}

/* The chip changes a byte of an answer while others are under way behind it: that ends it. */
static void test_forged (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSecureMessaging) sm =
      tambo_inspection_open (fixture->channel, fixture->mrz, NULL, &error);
  g_assert_no_error (error);

  fixture->applet->forge_at = fixture->applet->commands + 12;
  g_autoptr (TamboLds) lds = tambo_inspection_read (fixture->channel, sm, NULL, &error);
  g_assert_null (lds);
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  guint commands = fixture->applet->commands;
  g_clear_error (&error);
  g_assert_null (tambo_inspection_read_file (fixture->channel, sm, TAMBO_LDS_COM, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_cmpuint (fixture->applet->commands, ==, commands);

  g_autoptr (TamboLds) again = inspect (fixture); /* a new session is not in the old one's way */
  g_assert_true (tambo_lds_equal (again, fixture->lds));
}

/* Torn away at every command there is: always an error, never a verdict. */
static void test_torn (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboLds) whole = inspect (fixture);
  guint count = fixture->applet->commands;

  for (guint at = 1; at <= count; at++) {
    g_autoptr (GError) error = NULL;
    fixture->applet->commands = 0;
    fixture->applet->tear_at = at;
    g_autoptr (TamboLds) lds = tambo_inspect (fixture->channel, fixture->mrz, fixture->roots,
                                              fixture->verdicts, NULL, &error);
    g_assert_null (lds);
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED);
  }
}

/* In the clear, past 32 KiB with the odd instruction. */
typedef struct {
  GBytes *file;
  guint far_reads;
} BigCard;

static GBytes *big_card (GBytes *bytes, gpointer data, GError **error) {
  BigCard *card = data;
  TamboCommand command;
  gsize size, offset;
  const guint8 *content = g_bytes_get_data (card->file, &size);

  g_assert_true (
      tambo_command_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &command));
  if (command.ins == 0xA4)
    return hex ("9000");
  if (command.ins == 0xB0) {
    offset = (gsize) (command.p1 << 8 | command.p2);
    g_assert_cmpuint (offset, <, 0x8000);
    g_autoptr (GBytes) part =
        g_bytes_new (content + offset, MIN ((gsize) command.le, size - offset));
    return tambo_response_encode (part, 0x9000);
  }
  g_assert_cmphex (command.ins, ==, 0xB1);
  g_assert_cmpuint (command.size, ==, 5);
  offset = (gsize) (command.data[2] << 16 | command.data[3] << 8 | command.data[4]);
  gsize part_size = MIN ((gsize) command.le - 3, size - offset);
  g_autoptr (GByteArray) object = g_byte_array_new ();
  tambo_put_u8 (object, 0x53);
  if (part_size >= 0x80)
    tambo_put_u8 (object, 0x81);
  tambo_put_u8 (object, (guint8) part_size);
  tambo_put_bytes (object, content + offset, part_size);
  card->far_reads++;
  g_autoptr (GBytes) answer = g_byte_array_free_to_bytes (g_steal_pointer (&object));
  return tambo_response_encode (answer, 0x9000);
}

static void test_big_file (gconstpointer hasty) {
  g_autofree guint8 *filler = g_malloc (70000);
  BigCard card = { NULL, 0 };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < 70000; i++)
    filler[i] = (guint8) (i * 31 >> 3);
  g_autoptr (GBytes) picture = g_bytes_new (filler, 70000);
  card.file = tambo_dg7_encode (picture);
  g_autoptr (TamboChannel) channel =
      (hasty ? memory_channel_new_hasty : memory_channel_new) (big_card, &card);
  g_autoptr (GBytes) read = tambo_inspection_read_file (channel, NULL, TAMBO_LDS_DG7, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, card.file));
  g_assert_cmpuint (card.far_reads, >, 100);
  g_bytes_unref (card.file);
}

#define ADD(path, test)                                                                            \
  g_test_add ("/chip/inspection/" path, Fixture, NULL, set_up, test, tear_down);                   \
  g_test_add ("/chip/inspection/" path "/hasty", Fixture, GINT_TO_POINTER (TRUE), set_up, test,    \
              tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("passed", test_passed);
  ADD ("wrong-mrz", test_wrong_mrz);
  ADD ("other-name", test_other_name);
  ADD ("changed", test_changed);
  ADD ("refused-file", test_refused_file);
  ADD ("lying-header", test_lying_header);
  ADD ("read-file", test_read_file);
  ADD ("stickler", test_stickler);
  ADD ("torn", test_torn);
  ADD ("crumbs", test_crumbs);
  ADD ("forged", test_forged);
  g_test_add_data_func ("/chip/inspection/big-file", NULL, test_big_file);
  g_test_add_data_func ("/chip/inspection/big-file/hasty", GINT_TO_POINTER (TRUE), test_big_file);
  return g_test_run ();
}
