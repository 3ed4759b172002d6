/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A card torn away at every command of its personalisation, before the command reached it and after,
 * and laid back, or another blank in its place; for every kind of chip. The rules are the station's:
 * what the journal says decides whether it is written again or finished.
 */
#include "chip/personalisation.h"
#include "memory-channel.h"
#include "simulator/card-chip.h"
#include "simulator/card-iso7816.h"
#include "specimen.h"

#define MEMORY (64 * 1024)
#define SHORT_STEP 3 /* without TAMBO_LONG_TESTS every third command; a prime beside the pattern */

static const struct {
  const char *name, *profile;
  TamboScpProtocol protocol;
} kinds[] = {
  { "jmrtd", "jmrtd", TAMBO_SCP_03 },
  { "iso7816", "iso7816", TAMBO_SCP_03 },
  { "gp-scp03", "gp-scp03", TAMBO_SCP_03 },
  { "gp-scp02", "gp-scp03", TAMBO_SCP_02 },
};

/* How the reader treats the command at which the card leaves. */
typedef enum {
  TEAR_BEFORE, /* the card has not seen it */
  TEAR_AFTER,  /* it was executed, the answer is lost */
  TEAR_TORN,   /* and a piece of the answer came */
  N_TEARS,
} Tear;

typedef struct {
  gsize kind;
  TamboSigner *csca, *ds;
  GPtrArray *roots;
  TamboLds *lds;
  TamboPersonalisationKeys keys;
  GBytes *card_access, *chip_key; /* NULL where the kind takes none */
  GPtrArray *rows;                /* the journal */
  TamboCardChip *chip;
  guint commands, tear_at;
  Tear tear;
} Desk;

static TamboCardChip *blank (const Desk *desk) {
  return tambo_card_chip_new (kinds[desk->kind].profile, MEMORY, kinds[desk->kind].protocol);
}

/* With keys of its own where the kind takes them. */
static void make_document (Desk *desk, gsize size) {
  const TamboChipProfile *profile = tambo_chip_profile_find (kinds[desk->kind].profile);

  desk->lds = specimen_lds (desk->ds, size);
  desk->chip_key = profile->card_access ? specimen_add_keys (desk->lds, desk->ds) : NULL;
  desk->card_access = tambo_personalisation_make_card_access (profile, desk->lds);
}

static void forget_document (Desk *desk) {
  tambo_lds_free (desk->lds);
  g_clear_pointer (&desk->card_access, g_bytes_unref);
  g_clear_pointer (&desk->chip_key, g_bytes_unref);
}

static void set_up (Desk *desk, gconstpointer kind) {
  desk->kind = GPOINTER_TO_SIZE (kind);
  desk->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  desk->ds = tambo_document_signer_new (desk->csca, "Specimen DS", 5, NULL);
  desk->roots = specimen_csca (desk->csca);
  make_document (desk, 600);
  desk->keys.protocol = kinds[desk->kind].protocol;
  desk->keys.enc = g_bytes_new_static (TAMBO_CARD_FACTORY_KEY, TAMBO_CARD_FACTORY_KEY_SIZE);
  desk->keys.mac = g_bytes_ref (desk->keys.enc);
  desk->rows = g_ptr_array_new_with_free_func (g_free);
}

static void tear_down (Desk *desk, gconstpointer kind) {
  tambo_card_chip_free (desk->chip);
  g_ptr_array_unref (desk->rows);
  g_bytes_unref (desk->keys.enc);
  g_bytes_unref (desk->keys.mac);
  forget_document (desk);
  g_ptr_array_unref (desk->roots);
  tambo_signer_free (desk->ds);
  tambo_signer_free (desk->csca);
}

/* A reader: what the card does and what is left of its answer. */
static GBytes *lie_on_reader (GBytes *command, gpointer data, GError **error) {
  Desk *desk = data;
  gboolean torn = ++desk->commands == desk->tear_at;

  if (!torn || desk->tear != TEAR_BEFORE) {
    g_autoptr (GBytes) answer = tambo_card_chip_process (desk->chip, command);
    if (!torn)
      return g_steal_pointer (&answer);
    if (desk->tear == TEAR_TORN)
      return g_bytes_new_from_bytes (answer, 0, 1);
  }
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED, "the card is away");
  return NULL;
}

static gboolean write_row (TamboPersonalisationStep step, TamboLdsFile file, gpointer data,
                           GError **error) {
  Desk *desk = data;

  g_ptr_array_add (desk->rows, tambo_personalisation_row (step, file));
  return TRUE;
}

/* One attempt of the station with the card that lies there. */
static gboolean attempt (Desk *desk, guint tear_at, Tear tear, GError **error) {
  g_autoptr (TamboChannel) channel = memory_channel_new (lie_on_reader, desk);
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
  TamboPersonalisation order = { .profile = tambo_chip_profile_find (kinds[desk->kind].profile),
                                 .lds = desk->lds,
                                 .mrz = SPECIMEN_MRZ,
                                 .csca = desk->roots,
                                 .keys = &desk->keys,
                                 .card_access = desk->card_access,
                                 .can = desk->card_access ? "123456" : NULL,
                                 .chip_key = desk->chip_key,
                                 .begun = tambo_personalisation_begun (desk->rows),
                                 .journal = write_row,
                                 .data = desk };

  desk->commands = 0;
  desk->tear_at = tear_at;
  desk->tear = tear;
  tambo_card_chip_reset (desk->chip);
  if (g_ptr_array_find_with_equal_func (desk->rows, "lock", g_str_equal, NULL))
    return tambo_personalisation_finish (&order, channel, verdicts, NULL, error);
  return tambo_personalise (&order, channel, verdicts, NULL, error);
}

