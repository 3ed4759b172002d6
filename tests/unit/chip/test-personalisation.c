/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/personalisation.h"

#include <string.h>

#include "applet.h"
#include "chip/command-template.h"
#include "hex.h"
#include "memory-channel.h"
#include "specimen.h"

typedef struct {
  TamboSigner *csca, *ds;
  GPtrArray *roots, *verdicts;
  TamboLds *lds;
  Applet *applet;
  TamboChannel *channel;
  GString *journal; /* "step FILE " of each call */
  gsize bytes_done, bytes_total;
  gboolean lock_announced;
  int refused_step; /* the journal refuses it; -1 none */
} Fixture;

static void set_up (Fixture *fixture, gconstpointer data) {
  fixture->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  fixture->ds = tambo_document_signer_new (fixture->csca, "Specimen DS", 5, NULL);
  fixture->roots = specimen_csca (fixture->csca);
  fixture->verdicts = specimen_verdicts ();
  fixture->lds = specimen_lds (fixture->ds, 1500);
  fixture->applet = applet_new ();
  fixture->channel = memory_channel_new (applet_card, fixture->applet);
  fixture->journal = g_string_new (NULL);
  fixture->refused_step = -1;
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  g_string_free (fixture->journal, TRUE);
  g_object_unref (fixture->channel);
  applet_free (fixture->applet);
  tambo_lds_free (fixture->lds);
  g_ptr_array_unref (fixture->verdicts);
  g_ptr_array_unref (fixture->roots);
  tambo_signer_free (fixture->ds);
  tambo_signer_free (fixture->csca);
}

static gboolean write_journal (TamboPersonalisationStep step, TamboLdsFile file, gpointer data,
                               GError **error) {
  Fixture *fixture = data;

  if (fixture->refused_step == (int) step) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "the journal is full");
    return FALSE;
  }
  g_string_append (fixture->journal, tambo_personalisation_step_to_string (step));
  if (file < TAMBO_LDS_N_FILES)
    g_string_append_printf (fixture->journal, ":%s", tambo_lds_file_name (file));
  g_string_append_c (fixture->journal, ' ');
  if (step == TAMBO_STEP_LOCK)
    fixture->lock_announced = TRUE;
  return TRUE;
}

static void note_progress (gsize bytes_done, gsize bytes_total, gpointer data) {
  Fixture *fixture = data;

  g_assert_cmpuint (bytes_done, >=, fixture->bytes_done);
  g_assert_cmpuint (bytes_done, <=, bytes_total);
  fixture->bytes_done = bytes_done;
  fixture->bytes_total = bytes_total;
}

static gboolean run (Fixture *fixture,
                     gboolean (*act) (const TamboPersonalisation *, TamboChannel *, GPtrArray *,
                                      GCancellable *, GError **),
                     GError **error) {
  TamboPersonalisation order = {
    .profile = tambo_chip_profile_find ("jmrtd"),
    .lds = fixture->lds,
    .mrz = SPECIMEN_MRZ,
    .csca = fixture->roots,
    .journal = write_journal,
    .progress = note_progress,
    .data = fixture,
  };

  fixture->bytes_done = 0;
  return act (&order, fixture->channel, fixture->verdicts, NULL, error);
}

static gboolean personalise (Fixture *fixture, GError **error) {
  return run (fixture, tambo_personalise, error);
}

static gboolean finish (Fixture *fixture, GError **error) {
  return run (fixture, tambo_personalisation_finish, error);
}

