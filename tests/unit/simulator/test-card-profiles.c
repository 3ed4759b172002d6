/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "base/cleanup.h"
#include "chip/active-authentication.h"
#include "chip/data-group.h"
#include "chip/key-info.h"
#include "memory-channel.h"
#include "simulator/card-chip.h"
#include "simulator/card-gp.h"
#include "specimen.h"

#define MEMORY (128 * 1024)
#define N_RANDOM 20000

static const struct {
  const char *name, *profile;
  TamboScpProtocol protocol;
} kinds[] = {
  { "jmrtd", "jmrtd", TAMBO_SCP_03 },
  { "iso7816", "iso7816", TAMBO_SCP_03 },
  { "gp-scp03", "gp-scp03", TAMBO_SCP_03 },
  { "gp-scp02", "gp-scp03", TAMBO_SCP_02 },
};

typedef struct {
  TamboSigner *csca, *ds;
  GPtrArray *roots, *verdicts;
  TamboLds *lds;
  TamboPersonalisationKeys keys;
  TamboCardChip *chip;
  TamboChannel *channel;
  TamboPersonalisation order;
  guint commands;
  gboolean is_short; /* the reader lets no greater command through */
} Fixture;

static GBytes *chip_card (GBytes *command, gpointer data, GError **error) {
  Fixture *fixture = data;

  fixture->commands++;
  if (fixture->is_short && g_bytes_get_size (command) > 261)
    return g_bytes_new_static ("\x67\x00", 2);
  return tambo_card_chip_process (fixture->chip, command);
}

static void set_up_with (Fixture *fixture, gsize kind, gsize size) {
  fixture->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  fixture->ds = tambo_document_signer_new (fixture->csca, "Specimen DS", 5, NULL);
  fixture->roots = specimen_csca (fixture->csca);
  fixture->verdicts = specimen_verdicts ();
  fixture->lds = specimen_lds (fixture->ds, size);
  fixture->keys.protocol = kinds[kind].protocol;
  fixture->keys.enc = g_bytes_new_static (TAMBO_CARD_FACTORY_KEY, TAMBO_CARD_FACTORY_KEY_SIZE);
  fixture->keys.mac = g_bytes_ref (fixture->keys.enc);
  fixture->chip = tambo_card_chip_new (kinds[kind].profile, MEMORY, kinds[kind].protocol);
  fixture->channel = memory_channel_new (chip_card, fixture);
  fixture->order = (TamboPersonalisation){ .profile = tambo_chip_profile_find (kinds[kind].profile),
                                           .lds = fixture->lds,
                                           .mrz = SPECIMEN_MRZ,
                                           .csca = fixture->roots,
                                           .keys = &fixture->keys };
}

static void set_up (Fixture *fixture, gconstpointer kind) {
  set_up_with (fixture, GPOINTER_TO_SIZE (kind), 1500);
}

static void tear_down (Fixture *fixture, gconstpointer kind) {
  g_object_unref (fixture->channel);
  tambo_card_chip_free (fixture->chip);
  g_bytes_unref (fixture->keys.enc);
  g_bytes_unref (fixture->keys.mac);
  tambo_lds_free (fixture->lds);
  g_ptr_array_unref (fixture->verdicts);
  g_ptr_array_unref (fixture->roots);
  tambo_signer_free (fixture->ds);
  tambo_signer_free (fixture->csca);
}

static gboolean personalise (Fixture *fixture, GError **error) {
  return tambo_personalise (&fixture->order, fixture->channel, fixture->verdicts, NULL, error);
}

static void assert_written (const Fixture *fixture) {
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autoptr (GBytes) content = tambo_card_chip_dup_file (fixture->chip, tambo_lds_file_id (file));
    g_assert_true ((content != NULL) == (fixture->lds->files[file] != NULL));
    if (content)
      g_assert_true (g_bytes_equal (content, fixture->lds->files[file]));
  }
}

