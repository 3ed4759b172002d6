/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every kind of chip through a real pcscd while something goes wrong at every command in turn: the card
 * is torn away, the service dies, the card or its line misbehaves. Afterwards the same card is finished,
 * or what lies there is refused and stays as it is. With TAMBO_LONG_TESTS everything at every command;
 * else at some, and each kind of chip has its share of the troubles: the card's part of them does not
 * differ. -p picks a kind.
 */
#include "chip/personalisation.h"
#include "chip/reader.h"
#include "simulator/card-iso7816.h"
#include "specimen.h"
#include "wire.h"

#define SIZE 600
#define SOME 2 /* points of a sweep without TAMBO_LONG_TESTS */
#define CARD_WAIT_MS 8000
#define PATIENCE_MS 700 /* with a mute card */
#define PRESENT_SECONDS 8

static const struct {
  const char *name, *profile, *card; /* CARD is for the line "new" of its control */
  TamboScpProtocol protocol;
} kinds[] = {
  { "jmrtd", "jmrtd", "jmrtd", TAMBO_SCP_03 },
  { "iso7816", "iso7816", "iso7816", TAMBO_SCP_03 },
  { "gp-scp03", "gp-scp03", "gp-scp03 3", TAMBO_SCP_03 },
  { "gp-scp02", "gp-scp03", "gp-scp03 2", TAMBO_SCP_02 },
};

/* What goes wrong at a command; "%u" is its number. */
static const struct {
  const char *name, *line;
} troubles[] = {
  { "tear-before", "tear %u before" }, /* the card has not seen the command */
  { "tear-after", "tear %u" },         /* it has, and the answer is lost */
  { "truncate", "fault truncate@%u" }, /* and a piece of the answer came */
  { "wrong-status", "fault wrong-status@%u" },
  { "reset", "fault reset@%u" },
  { "mute", "fault mute@%u" },
  { "61xx", "fault 61xx@%u" },
  { "6Cxx", "fault 6Cxx@%u" },
};

typedef struct {
  gsize kind;
  Wire *wire;
  TamboSigner *csca, *ds;
  GPtrArray *roots;
  TamboLds *lds;
  TamboPersonalisationKeys keys;
  GBytes *card_access, *chip_key; /* NULL where the kind takes none */
  GPtrArray *rows;                /* the journal */
  guint kill_at;                  /* the row before which pcscd dies; 0 never */
} Desk;

static void set_up (Desk *desk, gconstpointer kind) {
  static const char *const options[] = { "--profile", "jmrtd", NULL };

  desk->kind = GPOINTER_TO_SIZE (kind) % G_N_ELEMENTS (kinds);
  desk->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  desk->ds = tambo_document_signer_new (desk->csca, "Specimen DS", 5, NULL);
  desk->roots = specimen_csca (desk->csca);
  desk->lds = specimen_lds (desk->ds, SIZE);
  if (tambo_chip_profile_find (kinds[desk->kind].profile)->card_access)
    desk->chip_key = specimen_add_keys (desk->lds, desk->ds);
  desk->card_access = tambo_personalisation_make_card_access (
      tambo_chip_profile_find (kinds[desk->kind].profile), desk->lds);
  desk->keys.protocol = kinds[desk->kind].protocol;
  desk->keys.enc = g_bytes_new_static (TAMBO_CARD_FACTORY_KEY, TAMBO_CARD_FACTORY_KEY_SIZE);
  desk->keys.mac = g_bytes_ref (desk->keys.enc);
  desk->rows = g_ptr_array_new_with_free_func (g_free);
  desk->wire = wire_new ();
  wire_lay_card (desk->wire, options);
}

static void tear_down (Desk *desk, gconstpointer kind) {
  wire_free (desk->wire);
  g_ptr_array_unref (desk->rows);
  g_clear_pointer (&desk->card_access, g_bytes_unref);
  g_clear_pointer (&desk->chip_key, g_bytes_unref);
  g_bytes_unref (desk->keys.enc);
  g_bytes_unref (desk->keys.mac);
  tambo_lds_free (desk->lds);
  g_ptr_array_unref (desk->roots);
  tambo_signer_free (desk->ds);
  tambo_signer_free (desk->csca);
}

static gboolean write_row (TamboPersonalisationStep step, TamboLdsFile file, gpointer data,
                           GError **error) {
  Desk *desk = data;

  g_ptr_array_add (desk->rows, tambo_personalisation_row (step, file));
  if (desk->rows->len == desk->kill_at)
    wire_kill (desk->wire);
  return TRUE;
}