static void test_done (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  gboolean done = personalise (fixture, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (fixture->applet->locked);
  g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
  g_assert_cmpint (specimen_result (fixture->verdicts, "read-back"), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (fixture->verdicts, "locked"), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (fixture->verdicts, "sod-signature"), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpuint (fixture->bytes_done, ==, fixture->bytes_total);
  g_assert_cmpstr (fixture->journal->str, ==,
                   "select create:DG1 create:DG7 create:COM create:SOD "
                   "write:DG1 write:DG7 write:COM write:SOD keys read-back lock done ");
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (fixture->lds->files[i])
      g_assert_cmpmem (fixture->applet->files[i]->data, fixture->applet->files[i]->len,
                       g_bytes_get_data (fixture->lds->files[i], NULL),
                       g_bytes_get_size (fixture->lds->files[i]));
  }
  /* nothing but the refused attempt is written after the lock */
  const char *lock = strchr (fixture->applet->log->str, 'L');
  g_assert_cmpstr (lock, ==, "LsssABsrw");
}

/* The first APDUs, byte for byte as the applet's dialect has them. */
static void test_first_apdus (void) {
  static const char *const pairs[] = {
    "00A4040C07A0000002471001", "9000", "00E000000663040002011E", "6985", NULL,
  };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
  g_autoptr (TamboLds) lds = tambo_lds_new ();
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
  g_autoptr (GBytes) com = hex ("6000");
  g_autoptr (GError) error = NULL;
  TamboPersonalisation order = { .profile = tambo_chip_profile_find ("jmrtd"),
                                 .lds = lds,
                                 .mrz = SPECIMEN_MRZ };

  tambo_lds_set (lds, TAMBO_LDS_COM, com);
  g_assert_false (tambo_personalise (&order, channel, verdicts, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED); /* no DG1, no SOD */
  g_clear_error (&error);
  g_assert_cmpuint (card.position, ==, 0);

  static const char *const with_dg1[] = {
    "00A4040C07A0000002471001",
    "9000",
    "00E0000006630400020101",
    "9000",
    "00E000000663040002011E",
    "9000",
    "00E000000663040002011D",
    "9000",
    "00A4020C020101",
    "9000",
    "00D60000026000",
    "9000",
    "00A4020C02011E",
    "9000",
    "00D60000026000",
    "9000",
    "00A4020C02011D",
    "9000",
    "00D60000026000",
    "9000",
    "00DA00621D621B04094C38393839303243330406373430383132"
    "0406313230343135",
    "6985",
    NULL,
  };
  ScriptedCard second = { with_dg1, 0 };
  g_autoptr (TamboChannel) other = memory_channel_new (scripted_card, &second);
  tambo_lds_set (lds, TAMBO_LDS_DG1, com);
  tambo_lds_set (lds, TAMBO_LDS_SOD, com);
  g_assert_false (tambo_personalise (&order, other, verdicts, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS);
  g_assert_cmpuint (second.position, ==, 11);
}

static void assert_fails (Fixture *fixture, int code) {
  g_autoptr (GError) error = NULL;

  g_assert_false (personalise (fixture, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (error->domain, ==, TAMBO_CHIP_ERROR);
  g_assert_cmpint (error->code, ==, code);
}

static void test_locked_already (Fixture *fixture, gconstpointer data) {
  fixture->applet->locked = TRUE;
  assert_fails (fixture, TAMBO_CHIP_ERROR_LOCKED);
  g_assert_cmpuint (fixture->applet->writes, ==, 0);
}

static void test_memory (Fixture *fixture, gconstpointer data) {
  fixture->applet->memory = 1000;
  assert_fails (fixture, TAMBO_CHIP_ERROR_MEMORY);
  g_assert_cmpuint (fixture->applet->writes, ==, 0);
}

static void test_too_large (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboLds) large = specimen_lds (fixture->ds, 40000);

  tambo_lds_free (fixture->lds);
  fixture->lds = g_steal_pointer (&large);
  assert_fails (fixture, TAMBO_CHIP_ERROR_MEMORY);
  g_assert_cmpuint (fixture->applet->commands, ==, 0);
}

static void test_refused_group (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) dg3 = hex ("6300");

  tambo_lds_set (fixture->lds, TAMBO_LDS_DG3, dg3);
  assert_fails (fixture, TAMBO_CHIP_ERROR_UNSUPPORTED);
  g_assert_cmpuint (fixture->applet->commands, ==, 0);
}

static void test_flipped (Fixture *fixture, gconstpointer data) {
  fixture->applet->flips = TRUE;
  assert_fails (fixture, TAMBO_CHIP_ERROR_MISMATCH);
  g_assert_false (fixture->lock_announced);
  g_assert_false (fixture->applet->locked);
}

/* Written well, but it would fail at the border: never locked. */
static void test_foreign_sod (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboSigner) other = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);

  g_ptr_array_unref (fixture->roots);
  fixture->roots = specimen_csca (other);
  assert_fails (fixture, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_false (fixture->applet->locked);
}

static void test_deaf_lock (Fixture *fixture, gconstpointer data) {
  fixture->applet->deaf_lock = TRUE;
  assert_fails (fixture, TAMBO_CHIP_ERROR_STATUS);
  g_assert_cmpint (specimen_result (fixture->verdicts, "locked"), ==, TAMBO_VERDICT_FAILED);
}

/* Torn at every command: before the lock was announced a second go finishes the card; after it the
 * card is looked at and locked if the lock had not reached it. */
static void test_torn (Fixture *fixture, gconstpointer data) {
  g_assert_true (personalise (fixture, NULL));
  guint count = fixture->applet->commands;
  guint resumed = 0, finished = 0;

  for (guint at = 1; at <= count; at++) {
    g_autoptr (Applet) applet = applet_new ();
    g_autoptr (TamboChannel) channel = memory_channel_new (applet_card, applet);
    g_autoptr (GError) error = NULL;
    TamboChannel *old = fixture->channel;
    fixture->channel = channel;
    fixture->lock_announced = FALSE;
    applet->tear_at = at;
    g_assert_false (personalise (fixture, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED);
    g_clear_error (&error);
    guint writes = applet->writes;
    if (fixture->lock_announced) {
      g_ptr_array_set_size (fixture->verdicts, 0);
      g_assert_true (finish (fixture, &error));
      g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
      g_assert_cmpuint (applet->writes, <=, writes + 1); /* EF.COM's first byte, with itself */
      finished++;
    } else {
      g_assert_true (personalise (fixture, &error));
      resumed++;
    }
    g_assert_no_error (error);
    g_assert_true (applet->locked);
    fixture->channel = old;
  }
  g_assert_cmpuint (resumed, >, 20);
  g_assert_cmpuint (finished, >, 3);
}

static void test_finish_open (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;

  g_assert_true (personalise (fixture, NULL));
  fixture->applet->locked = FALSE;
  fixture->applet->deaf_lock = TRUE;
  g_ptr_array_set_size (fixture->verdicts, 0);
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS);
  g_assert_cmpint (specimen_result (fixture->verdicts, "locked"), ==, TAMBO_VERDICT_FAILED);

  g_clear_error (&error);
  fixture->applet->deaf_lock = FALSE;
  g_ptr_array_set_size (fixture->verdicts, 0);
  gboolean done = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (fixture->applet->locked);
}

static void test_finish_foreign (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;

  g_assert_true (personalise (fixture, NULL));
  fixture->applet->locked = FALSE;
  fixture->applet->files[TAMBO_LDS_DG7]->data[20] ^= 1;
  g_assert_false (finish (fixture, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH);
  g_assert_false (fixture->applet->locked);
}

static void test_journal_refuses (Fixture *fixture, gconstpointer data) {
  for (int step = TAMBO_STEP_SELECT; step <= TAMBO_STEP_LOCK; step++) {
    g_autoptr (GError) error = NULL;
    fixture->refused_step = step;
    g_assert_false (personalise (fixture, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    g_assert_false (fixture->applet->locked);
    if (step == TAMBO_STEP_SELECT)
      g_assert_cmpuint (fixture->applet->commands, ==, 0);
    if (step == TAMBO_STEP_WRITE)
      g_assert_cmpuint (fixture->applet->writes, ==, 0);
  }
}

static void test_cancelled (Fixture *fixture, gconstpointer data) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  TamboPersonalisation order = { .profile = tambo_chip_profile_find ("jmrtd"),
                                 .lds = fixture->lds,
                                 .mrz = SPECIMEN_MRZ };

  g_cancellable_cancel (cancellable);
  g_assert_false (
      tambo_personalise (&order, fixture->channel, fixture->verdicts, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->applet->commands, ==, 0);
}

static void test_steps (void) {
  for (guint step = TAMBO_STEP_SELECT; step <= TAMBO_STEP_DONE; step++) {
    TamboPersonalisationStep back;
    g_assert_true (tambo_personalisation_step_from_string (
        tambo_personalisation_step_to_string (step), &back));
    g_assert_cmpuint (back, ==, step);
  }
  TamboPersonalisationStep back;
  g_assert_false (tambo_personalisation_step_from_string ("", &back));
  g_assert_false (tambo_personalisation_step_from_string (NULL, &back));
}

/* Every template of every profile can be said, and no piece of a file is longer than a short command
 * carries under the profile's protection. */
static void test_templates (void) {
  guint8 data[255] = { 0 };
  g_autoptr (GBytes) key = g_bytes_new (data, 16), number = g_bytes_new (data, 128);

  for (const char *const *name = tambo_chip_profile_names (); *name; name++) {
    const TamboChipProfile *p = tambo_chip_profile_find (*name);
    gsize limit = p->authentication == TAMBO_CHIP_OPEN ? 255 : 239;
    const struct {
      const char *text;
      gsize size;
    } rows[] = {
      { p->select, 0 },
      { p->prepare, 0 },
      { p->begin, 0 },
      { p->create, 0 },
      { p->write, p->max_write },
      { p->write_first, p->max_write_first },
      { p->write_far, p->max_write_far },
      { p->bac_keys, 0 },
      { p->active_modulus, 0 },
      { p->active_exponent, 0 },
      { p->lock_file, 0 },
      { p->lock, 0 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
      g_autoptr (GByteArray) array = g_byte_array_new ();
      TamboTemplateValues values = { .fid = 0x0102,
                                     .size = 1,
                                     .data = data,
                                     .data_size = rows[i].size,
                                     .number = "L898902C<",
                                     .birth = "690806",
                                     .expiry = "940623",
                                     .k_enc = key,
                                     .k_mac = key,
                                     .modulus = number,
                                     .exponent = number };
      TamboCommand command;
      if (!rows[i].text)
        continue;
      g_assert_true (tambo_command_template_expand (rows[i].text, &values, array, &command));
      g_assert_cmpuint (command.size, <=, limit);
    }
  }
}

static void test_template (void) {
  static const char *const wrong[] = { "",
                                       "00",
                                       "00 A4 04",
                                       "00 A4 04 0",
                                       "00 A4 04 00 : {x}",
                                       "00 A4 04 00 : (",
                                       "00 A4 04 00 : )",
                                       "00 A4 04 00 : 00 : 1",
                                       "00 A4 04 00 : 00 : 00 : 00",
                                       "00 A4 04 00 : {fid",
                                       "00 A4 04 00 : {k_enc}",
                                       "00 A4 04 00 ((((((((((" };
  TamboTemplateValues values = { .fid = 0x011E, .size = 0x1234, .offset = 0x8001 };
  TamboCommand command;

  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_assert_true (tambo_command_template_expand (
      "00 d7 {size} : 54 ( {offset3} ) 88({sfi}) {fid} {offset} : 00", &values, array, &command));
  g_autoptr (GBytes) bytes = tambo_command_encode (&command);
  assert_hex (bytes, "00D712340C 5403008001 8801F0 011E 8001 00");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GByteArray) rest = g_byte_array_new ();
    g_assert_false (tambo_command_template_expand (wrong[i], &values, rest, &command));
  }
}

static void test_keys_wanted (Fixture *fixture, gconstpointer data) {
  static const char *const names[] = { "iso7816", "gp-scp03" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    TamboPersonalisation order = { .profile = tambo_chip_profile_find (names[i]),
                                   .lds = fixture->lds,
                                   .mrz = SPECIMEN_MRZ };
    g_assert_false (tambo_personalise (&order, fixture->channel, fixture->verdicts, NULL, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
  }
  g_assert_cmpuint (fixture->applet->commands, ==, 0);
}

static void test_profiles (void) {
  const char *const *names = tambo_chip_profile_names ();

  g_assert_cmpstr (names[0], ==, "jmrtd");
  for (; *names; names++) {
    const TamboChipProfile *profile = tambo_chip_profile_find (*names);
    g_assert_nonnull (profile);
    g_assert_cmpstr (profile->name, ==, *names);
    g_assert_cmpuint (profile->max_write, >, 0);
    g_assert_cmpuint (profile->max_write, <=, 255);
  }
  g_assert_null (tambo_chip_profile_find ("unknown"));
  g_assert_null (tambo_chip_profile_find (NULL));
}

#define ADD(path, test)                                                                            \
  g_test_add ("/chip/personalisation/" path, Fixture, NULL, set_up, test, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("done", test_done);
  ADD ("locked-already", test_locked_already);
  ADD ("memory", test_memory);
  ADD ("too-large", test_too_large);
  ADD ("refused-group", test_refused_group);
  ADD ("flipped", test_flipped);
  ADD ("foreign-sod", test_foreign_sod);
  ADD ("deaf-lock", test_deaf_lock);
  ADD ("finish-open", test_finish_open);
  ADD ("finish-foreign", test_finish_foreign);
  ADD ("torn", test_torn);
  ADD ("journal-refuses", test_journal_refuses);
  ADD ("cancelled", test_cancelled);
  g_test_add_func ("/chip/personalisation/first-apdus", test_first_apdus);
  g_test_add_func ("/chip/personalisation/steps", test_steps);
  ADD ("keys-wanted", test_keys_wanted);
  g_test_add_func ("/chip/profile/names", test_profiles);
  g_test_add_func ("/chip/profile/templates", test_templates);
  g_test_add_func ("/chip/profile/template", test_template);
  return g_test_run ();
}
