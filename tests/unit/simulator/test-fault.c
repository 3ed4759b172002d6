/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/fault.h"
#include "simulator/simulator-error.h"

enum { HANG = 1, BUSY = 2 };
static const char *const names[] = { "hang", "busy", NULL };

static void set (TamboFaults *faults, const char *list) {
  g_autoptr (GError) error = NULL;
  g_assert_true (tambo_faults_set (faults, list, &error));
  g_assert_no_error (error);
}

static void test_steps (void) {
  g_autoptr (TamboFaults) faults = tambo_faults_new ("camera", names);
  g_assert_cmpuint (tambo_faults_step (NULL), ==, 0);
  g_assert_cmpuint (tambo_faults_step (faults), ==, 0);
  set (faults, "hang@3,busy");
  for (int i = 1; i <= 5; i++)
    g_assert_cmpuint (tambo_faults_step (faults), ==, i == 3 ? HANG | BUSY : BUSY);
  set (faults, "hang@1"); /* another list, another count */
  g_assert_cmpuint (tambo_faults_step (faults), ==, HANG);
  g_assert_cmpuint (tambo_faults_step (faults), ==, 0);
  set (faults, "hang");
  set (faults, "none");
  g_assert_cmpuint (tambo_faults_step (faults), ==, 0);
}

static void test_refused (void) {
  static const char *const lists[] = { "",       "bite",   "hang@",   "hang@0", "hang@-1",
                                       "hang@x", "hang,,", "hang@1@", "@1",     "HANG" };
  g_autoptr (TamboFaults) faults = tambo_faults_new ("camera", names);
  set (faults, "busy");
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GError) error = NULL;
    gboolean taken = tambo_faults_set (faults, lists[i], &error);
    if (*lists[i] == '\0') { /* an empty list has no word to refuse */
      g_assert_true (taken);
      set (faults, "busy");
      continue;
    }
    g_assert_false (taken);
    g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE);
    g_assert_nonnull (g_strrstr (error->message, "there are hang, busy, "));
    g_assert_cmpuint (tambo_faults_step (faults), ==, BUSY); /* nothing was taken of it */
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/fault/steps", test_steps);
  g_test_add_func ("/simulator/fault/refused", test_refused);
  return g_test_run ();
}
