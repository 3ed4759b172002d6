/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/issue-step.h"

static const TamboLdsFile in_order[] = { TAMBO_LDS_DG1, TAMBO_LDS_DG2, TAMBO_LDS_DG14,
                                         TAMBO_LDS_COM, TAMBO_LDS_SOD };

static TamboLds *lds_new (void) {
  TamboLds *lds = tambo_lds_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (in_order); i++) {
    g_autofree guint8 *data = g_malloc0 (i + 1);
    g_autoptr (GBytes) bytes = g_bytes_new (data, i + 1);
    tambo_lds_set (lds, in_order[i], bytes);
  }
  return lds;
}

static guint number_of (const TamboLds *lds, TamboPersonalisationStep step, TamboLdsFile file) {
  TamboIssueStep told;

  tambo_issue_step_init (&told, lds, tambo_chip_profile_find ("iso7816"), step, file);
  g_assert_cmpuint (told.n_steps, ==, 15);
  g_assert_cmpint (told.step, ==, step);
  g_assert_cmpint (told.file, ==, file);
  return told.number;
}

/* As chip/personalisation announces them. */
static void test_numbers (void) {
  static const TamboPersonalisationStep after[] = { TAMBO_STEP_KEYS, TAMBO_STEP_READ_BACK,
                                                    TAMBO_STEP_LOCK, TAMBO_STEP_DONE };
  g_autoptr (TamboLds) lds = lds_new ();
  guint number = 1;

  g_assert_cmpuint (number_of (lds, TAMBO_STEP_SELECT, TAMBO_LDS_N_FILES), ==, number++);
  for (gsize i = 0; i < G_N_ELEMENTS (in_order); i++)
    g_assert_cmpuint (number_of (lds, TAMBO_STEP_CREATE, in_order[i]), ==, number++);
  for (gsize i = 0; i < G_N_ELEMENTS (in_order); i++)
    g_assert_cmpuint (number_of (lds, TAMBO_STEP_WRITE, in_order[i]), ==, number++);
  for (gsize i = 0; i < G_N_ELEMENTS (after); i++)
    g_assert_cmpuint (number_of (lds, after[i], TAMBO_LDS_N_FILES), ==, number++);
  g_assert_cmpuint (number, ==, 16);
}

static void test_files (void) {
  g_autoptr (TamboLds) lds = lds_new ();
  TamboIssueStep told;
  guint32 wanted = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (in_order); i++)
    wanted |= 1u << in_order[i];
  tambo_issue_step_init (&told, lds, tambo_chip_profile_find ("iso7816"), TAMBO_STEP_WRITE,
                         TAMBO_LDS_DG14);
  g_assert_cmphex (told.files, ==, wanted);
  g_assert_cmpuint (told.size, ==, 3);
  tambo_issue_step_init (&told, lds, tambo_chip_profile_find ("iso7816"), TAMBO_STEP_LOCK,
                         TAMBO_LDS_N_FILES);
  g_assert_cmpuint (told.size, ==, 0);
}

/* Of each profile, as its commands are; a step that is none of one command has none. */
static void test_commands (void) {
  static const struct {
    const char *profile;
    TamboPersonalisationStep step;
    const char *command;
  } wanted[] = {
    { "jmrtd", TAMBO_STEP_CREATE, "CREATE FILE" },
    { "jmrtd", TAMBO_STEP_WRITE, "UPDATE BINARY" },
    { "jmrtd", TAMBO_STEP_KEYS, "PUT DATA" },
    { "jmrtd", TAMBO_STEP_LOCK, "PUT DATA" },
    { "iso7816", TAMBO_STEP_KEYS, "PUT DATA" },
    { "iso7816", TAMBO_STEP_LOCK, "ACTIVATE FILE" },
    { "iso7816", TAMBO_STEP_GENERATE, "GENERATE ASYMMETRIC KEY PAIR" },
    { "gp-scp03", TAMBO_STEP_CREATE, "STORE DATA" },
    { "gp-scp03", TAMBO_STEP_WRITE, "STORE DATA" },
    { "gp-scp03", TAMBO_STEP_READ_BACK, "READ BINARY" },
    { "gp-scp03", TAMBO_STEP_GENERATE, NULL },
    { "jmrtd", TAMBO_STEP_DONE, NULL },
  };
  g_autoptr (TamboLds) lds = lds_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++) {
    TamboIssueStep told;
    tambo_issue_step_init (&told, lds, tambo_chip_profile_find (wanted[i].profile), wanted[i].step,
                           TAMBO_LDS_N_FILES);
    g_assert_cmpstr (told.command, ==, wanted[i].command);
    g_assert_cmpuint (told.sizes[TAMBO_LDS_DG14], ==, 3);
    g_assert_cmpuint (told.sizes[TAMBO_LDS_DG3], ==, 0);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/issue-step/numbers", test_numbers);
  g_test_add_func ("/issue-step/files", test_files);
  g_test_add_func ("/issue-step/commands", test_commands);
  return g_test_run ();
}
