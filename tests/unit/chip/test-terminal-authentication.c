/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The terminal's end alone: its keys, its chain, and chips that answer wrongly. Both ends together are in
 * tests/unit/simulator/test-card-terminal.c.
 */
#include "chip/terminal-authentication.h"

#include <string.h>

#include "cv-maker.h"
#include "hex.h"
#include "memory-channel.h"
#include "specimen.h"

static const CvWish verifier_wish = { "UTCVCA00001", "UTDV00001", 0x83, "260101", "280101", FALSE };
static const CvWish own_wish = { "UTDV00001", "UTIS00001", 0x03, "260101", "280101", FALSE };

typedef struct {
  EVP_PKEY *authority, *verifier, *own;
  GBytes *pem;
  GPtrArray *files, *verdicts;
} Fixture;

static void set_up (Fixture *fixture, gconstpointer data) {
  fixture->authority = cv_key ();
  fixture->verifier = cv_key ();
  fixture->own = cv_key ();
  fixture->pem = cv_key_pem (fixture->own);
  fixture->files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (fixture->files, cv_make (&own_wish, fixture->own, fixture->verifier));
  g_ptr_array_add (fixture->files, cv_make (&verifier_wish, fixture->verifier, fixture->authority));
  fixture->verdicts = specimen_verdicts ();
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  EVP_PKEY_free (fixture->authority);
  EVP_PKEY_free (fixture->verifier);
  EVP_PKEY_free (fixture->own);
  g_bytes_unref (fixture->pem);
  g_ptr_array_unref (fixture->files);
  g_ptr_array_unref (fixture->verdicts);
}

static void assert_refused (Fixture *fixture, GBytes *pem, const char *cause) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_terminal_new (pem, fixture->files, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_TERMINAL);
  g_assert_nonnull (strstr (error->message, cause));
}

static void test_load (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTerminal) terminal = tambo_terminal_new (fixture->pem, fixture->files, &error);
  g_autoptr (GBytes) foreign = cv_key_pem (fixture->authority);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("no key", 6);

  g_assert_no_error (error);
  g_assert_cmpstr (tambo_terminal_get_name (terminal), ==, "UTIS00001");
  assert_refused (fixture, foreign, "none of the terminal's certificates is of its key");
  assert_refused (fixture, nothing, "private key");
  g_ptr_array_add (fixture->files, g_bytes_new_static ("", 0));
  assert_refused (fixture, fixture->pem, "is empty");
}

/* A chip in the clear that says what it is told to. */
typedef struct {
  const char *authorities; /* of EF.CVCA, hexadecimal */
  guint refuse_at;         /* this command is answered 6300; 0 none */
  guint n_commands;
  GByteArray *instructions;
} Chip;

static GBytes *answer (GBytes *command, gpointer data, GError **error) {
  Chip *chip = data;
  const guint8 *octets = g_bytes_get_data (command, NULL);
  g_autoptr (GBytes) body = NULL;

  g_byte_array_append (chip->instructions, octets + 1, 1);
  if (++chip->n_commands == chip->refuse_at)
    return hex ("6300");
  if (octets[1] == 0xB0)
    body = hex (chip->authorities);
  else if (octets[1] == 0x84)
    body = hex ("0102030405060708");
  return tambo_response_encode (body, 0x9000);
}

static void run (Fixture *fixture, Chip *chip) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTerminal) terminal = tambo_terminal_new (fixture->pem, fixture->files, &error);
  g_autoptr (TamboChannel) channel = memory_channel_new (answer, chip);
  g_autoptr (GBytes) identity = hex ("AA");
  g_autoptr (GBytes) key = hex ("BB");
  TamboTerminalBinding binding = { identity, key };

  g_assert_no_error (error);
  g_ptr_array_set_size (fixture->verdicts, 0);
  g_assert_true (tambo_terminal_authentication (channel, NULL, terminal, &binding, NULL,
                                                fixture->verdicts, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->verdicts->len, ==, 1);
}

/* TR-03110-3 B.3: for each certificate MSE:Set DST and PSO:Verify Certificate, then MSE:Set AT, GET
 * CHALLENGE, EXTERNAL AUTHENTICATE. The first two find EF.CVCA. */
#define SEQUENCE "A4B0222A222A228482"
#define N_COMMANDS 9
#define KNOWN "420B55544356434130303030310000"

static void test_sequence (Fixture *fixture, gconstpointer data) {
  g_autoptr (GByteArray) instructions = g_byte_array_new ();
  Chip chip = { KNOWN, 0, 0, instructions };

  run (fixture, &chip);
  g_assert_cmpint (specimen_result (fixture->verdicts, "terminal-authentication"), ==,
                   TAMBO_VERDICT_PASSED);
  g_autofree char *seen = tambo_hex_encode (instructions->data, instructions->len);
  g_assert_cmpint (g_ascii_strcasecmp (seen, SEQUENCE), ==, 0);
  for (guint at = 1; at <= N_COMMANDS; at++) {
    Chip stubborn = { KNOWN, at, 0, instructions };
    run (fixture, &stubborn);
    g_assert_cmpint (specimen_result (fixture->verdicts, "terminal-authentication"), ==,
                     TAMBO_VERDICT_FAILED);
    g_assert_cmpuint (stubborn.n_commands, ==, at);
  }
}

/* An authority that nobody here has a certificate of; files that name none. */
static void test_authorities (Fixture *fixture, gconstpointer data) {
  static const char *const files[] = {
    "420B55544356434130303030320000",          "", "00000000", "4200", "42FF55",
    "4211414141414141414141414141414141414141"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GByteArray) instructions = g_byte_array_new ();
    Chip chip = { files[i], 0, 0, instructions };
    run (fixture, &chip);
    g_assert_cmpint (specimen_result (fixture->verdicts, "terminal-authentication"), ==,
                     TAMBO_VERDICT_FAILED);
    g_assert_cmpuint (chip.n_commands, ==, 2);
  }
}

/* Two certificates that name each other. */
static void test_circle (Fixture *fixture, gconstpointer data) {
  static const CvWish circle = { "UTIS00001", "UTDV00001", 0x83, "260101", "280101", FALSE };
  g_autoptr (GByteArray) instructions = g_byte_array_new ();
  Chip chip = { KNOWN, 0, 0, instructions };

  g_ptr_array_set_size (fixture->files, 1);
  g_ptr_array_add (fixture->files, cv_make (&circle, fixture->verifier, fixture->own));
  run (fixture, &chip);
  g_assert_cmpint (specimen_result (fixture->verdicts, "terminal-authentication"), ==,
                   TAMBO_VERDICT_FAILED);
}

#define ADD(path, test)                                                                            \
  g_test_add ("/chip/terminal-authentication/" path, Fixture, NULL, set_up, test, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("load", test_load);
  ADD ("sequence", test_sequence);
  ADD ("authorities", test_authorities);
  ADD ("circle", test_circle);
  return g_test_run ();
}