static gboolean is_written (const Desk *desk) {
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autoptr (GBytes) content = tambo_card_chip_dup_file (desk->chip, tambo_lds_file_id (file));
    if ((content != NULL) != (desk->lds->files[file] != NULL)
        || (content && !g_bytes_equal (content, desk->lds->files[file])))
      return FALSE;
  }
  return TRUE;
}

static void begin (Desk *desk) {
  g_ptr_array_set_size (desk->rows, 0);
  tambo_card_chip_free (desk->chip);
  desk->chip = blank (desk);
}

static guint count_commands (Desk *desk) {
  begin (desk);
  g_assert_true (attempt (desk, 0, TEAR_BEFORE, NULL));
  return desk->commands;
}

static guint step (void) {
  return g_getenv ("TAMBO_LONG_TESTS") ? 1 : SHORT_STEP;
}

/* Done is said of a card that is locked and right, and of no other. */
static void assert_done (const Desk *desk) {
  g_assert_true (tambo_card_chip_is_locked (desk->chip));
  g_assert_true (is_written (desk));
  g_assert_cmpstr (g_ptr_array_index (desk->rows, desk->rows->len - 1), ==, "done");
}

static void test_laid_back (Desk *desk, gconstpointer kind) {
  guint count = count_commands (desk), points = 0;

  for (Tear tear = 0; tear < N_TEARS; tear++)
    for (guint at = 1 + tear % step (); at <= count; at += step (), points++) {
      g_autoptr (GError) error = NULL;
      begin (desk);
      g_assert_false (attempt (desk, at, tear, &error));
      g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED);
      g_clear_error (&error);
      gboolean done = attempt (desk, 0, tear, &error);
      g_assert_no_error (error);
      g_assert_true (done);
      assert_done (desk);
    }
  g_test_message ("%u commands, %u tears, all continued to a card that is locked and right", count,
                  points);
}

/* A second tear while the first is being mended. */
static void test_torn_twice (Desk *desk, gconstpointer kind) {
  guint count = count_commands (desk), points = 0, stride = 7 * step ();

  for (guint first = 1; first <= count; first += stride)
    for (guint second = 1; second <= count; second += stride, points++) {
      g_autoptr (GError) error = NULL;
      begin (desk);
      g_assert_false (attempt (desk, first, TEAR_AFTER, NULL));
      if (attempt (desk, second, TEAR_BEFORE, &error)) {
        assert_done (desk);
        continue;
      }
      g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED);
      g_clear_error (&error);
      gboolean done = attempt (desk, 0, TEAR_BEFORE, &error);
      g_assert_no_error (error);
      g_assert_true (done);
      assert_done (desk);
    }
  g_test_message ("%u pairs of tears", points);
}

/* Whoever lays another blank there is told so, and the blank stays as it is: unless the first card was
 * still empty, so that the two cannot be told apart and need not be. */
static void test_other_blank (Desk *desk, gconstpointer kind) {
  guint count = count_commands (desk), refused = 0, equal = 0;

  for (guint at = 1; at <= count; at += step ()) {
    g_autoptr (GError) error = NULL;
    begin (desk);
    g_assert_false (attempt (desk, at, TEAR_AFTER, NULL));
    gboolean known = tambo_personalisation_begun (desk->rows) != 0
                     || g_ptr_array_find_with_equal_func (desk->rows, "lock", g_str_equal, NULL);
    tambo_card_chip_free (desk->chip);
    desk->chip = blank (desk);
    if (attempt (desk, 0, TEAR_BEFORE, &error)) {
      g_assert_false (known);
      assert_done (desk);
      equal++;
      continue;
    }
    g_assert_true (known);
    g_assert_cmpuint (tambo_card_chip_get_memory_used (desk->chip), ==, 0);
    g_assert_false (tambo_card_chip_is_locked (desk->chip));
    refused++;
  }
  g_assert_cmpuint (refused, >, equal);
  g_test_message ("%u refused, %u while both were empty", refused, equal);
}

/* Another document's finished card in its place is never called this one. */
static void test_other_document (Desk *desk, gconstpointer kind) {
  guint count = count_commands (desk);

  for (guint at = 1; at <= count; at += step ()) {
    Desk own = *desk;
    g_autoptr (GError) error = NULL;
    begin (desk);
    make_document (desk, 601);
    g_assert_true (attempt (desk, 0, TEAR_BEFORE, NULL));
    forget_document (desk);
    desk->lds = own.lds;
    desk->card_access = own.card_access;
    desk->chip_key = own.chip_key;
    g_autoptr (TamboCardChip) card = g_steal_pointer (&desk->chip);

    begin (desk);
    g_assert_false (attempt (desk, at, TEAR_AFTER, NULL));
    tambo_card_chip_free (desk->chip);
    desk->chip = g_steal_pointer (&card);
    g_assert_false (attempt (desk, 0, TEAR_BEFORE, &error));
    g_assert_cmpuint (error->domain, ==, TAMBO_CHIP_ERROR);
    g_assert_true (error->code == TAMBO_CHIP_ERROR_MISMATCH
                   || error->code == TAMBO_CHIP_ERROR_LOCKED);
    g_assert_cmpstr (g_ptr_array_index (desk->rows, desk->rows->len - 1), !=, "done");
  }
}

static void add (const char *name, gsize kind, void (*test) (Desk *desk, gconstpointer kind)) {
  g_autofree char *path = g_strdup_printf ("/fault/chip-tear/%s/%s", kinds[kind].name, name);

  g_test_add (path, Desk, GSIZE_TO_POINTER (kind), set_up, test, tear_down);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  for (gsize kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    add ("laid-back", kind, test_laid_back);
    add ("torn-twice", kind, test_torn_twice);
    add ("other-blank", kind, test_other_blank);
    add ("other-document", kind, test_other_document);
  }
  return g_test_run ();
}