static void test_done (Fixture *fixture, gconstpointer kind) {
  g_autoptr (GError) error = NULL;
  gboolean done = personalise (fixture, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (tambo_card_chip_is_locked (fixture->chip));
  g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
  assert_written (fixture);
  g_test_message ("%u commands", fixture->commands);

  /* and never again */
  g_assert_false (personalise (fixture, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_LOCKED);
  assert_written (fixture);
}

/* A border's challenge to whatever lies there. */
static int challenge (Fixture *fixture, const TamboLds *lds) {
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (SPECIMEN_MRZ, NULL, NULL);
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSecureMessaging) sm = tambo_inspection_open (fixture->channel, mrz, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (tambo_active_authentication (fixture->channel, sm, lds, verdicts, NULL, &error));
  g_assert_no_error (error);
  return specimen_result (verdicts, "active-authentication");
}

static void take_curve_key (EVP_PKEY *pair, TamboActiveKey *out_key, GBytes **out_dg15) {
  BIO *bio = BIO_new (BIO_s_mem ());
  g_autoptr (GError) error = NULL;
  char *text;

  g_assert_true (PEM_write_bio_PrivateKey (bio, pair, NULL, NULL, 0, NULL, NULL));
  long size = BIO_get_mem_data (bio, &text);
  g_autoptr (GBytes) pem = g_bytes_new (text, (gsize) size);
  BIO_free (bio);
  g_assert_true (tambo_active_key_parse (pem, out_key, out_dg15, &error));
  g_assert_no_error (error);
}

/* The chip proves the key of its DG15; one without the key, and one with another, do not. */
static void test_active (Fixture *fixture, gconstpointer kind) {
  g_auto (TamboActiveKey) key = { 0 }, other = { 0 };
  g_autoptr (GBytes) dg15 = NULL, other_dg15 = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_active_key_generate (&key, &dg15, &error));
  g_assert_true (tambo_active_key_generate (&other, &other_dg15, &error));
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG15, dg15);
  specimen_sign (fixture->lds, fixture->ds);
  fixture->order.active = &key;
  g_assert_true (personalise (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpint (challenge (fixture, fixture->lds), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (fixture->verdicts, "active-authentication"), ==,
                   TAMBO_VERDICT_PASSED);

  g_autoptr (TamboLds) without = specimen_lds (NULL, 10);
  g_assert_cmpint (challenge (fixture, without), ==, TAMBO_VERDICT_SKIPPED);
  tambo_lds_set (without, TAMBO_LDS_DG15, other_dg15);
  g_assert_cmpint (challenge (fixture, without), ==, TAMBO_VERDICT_FAILED);

  /* a clone: every file, and not the key */
  tambo_card_chip_free (fixture->chip);
  fixture->chip = tambo_card_chip_new (kinds[GPOINTER_TO_SIZE (kind)].profile, MEMORY,
                                       kinds[GPOINTER_TO_SIZE (kind)].protocol);
  fixture->order.active = NULL;
  g_ptr_array_set_size (fixture->verdicts, 0);
  gboolean written = personalise (fixture, &error);
  if (written)
    g_assert_cmpint (challenge (fixture, fixture->lds), ==, TAMBO_VERDICT_FAILED);
  else /* inspection asks the chip by itself then */
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_clear_error (&error);

  /* the wrong key on the chip is found before the lock */
  tambo_card_chip_free (fixture->chip);
  fixture->chip = tambo_card_chip_new (kinds[GPOINTER_TO_SIZE (kind)].profile, MEMORY,
                                       kinds[GPOINTER_TO_SIZE (kind)].protocol);
  g_ptr_array_set_size (fixture->verdicts, 0);
  fixture->order.active = &other;
  g_assert_false (personalise (fixture, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_false (tambo_card_chip_is_locked (fixture->chip));
}

/* A key on a curve, for the chips that take one: proved at the desk and at a border. */
static void test_active_curve (Fixture *fixture, gconstpointer kind) {
  g_autoptr (EVP_PKEY) pair = EVP_EC_gen ("P-256");
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) dg15 = NULL, other_dg15 = NULL;
  g_auto (TamboActiveKey) key = { 0 }, other = { 0 };
  g_autoptr (GError) error = NULL;

  take_curve_key (pair, &key, &dg15);
  tambo_key_infos_add_active (infos, pair);
  g_autoptr (GBytes) dg14 = tambo_dg14_encode (infos);
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG14, dg14);
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG15, dg15);
  specimen_sign (fixture->lds, fixture->ds);
  if (!fixture->order.profile->active_curve_key) {
    fixture->order.active = &key;
    g_assert_false (personalise (fixture, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
    g_assert_cmpuint (fixture->commands, ==, 0);
    return;
  }
  /* another one is found before the lock */
  g_autoptr (EVP_PKEY) other_pair = EVP_EC_gen ("P-256");
  take_curve_key (other_pair, &other, &other_dg15);
  fixture->order.active = &other;
  g_assert_false (personalise (fixture, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_false (tambo_card_chip_is_locked (fixture->chip));
  g_clear_error (&error);

  g_ptr_array_set_size (fixture->verdicts, 0);
  fixture->order.active = &key;
  fixture->order.begun = 0;
  g_assert_true (personalise (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpint (specimen_result (fixture->verdicts, "active-authentication"), ==,
                   TAMBO_VERDICT_PASSED);
  g_assert_cmpint (challenge (fixture, fixture->lds), ==, TAMBO_VERDICT_PASSED);
}

/* What goes onto the chip with DG14. */
static void add_keys (Fixture *fixture) {
  fixture->order.chip_key = specimen_add_keys (fixture->lds, fixture->ds);
  fixture->order.can = "123456";
  fixture->order.card_access =
      tambo_personalisation_make_card_access (fixture->order.profile, fixture->lds);
}

/* What a border sees of the issued chip: PACE by either password, BAC for whoever knows no other way,
 * chip authentication. */
static void test_keys (Fixture *fixture, gconstpointer kind) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
  TamboInspectionKeys by_can = { NULL, "123456" }, by_wrong_can = { NULL, "654321" };

  add_keys (fixture);
  gboolean can_pace = fixture->order.profile->card_access != NULL;
  g_assert_true (can_pace == (fixture->order.card_access != NULL));
  gboolean done = personalise (fixture, &error);
  if (!can_pace) {
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
    g_assert_cmpuint (fixture->commands, ==, 0);
  } else {
    g_assert_no_error (error);
    g_assert_true (done);
    g_assert_cmpint (specimen_result (fixture->verdicts, "pace"), ==, TAMBO_VERDICT_PASSED);
    g_assert_cmpint (specimen_result (fixture->verdicts, "card-access"), ==, TAMBO_VERDICT_PASSED);
    g_assert_cmpint (specimen_result (fixture->verdicts, "chip-authentication"), ==,
                     TAMBO_VERDICT_PASSED);
    tambo_card_chip_reset (fixture->chip);
    g_autoptr (TamboLds) lds =
        tambo_inspect_with (fixture->channel, &by_can, fixture->roots, verdicts, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (tambo_lds_equal (lds, fixture->lds));
    g_assert_true (tambo_verdicts_all_passed (verdicts));
    g_assert_null (tambo_inspection_open_with (fixture->channel, &by_wrong_can, NULL, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  }
  g_clear_pointer (&fixture->order.card_access, g_bytes_unref);
  g_clear_pointer (&fixture->order.chip_key, g_bytes_unref);
}

/* Another key than that of DG14 is found before the lock. */
static void test_other_chip_key (Fixture *fixture, gconstpointer kind) {
  g_autoptr (TamboLds) others = specimen_lds (NULL, 1);
  g_autoptr (GError) error = NULL;

  add_keys (fixture);
  g_bytes_unref (fixture->order.chip_key);
  fixture->order.chip_key = specimen_add_keys (others, NULL);
  g_assert_false (personalise (fixture, &error));
  g_assert_false (tambo_card_chip_is_locked (fixture->chip));
  if (fixture->order.card_access)
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_clear_pointer (&fixture->order.card_access, g_bytes_unref);
  g_clear_pointer (&fixture->order.chip_key, g_bytes_unref);
}

static gboolean note_row (TamboPersonalisationStep step, TamboLdsFile file, gpointer data,
                          GError **error) {
  g_ptr_array_add (data, tambo_personalisation_row (step, file));
  return TRUE;
}

/* The chip's own key becomes DG15, is signed, and proves the document. */
static void test_generated (Fixture *fixture, gconstpointer kind) {
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  fixture->order.journal = note_row;
  fixture->order.data = rows;
  g_autoptr (GBytes) public_key =
      tambo_personalisation_generate (&fixture->order, fixture->channel, NULL, &error);
  if (!fixture->order.profile->generate) {
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
    g_assert_cmpuint (rows->len, ==, 0);
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpstr (g_ptr_array_index (rows, rows->len - 1), ==, "generate");
  g_autoptr (GBytes) dg15 = tambo_dg15_encode (public_key);
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG15, dg15);
  specimen_sign (fixture->lds, fixture->ds);
  gboolean done = personalise (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_cmpint (specimen_result (fixture->verdicts, "active-authentication"), ==,
                   TAMBO_VERDICT_PASSED);
  g_assert_null (tambo_personalisation_generate (&fixture->order, fixture->channel, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_LOCKED);
}

/* Fewer commands where the chip takes greater ones; and a way back where something does not. */
static void test_extended (Fixture *fixture, gconstpointer kind) {
  g_autoptr (GError) error = NULL;
  guint commands[3];

  tear_down (fixture, kind);
  for (int i = 0; i < 3; i++) {
    *fixture = (Fixture){ 0 };
    set_up_with (fixture, GPOINTER_TO_SIZE (kind), 20000);
    fixture->is_short = i == 2;
    if (i > 0)
      tambo_card_chip_declare_lengths (fixture->chip, 2000);
    gboolean done = personalise (fixture, &error);
    g_assert_no_error (error);
    g_assert_true (done);
    assert_written (fixture);
    commands[i] = fixture->commands;
    if (i < 2)
      tear_down (fixture, kind);
  }
  if (fixture->order.profile->extends)
    g_assert_cmpuint (commands[1], <, commands[0] - 60);
  else
    g_assert_cmpuint (commands[1], ==, commands[0]);
  g_assert_cmpuint (commands[2], <=, commands[0] + 2); /* EF.ATR/INFO and the refusal */
}

/* Beyond the reach of UPDATE BINARY and READ BINARY with the even instruction. */
static void test_large (Fixture *fixture, gconstpointer kind) {
  g_autoptr (GError) error = NULL;

  tear_down (fixture, kind);
  *fixture = (Fixture){ 0 };
  set_up_with (fixture, GPOINTER_TO_SIZE (kind), 50000);
  gboolean done = personalise (fixture, &error);
  if (fixture->order.profile->authentication == TAMBO_CHIP_OPEN) {
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MEMORY);
    return;
  }
  g_assert_no_error (error);
  g_assert_true (done);
  assert_written (fixture);
}

static void test_memory (Fixture *fixture, gconstpointer kind) {
  g_autoptr (GError) error = NULL;
  gsize index = GPOINTER_TO_SIZE (kind);

  tambo_card_chip_free (fixture->chip);
  fixture->chip = tambo_card_chip_new (kinds[index].profile, 1000, kinds[index].protocol);
  g_assert_false (personalise (fixture, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MEMORY);
  g_assert_false (tambo_card_chip_is_locked (fixture->chip));
}

static void test_wrong_keys (Fixture *fixture, gconstpointer kind) {
  g_autoptr (GError) error = NULL;

  if (fixture->order.profile->authentication == TAMBO_CHIP_OPEN)
    return;
  g_bytes_unref (fixture->keys.mac);
  fixture->keys.mac = g_bytes_new_static ("0123456789ABCDEF", 16);
  g_assert_false (personalise (fixture, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_cmpuint (tambo_card_chip_get_memory_used (fixture->chip), ==, 0);
}

/* A stranger with no keys at all writes nothing, before and after. */
static void test_stranger (Fixture *fixture, gconstpointer kind) {
  static const char *const commands[] = {
    "\x00\xE0\x00\x00\x06\x63\x04\x00\x10\x01\x01",
    "\x00\xD6\x00\x00\x01\x60",
    "\x00\xDA\xDE\xAD\x00",
    "\x00\x44\x00\x00\x00",
    "\x80\xE6\x20\x00\x00",
    "\x80\xE2\x88\x00\x04\x9F\x70\x01\x0F",
  };
  static const gsize sizes[] = { 11, 6, 5, 5, 5, 9 };

  g_assert_true (personalise (fixture, NULL));
  tambo_card_chip_reset (fixture->chip);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autoptr (GBytes) command = g_bytes_new (commands[i], sizes[i]);
    g_autoptr (GBytes) answer = tambo_card_chip_process (fixture->chip, command);
    g_assert_cmpuint (g_bytes_get_size (answer), ==, 2);
    g_assert_cmphex (*(const guint8 *) g_bytes_get_data (answer, NULL), >=, 0x67);
  }
  assert_written (fixture);
}

/* Any bytes have an answer with a status word, on a blank, between real commands, and when done. */
static void test_random (Fixture *fixture, gconstpointer kind) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (4711);
  static const guint8 starts[][4] = { { 0x00, 0xA4, 0x04, 0x0C }, { 0x00, 0xA4, 0x02, 0x0C },
                                      { 0x00, 0x84, 0x00, 0x00 }, { 0x80, 0x50, 0x00, 0x00 },
                                      { 0x84, 0x82, 0x03, 0x00 }, { 0x00, 0x22, 0xC1, 0xA4 },
                                      { 0x00, 0xE0, 0x00, 0x00 }, { 0x00, 0xD7, 0x00, 0x00 },
                                      { 0x0C, 0xB0, 0x00, 0x00 }, { 0x00, 0xDA, 0x00, 0x62 } };

  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < N_RANDOM; i++) {
      guint8 bytes[64];
      gsize size = (gsize) g_rand_int_range (rand, 0, sizeof bytes + 1);
      for (gsize at = 0; at < sizeof bytes; at++)
        bytes[at] = (guint8) g_rand_int (rand);
      if (size >= 5 && g_rand_boolean (rand)) {
        memcpy (bytes, starts[g_rand_int_range (rand, 0, G_N_ELEMENTS (starts))], 4);
        bytes[4] = (guint8) (size - 5);
      }
      g_autoptr (GBytes) command = g_bytes_new (bytes, size);
      g_autoptr (GBytes) answer = tambo_card_chip_process (fixture->chip, command);
      g_assert_cmpuint (g_bytes_get_size (answer), >=, 2);
    }
    tambo_card_chip_reset (fixture->chip);
    if (round == 0) {
      tambo_card_chip_free (fixture->chip);
      fixture->chip = tambo_card_chip_new (kinds[GPOINTER_TO_SIZE (kind)].profile, MEMORY,
                                           kinds[GPOINTER_TO_SIZE (kind)].protocol);
      g_assert_true (personalise (fixture, NULL));
    }
  }
  assert_written (fixture);
}

static void add (const char *name, gsize kind,
                 void (*test) (Fixture *fixture, gconstpointer kind)) {
  g_autofree char *path = g_strdup_printf ("/simulator/card-%s/%s", kinds[kind].name, name);

  g_test_add (path, Fixture, GSIZE_TO_POINTER (kind), set_up, test, tear_down);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  for (gsize kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    add ("done", kind, test_done);
    add ("active", kind, test_active);
    add ("active-curve", kind, test_active_curve);
    add ("keys", kind, test_keys);
    add ("other-chip-key", kind, test_other_chip_key);
    add ("generated", kind, test_generated);
    add ("extended", kind, test_extended);
    add ("large", kind, test_large);
    add ("memory", kind, test_memory);
    add ("wrong-keys", kind, test_wrong_keys);
    add ("stranger", kind, test_stranger);
    add ("random", kind, test_random);
  }
  return g_test_run ();
}
