/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tracking numbers that turn up twice: the linker puts draws of our own in the place of the random ones.
 */
#include "practice-station.h"

#include "base/id.h"
#include "station/enrol.h"
#include "store/cases.h"

static const char *const draws[] = { "TB-2222-2222-3", "TB-2222-2222-3", "TB-2222-2222-3",
                                     "TB-3333-3333-G" };
static guint n_drawn;

char *__wrap_tambo_tracking_new (void);
char *__wrap_tambo_tracking_new (void) {
  return g_strdup (draws[MIN (n_drawn++, G_N_ELEMENTS (draws) - 1)]);
}

static TamboEnrolment *begin (Practice *practice, GError **error) {
  return tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, error);
}

static void test_another_is_drawn (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (TamboEnrolment) first = NULL, second = NULL, third = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  n_drawn = 0;
  first = begin (practice, &error);
  g_assert_no_error (error);
  second = begin (practice, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->tracking_number, ==, draws[0]);
  g_assert_cmpstr (second->tracking_number, ==, draws[3]);
  g_assert_cmpuint (n_drawn, ==, 4);
  rows = tambo_cases_list (store, &error);
  g_assert_cmpuint (rows->len, ==, 2);
  for (guint i = 0; i < rows->len; i++) {
    const TamboCaseRow *row = rows->pdata[i];
    g_autofree char *id = tambo_cases_resolve (store, row->tracking_number, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (id, ==, row->id);
  }

  /* A generator that has got stuck ends in an error, and leaves nothing. */
  third = begin (practice, &error);
  g_assert_null (third);
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS);
  g_assert_cmpuint (n_drawn, >, 10);
  g_clear_pointer (&rows, g_ptr_array_unref);
  rows = tambo_cases_list (store, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tracking/twice", test_another_is_drawn);
  return g_test_run ();
}
