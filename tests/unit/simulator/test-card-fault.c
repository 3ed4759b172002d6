/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-fault.h"

#include "simulator/simulator-error.h"

static void test_lists (void) {
  TamboCardFaults faults = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (
      tambo_card_faults_parse (&faults, "mute@3,6a84,truncate@12,speed=424,jitter=7", &error));
  g_assert_no_error (error);
  g_assert_cmpint (faults.at[TAMBO_CARD_FAULT_MUTE], ==, 3);
  g_assert_cmpint (faults.at[TAMBO_CARD_FAULT_NO_MEMORY], ==, -1);
  g_assert_cmpint (faults.at[TAMBO_CARD_FAULT_TRUNCATE], ==, 12);
  g_assert_cmpint (faults.at[TAMBO_CARD_FAULT_WRONG_STATUS], ==, 0);
  g_assert_cmpuint (faults.speed, ==, 424);
  g_assert_cmpuint (faults.jitter, ==, 7);

  g_assert_true (tambo_card_faults_parse (&faults, "61xx=9,reset@2", &error));
  g_assert_cmpint (faults.at[TAMBO_CARD_FAULT_PIECES], ==, -1);
  g_assert_cmpuint (faults.seed, ==, 9);
  g_assert_cmpint (faults.at[TAMBO_CARD_FAULT_MUTE], ==, 3); /* a list adds */

  g_assert_true (tambo_card_faults_parse (&faults, "none", &error));
  g_assert_cmpuint (faults.speed, ==, 0);
  for (int fault = 0; fault < TAMBO_CARD_N_FAULTS; fault++)
    g_assert_cmpint (faults.at[fault], ==, 0);
}

static void test_refused (void) {
  static const char *const bad[] = { "deaf",      "mute,",     "mute@",  "mute@0",     "mute@x",
                                     "mute@1@2",  "mute=3",    "speed",  "speed=100",  "speed=",
                                     "jitter=-1", "jitter=1e", "61xx=0", "jitter=9999" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    TamboCardFaults faults = { .speed = 106 };
    g_autoptr (GError) error = NULL;
    g_autofree char *list = g_strconcat ("jitter=5,", bad[i], NULL);
    g_assert_false (tambo_card_faults_parse (&faults, list, &error));
    g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE);
    g_assert_cmpuint (faults.jitter, ==, 0); /* all of a list or nothing */
  }
}

static void test_places (void) {
  TamboCardFaults faults = { 0 };

  faults.at[TAMBO_CARD_FAULT_MUTE] = 3;
  faults.at[TAMBO_CARD_FAULT_RESET] = -1;
  for (guint64 count = 1; count < 6; count++) {
    g_assert_cmpint (tambo_card_faults_has (&faults, TAMBO_CARD_FAULT_MUTE, count), ==, count == 3);
    g_assert_true (tambo_card_faults_has (&faults, TAMBO_CARD_FAULT_RESET, count));
    g_assert_false (tambo_card_faults_has (&faults, TAMBO_CARD_FAULT_TRUNCATE, count));
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/card-fault/lists", test_lists);
  g_test_add_func ("/simulator/card-fault/refused", test_refused);
  g_test_add_func ("/simulator/card-fault/places", test_places);
  return g_test_run ();
}
