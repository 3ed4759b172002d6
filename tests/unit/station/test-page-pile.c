/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice-station.h"

#include "station/page-pile.h"
#include "station/take-back.h"

#define KIND "travel-document"

static TamboEnrolment *begin (Practice *practice) {
  g_autoptr (GError) error = NULL;
  TamboEnrolment *enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);

  g_assert_no_error (error);
  return enrolment;
}

static TamboImage *make_sheet (guint8 grey) {
  TamboImage *sheet = tambo_image_new (60, 80, 1);

  memset (sheet->data, grey, tambo_image_size (sheet));
  return sheet;
}

static void add (Practice *practice, TamboPagePile *pile, TamboEnrolment *enrolment) {
  g_autoptr (GError) error = NULL;

  tambo_page_pile_add (pile, practice->station, enrolment,
                       make_sheet ((guint8) (100 + 10 * tambo_page_pile_get_length (pile))),
                       &error);
  g_assert_no_error (error);
}

static void assert_pages (Practice *practice, TamboEnrolment *enrolment, int n) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file =
      tambo_enrol_load_sample (practice->station, enrolment, "document-" KIND, &error);
  g_autofree char *count = g_strdup_printf ("/Count %d", n);

  g_assert_no_error (error);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (file, NULL), 5, "%PDF"));
  g_assert_nonnull (
      memmem (g_bytes_get_data (file, NULL), g_bytes_get_size (file), count, strlen (count)));
}

static void test_grows (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (TamboPagePile) pile = tambo_page_pile_new (enrolment->id, KIND);

  for (int n = 1; n <= 3; n++) {
    add (practice, pile, enrolment);
    g_assert_cmpuint (tambo_page_pile_get_length (pile), ==, n);
    assert_pages (practice, enrolment, n);
  }
}

/* A page that was taken back is none of the document's any more. */
static void test_taken_back (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (TamboPagePile) pile = tambo_page_pile_new (enrolment->id, KIND);
  g_autoptr (GError) error = NULL;

  add (practice, pile, enrolment);
  add (practice, pile, enrolment);
  g_assert_true (tambo_take_back (practice->station, enrolment, &error));
  assert_pages (practice, enrolment, 1);
  tambo_page_pile_follow (pile, enrolment);
  g_assert_cmpuint (tambo_page_pile_get_length (pile), ==, 1);
  add (practice, pile, enrolment);
  assert_pages (practice, enrolment, 2);

  g_assert_true (tambo_take_back_remove (practice->station, enrolment, "document-" KIND, &error));
  add (practice, pile, enrolment);
  g_assert_cmpuint (tambo_page_pile_get_length (pile), ==, 1);
  assert_pages (practice, enrolment, 1);
}

static void test_limits (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (TamboEnrolment) other = begin (practice);
  g_autoptr (TamboPagePile) pile = tambo_page_pile_new (enrolment->id, KIND);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < TAMBO_PAGE_PILE_MOST; i++)
    add (practice, pile, enrolment);
  g_assert_false (tambo_page_pile_add (pile, practice->station, enrolment, make_sheet (0), &error));
  g_assert_nonnull (strstr (error->message, "at most"));
  assert_pages (practice, enrolment, TAMBO_PAGE_PILE_MOST);
  g_clear_error (&error);

  g_assert_false (tambo_page_pile_add (pile, practice->station, other, make_sheet (0), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (tambo_enrolment_find_sample (other, "document-" KIND));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page-pile/grows", test_grows);
  g_test_add_func ("/page-pile/taken-back", test_taken_back);
  g_test_add_func ("/page-pile/limits", test_limits);
  return g_test_run ();
}
