/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a passport through a real pcscd, where commands lie ready for the card before their turn: when
 * the card falls silent or the caller has had enough, none of them is sent any more.
 */
#include <string.h>

#include <glib/gstdio.h>

#include "chip/inspection.h"
#include "chip/reader.h"
#include "specimen.h"
#include "wire.h"

#define SIZE 20000
#define POINTS 3
#define CARD_WAIT_MS 15000
#define PATIENCE_MS 2000
#define PRESENT_SECONDS 15
#define LONG_MS 20000 /* on a busy machine */

typedef struct {
  Wire *wire;
  TamboSigner *csca, *ds;
  TamboLds *lds;
  TamboMrz *mrz;
  char *folder; /* the LDS as files */
} Desk;

static void set_up (Desk *desk, gconstpointer data) {
  desk->wire = wire_new ();
  desk->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  desk->ds = tambo_document_signer_new (desk->csca, "Specimen DS", 5, NULL);
  desk->lds = specimen_lds (desk->ds, SIZE);
  desk->mrz = tambo_mrz_parse (SPECIMEN_MRZ, NULL, NULL);
  desk->folder = g_build_filename (desk->wire->folder, "lds", NULL);
  g_assert_cmpint (g_mkdir (desk->folder, 0700), ==, 0);
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autofree char *path = g_build_filename (desk->folder, tambo_lds_file_name (file), NULL);
    gsize size = 0;
    const char *content =
        desk->lds->files[file] ? g_bytes_get_data (desk->lds->files[file], &size) : NULL;
    if (content)
      g_assert_true (g_file_set_contents (path, content, (gssize) size, NULL));
  }
  const char *const options[] = { "--profile", "passport", "--lds", desk->folder,
                                  "--pace",    "none",     NULL };
  wire_lay_card (desk->wire, options);
}

static void tear_down (Desk *desk, gconstpointer data) {
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autofree char *path = g_build_filename (desk->folder, tambo_lds_file_name (file), NULL);
    g_remove (path);
  }
  g_rmdir (desk->folder);
  g_free (desk->folder);
  wire_free (desk->wire);
  tambo_mrz_free (desk->mrz);
  tambo_lds_free (desk->lds);
  tambo_signer_free (desk->ds);
  tambo_signer_free (desk->csca);
}

static guint count_commands (const Desk *desk) {
  g_autofree char *commands = wire_status (desk->wire, "commands");

  return (guint) g_ascii_strtoull (commands, NULL, 10);
}

static TamboChannel *connect_card (void) {
  g_autoptr (GError) error = NULL;
  TamboChannel *channel = tambo_reader_connect (NULL, CARD_WAIT_MS, NULL, &error);

  g_assert_no_error (error);
  return channel;
}

static TamboLds *read_card (const Desk *desk, TamboChannel *channel, GCancellable *cancellable,
                            GError **error) {
  g_autoptr (TamboSecureMessaging) sm =
      tambo_inspection_open (channel, desk->mrz, cancellable, error);

  return sm ? tambo_inspection_read (channel, sm, cancellable, error) : NULL;
}

static void read_whole (const Desk *desk) {
  g_autoptr (TamboChannel) channel = connect_card ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboLds) lds = read_card (desk, channel, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (tambo_lds_equal (lds, desk->lds));
}

/* Laid back as a card that knows nothing of what was before. */
static void lay_back (const Desk *desk) {
  wire_tell (desk->wire, "fault none");
  wire_tell (desk->wire, "remove");
  g_assert_true (wire_wait (FALSE, PRESENT_SECONDS));
  wire_tell (desk->wire, "insert");
  g_assert_true (wire_wait (TRUE, PRESENT_SECONDS));
}

/* Silent at one command: the deadline is the caller's, and the card sees no further command. */
static void test_mute (Desk *desk, gconstpointer data) {
  guint before = count_commands (desk);

  read_whole (desk);
  guint count = count_commands (desk) - before;
  for (guint point = 1; point <= POINTS; point++) {
    g_autoptr (GError) error = NULL;
    guint at = count_commands (desk) + count * point / POINTS;
    g_autoptr (TamboChannel) channel = connect_card ();
    tambo_channel_set_patience (channel, PATIENCE_MS);
    wire_tell (desk->wire, "fault mute@%u", at);
    gint64 started = g_get_monotonic_time ();
    g_autoptr (TamboLds) lds = read_card (desk, channel, NULL, &error);
    g_assert_null (lds);
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_TIMEOUT);
    g_assert_cmpint (g_get_monotonic_time () - started, <, LONG_MS * 1000);
    g_clear_object (&channel);
    g_assert_cmpuint (count_commands (desk), ==, at);
    lay_back (desk);
    g_assert_cmpuint (count_commands (desk), ==, at);
    read_whole (desk);
  }
}

static gpointer read_in_thread (gpointer data) {
  gpointer *arguments = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboLds) lds = read_card (arguments[0], arguments[1], arguments[2], &error);

  return GINT_TO_POINTER (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

/* On a slow line, in the middle of a file: the command under way is the last one. */
static void test_cancelled (Desk *desk, gconstpointer data) {
  g_autoptr (TamboChannel) channel = connect_card ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer arguments[] = { desk, channel, cancellable };
  guint before = count_commands (desk);
  gint64 end = g_get_monotonic_time () + LONG_MS * 1000;

  wire_tell (desk->wire, "fault speed=106");
  GThread *thread = g_thread_new ("reader", read_in_thread, arguments);
  while (count_commands (desk) < before + 20) { /* behind the fifth piece of EF.SOD or later */
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_usleep (2000);
  }
  g_cancellable_cancel (cancellable);
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  guint after = count_commands (desk);
  g_clear_object (&channel); /* the thread with the card has ended */
  g_assert_cmpuint (count_commands (desk), <=, after + 1);

  wire_tell (desk->wire, "fault none");
  read_whole (desk);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  if (!wire_is_possible ()) {
    g_print ("1..0 # SKIP pcscd is not installed\n");
    return 0;
  }
  g_test_add ("/fault/chip-ahead/mute", Desk, NULL, set_up, test_mute, tear_down);
  g_test_add ("/fault/chip-ahead/cancelled", Desk, NULL, set_up, test_cancelled, tear_down);
  return g_test_run ();
}