static gboolean has_row (const Desk *desk, const char *row) {
  return g_ptr_array_find_with_equal_func (desk->rows, row, g_str_equal, NULL);
}

/* One attempt of the station with whatever lies there, as station/issue.c makes it. */
static gboolean attempt (Desk *desk, guint patience, GError **error) {
  g_autoptr (TamboChannel) channel = tambo_reader_connect (NULL, CARD_WAIT_MS, NULL, error);
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

  if (!channel)
    return FALSE;
  if (patience)
    tambo_channel_set_patience (channel, patience);
  if (has_row (desk, "lock"))
    return tambo_personalisation_finish (&order, channel, verdicts, NULL, error);
  return tambo_personalise (&order, channel, verdicts, NULL, error);
}

/* A blank lies on the reader, nothing is wrong and nothing is written down. */
static void begin (Desk *desk) {
  g_ptr_array_set_size (desk->rows, 0);
  desk->kill_at = 0;
  wire_tell (desk->wire, "fault none");
  wire_tell (desk->wire, "remove");
  g_assert_true (wire_wait (FALSE, PRESENT_SECONDS));
  wire_tell (desk->wire, "new %s", kinds[desk->kind].card);
  wire_tell (desk->wire, "insert");
  g_assert_true (wire_wait (TRUE, PRESENT_SECONDS));
}

/* Whatever was wrong is over; a card that was away lies there again. */
static void mend (Desk *desk) {
  wire_tell (desk->wire, "fault none");
  wire_tell (desk->wire, "tear 0");
  wire_tell (desk->wire, "remove");
  g_assert_true (wire_wait (FALSE, PRESENT_SECONDS));
  wire_tell (desk->wire, "insert");
  g_assert_true (wire_wait (TRUE, PRESENT_SECONDS));
}

static gboolean is_locked (const Desk *desk) {
  g_autofree char *locked = wire_status (desk->wire, "locked");

  return g_str_equal (locked, "yes");
}

static gboolean is_written (const Desk *desk) {
  wire_tell (desk->wire, "dump");
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autofree char *path = g_build_filename (desk->wire->dump, tambo_lds_file_name (file), NULL);
    g_autofree char *content = NULL;
    gsize size = 0, wanted = 0;
    gboolean there = g_file_get_contents (path, &content, &size, NULL);
    GBytes *bytes = desk->lds->files[file];
    gconstpointer data = bytes ? g_bytes_get_data (bytes, &wanted) : NULL;
    if (there != (bytes != NULL) || size != wanted || (bytes && memcmp (content, data, size) != 0))
      return FALSE;
  }
  return TRUE;
}

/* Done is said of a card that is locked and right, and of no other. */
static void assert_done (const Desk *desk, const char *trouble, guint at) {
  if (!is_locked (desk) || !is_written (desk)
      || !g_str_equal (g_ptr_array_index (desk->rows, desk->rows->len - 1), "done"))
    g_error ("%s at %u: done was said of a card that is not", trouble, at);
}

