/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/waiting.h"

#define TRIES 4000

/* All of the time up to the limit is used, about alike, and nothing beyond it. */
static void test_jitter (void) {
  static const struct {
    guint failures, limit;
  } rows[] = { { 1, 30 }, { 2, 60 }, { 3, 120 }, { 6, 900 }, { 60, 900 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    guint longest = 0, shortest = G_MAXUINT;
    guint64 sum = 0;

    for (int k = 0; k < TRIES; k++) {
      guint seconds = tambo_waiting_seconds (rows[i].failures, 0);

      longest = MAX (longest, seconds);
      shortest = MIN (shortest, seconds);
      sum += seconds;
    }
    g_assert_cmpuint (shortest, >=, 1);
    g_assert_cmpuint (shortest, <=, 1 + rows[i].limit / 20);
    g_assert_cmpuint (longest, <=, rows[i].limit);
    g_assert_cmpuint (longest, >, rows[i].limit * 9 / 10);
    g_assert_cmpuint (sum / TRIES, >, rows[i].limit * 45 / 100);
    g_assert_cmpuint (sum / TRIES, <, rows[i].limit * 55 / 100 + 1);
  }
}

static void test_retry_after (void) {
  for (int k = 0; k < TRIES; k++) {
    guint seconds = tambo_waiting_seconds (1, 120);

    g_assert_cmpuint (seconds, >, 120);
    g_assert_cmpuint (seconds, <=, 150);
  }
  g_assert_cmpuint (tambo_waiting_seconds (0, 0), ==, TAMBO_WAITING_SECONDS);
  g_assert_cmpuint (tambo_waiting_seconds (0, 60), ==, 60);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/waiting/jitter", test_jitter);
  g_test_add_func ("/station/waiting/retry-after", test_retry_after);
  return g_test_run ();
}