static guint count_commands (Desk *desk) {
  g_autoptr (GError) error = NULL;

  begin (desk);
  gboolean done = attempt (desk, 0, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  assert_done (desk, "nothing", 0);
  g_autofree char *commands = wire_status (desk->wire, "commands");
  return (guint) g_ascii_strtoull (commands, NULL, 10);
}

static guint stride (guint count) {
  return g_getenv ("TAMBO_LONG_TESTS") ? 1 : MAX (1, count / SOME);
}

/* The second attempt with the same card. */
static void finish (Desk *desk, const char *trouble, guint at) {
  g_autoptr (GError) error = NULL;

  mend (desk);
  if (!attempt (desk, 0, &error))
    g_error ("%s at %u: not finished: %s", trouble, at, error->message);
  assert_done (desk, trouble, at);
}

static void test_trouble (Desk *desk, gconstpointer data) {
  gsize index = GPOINTER_TO_SIZE (data) / G_N_ELEMENTS (kinds);
  const char *trouble = troubles[index].name;
  guint count = count_commands (desk), points = 0, at_once = 0;

  for (guint at = 1 + (guint) index % stride (count); at <= count; at += stride (count), points++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *number = g_strdup_printf ("%u", at);
    g_auto (GStrv) halves = g_strsplit (troubles[index].line, "%u", 2);
    begin (desk);
    wire_tell (desk->wire, "%s%s%s", halves[0], number, halves[1]);
    if (attempt (desk, g_str_equal (trouble, "mute") ? PATIENCE_MS : 0, &error)) {
      assert_done (desk, trouble, at);
      at_once++;
      continue;
    }
    g_assert_cmpuint (error->domain, ==, TAMBO_CHIP_ERROR);
    finish (desk, trouble, at);
  }
  g_test_message ("%u commands, %u points: %u done in spite of it, %u after the card was laid back",
                  count, points, at_once, points - at_once);
}

/* Both at random, three seeds, and jitter. */
static void test_random (Desk *desk, gconstpointer kind) {
  for (guint seed = 1; seed <= 3; seed++) {
    g_autoptr (GError) error = NULL;
    begin (desk);
    wire_tell (desk->wire, "fault 61xx=%u,6Cxx=%u,jitter=2", seed, seed);
    gboolean done = attempt (desk, 0, &error);
    g_assert_no_error (error);
    g_assert_true (done);
    assert_done (desk, "61xx and 6Cxx", seed);
  }
}

/* No memory at the Nth creation: the blank is refused, unlocked, and never called done. */
static void test_memory (Desk *desk, gconstpointer kind) {
  guint files = 0;

  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++)
    files += desk->lds->files[file] != NULL;
  for (guint at = 1; at <= files; at++) {
    g_autoptr (GError) error = NULL;
    begin (desk);
    wire_tell (desk->wire, "fault 6A84@%u", at);
    g_assert_false (attempt (desk, 0, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MEMORY);
    g_assert_false (is_locked (desk));
    g_assert_false (has_row (desk, "write DG1")); /* nothing personal is on it yet */
    g_assert_false (has_row (desk, "done"));
  }
}

/* The card is away at a command and another blank lies there. */
static void test_other_card (Desk *desk, gconstpointer kind) {
  guint count = count_commands (desk), refused = 0, equal = 0;

  for (guint at = 1; at <= count; at += stride (count)) {
    g_autoptr (GError) error = NULL;
    begin (desk);
    wire_tell (desk->wire, "fault wrong-card@%u", at);
    g_assert_false (attempt (desk, 0, &error));
    g_clear_error (&error);
    gboolean known = tambo_personalisation_begun (desk->rows) != 0 || has_row (desk, "lock");
    mend (desk);
    if (attempt (desk, 0, &error)) {
      g_assert_false (known); /* both were empty: no one can tell them apart and none needs to */
      assert_done (desk, "wrong-card", at);
      equal++;
      continue;
    }
    g_assert_true (known);
    g_assert_false (is_locked (desk));
    g_autofree char *memory = wire_status (desk->wire, "memory");
    g_assert_true (g_str_has_prefix (memory, "0/"));
    refused++;
  }
  g_assert_cmpuint (refused, >=, equal);
  g_test_message ("%u refused and left as they were, %u while both were empty", refused, equal);
}

/* pcscd dies before each row of the journal is sent. */
static void test_service (Desk *desk, gconstpointer kind) {
  count_commands (desk);
  guint count = desk->rows->len;

  for (guint at = 1; at <= count; at += stride (count)) {
    g_autoptr (GError) error = NULL;
    begin (desk);
    desk->kill_at = at;
    gboolean done = attempt (desk, 0, &error);
    desk->kill_at = 0;
    wire_revive (desk->wire);
    g_assert_true (wire_wait (TRUE, PRESENT_SECONDS));
    if (done) { /* it died when all was over */
      g_assert_cmpuint (at, ==, count);
      assert_done (desk, "pcscd", at);
      continue;
    }
    g_assert_cmpuint (error->domain, ==, TAMBO_CHIP_ERROR);
    if (at == count)
      g_test_message ("%s", error->message);
    finish (desk, "pcscd", at);
  }
  g_test_message ("pcscd killed at each of %u rows", count);
}

static void add (gsize kind, const char *name, gsize index,
                 void (*test) (Desk *desk, gconstpointer data)) {
  g_autofree char *path = g_strdup_printf ("/fault/chip-wire/%s/%s", kinds[kind].name, name);

  g_test_add (path, Desk, GSIZE_TO_POINTER (index * G_N_ELEMENTS (kinds) + kind), set_up, test,
              tear_down);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  if (!wire_is_possible ()) {
    g_print ("1..0 # SKIP pcscd is not installed\n");
    return 0;
  }
  for (gsize kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
      if (g_getenv ("TAMBO_LONG_TESTS") || i % G_N_ELEMENTS (kinds) == kind)
        add (kind, troubles[i].name, i, test_trouble);
    add (kind, "random", 0, test_random);
    add (kind, "memory", 0, test_memory);
    add (kind, "other-card", 0, test_other_card);
    add (kind, "service", 0, test_service);
  }
  return g_test_run ();
}
