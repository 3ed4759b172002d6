/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-wedge.h"

#include <string.h>

#define LINE_1 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define LINE_2 "L898902C36UTO7408122F1204159ZE184226B<<<<<10"

typedef struct {
  TamboWedge *wedge;
  guint32 now;
  GString *passed; /* what the focus got to see */
  guint n_taken_back;
} Desk;

static void desk_clear (Desk *desk) {
  tambo_wedge_free (desk->wedge);
  g_string_free (desk->passed, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

static Desk desk_new (void) {
  return (Desk){ tambo_wedge_new (), 1000, g_string_new (NULL), 0 };
}

static TamboWedgeVerdict strike (Desk *desk, gunichar typed, char struck, guint32 gap) {
  TamboWedgeKey key = { desk->now += gap, typed, struck };
  TamboWedgeVerdict verdict = tambo_wedge_key (desk->wedge, &key);

  if (verdict == TAMBO_WEDGE_PASS)
    g_string_append_unichar (desk->passed, typed);
  desk->n_taken_back += verdict == TAMBO_WEDGE_RECOGNISE;
  if (verdict == TAMBO_WEDGE_RECOGNISE)
    g_string_truncate (desk->passed, desk->passed->len - (TAMBO_WEDGE_RECOGNISED - 1));
  return verdict;
}

static void type (Desk *desk, const char *text, guint32 gap) {
  for (; *text != '\0'; text++)
    strike (desk, (gunichar) *text, g_ascii_toupper (*text), gap);
}

static char *end (Desk *desk) {
  char *mrz = NULL, *typed = NULL;

  tambo_wedge_end (desk->wedge);
  if (!tambo_wedge_take (desk->wedge, &mrz, &typed))
    return NULL;
  g_assert_true ((mrz == NULL) != (typed == NULL));
  if (typed != NULL)
    g_string_append (desk->passed, typed);
  g_free (typed);
  return mrz;
}

static void test_reader (void) {
  g_auto (Desk) desk = desk_new ();

  type (&desk, "ab", 120);
  desk.now += 500;
  type (&desk, LINE_1 "\n" LINE_2 "\n", 3);
  g_autofree char *mrz = end (&desk);
  g_assert_cmpstr (mrz, ==, LINE_1 "\n" LINE_2);
  g_assert_cmpstr (desk.passed->str, ==, "ab");
  g_assert_cmpuint (desk.n_taken_back, ==, 1);
  g_assert_null (end (&desk));
}

/* Readers that send no ends of lines, or take a breath between them. */
static void test_other_readers (void) {
  g_auto (Desk) desk = desk_new ();

  type (&desk, LINE_1 LINE_2, 1);
  g_autofree char *one = end (&desk);
  g_assert_cmpstr (one, ==, LINE_1 LINE_2);

  desk.now += 1000;
  type (&desk, LINE_1 "\n", 4);
  g_assert_cmpuint (tambo_wedge_get_patience (desk.wedge), >, TAMBO_WEDGE_LINE_GAP_MS);
  desk.now += TAMBO_WEDGE_LINE_GAP_MS - 10;
  type (&desk, LINE_2 "\n", 4);
  g_autofree char *two = end (&desk);
  g_assert_cmpstr (two, ==, LINE_1 "\n" LINE_2);
  g_assert_cmpstr (desk.passed->str, ==, "");
}

/* The clerk is never swallowed, however fast, with the same characters. */
static void test_clerk (void) {
  g_auto (Desk) desk = desk_new ();

  type (&desk, "PERALTA VILCA", TAMBO_WEDGE_GAP_MS + 1);
  type (&desk, LINE_1 "\n", 35);
  g_assert_null (end (&desk));
  g_assert_cmpstr (desk.passed->str, ==, "PERALTA VILCA" LINE_1 "\n");
  g_assert_cmpuint (desk.n_taken_back, ==, 0);
}

/* A key that is held down repeats fast on some desks; a roll over three keys is faster still. */
static void test_repeat_and_roll (void) {
  g_auto (Desk) desk = desk_new ();

  type (&desk, "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPP", 12);
  desk.now += 200;
  type (&desk, "par", 8);
  type (&desk, "edes", 90);
  g_assert_null (end (&desk));
  g_assert_cmpstr (desk.passed->str, ==, "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPparedes");
}

/* Another bar code comes out as it was typed, with its Enter. */
static void test_given_back (void) {
  g_auto (Desk) desk = desk_new ();

  type (&desk, "PER0012345678901\n", 3);
  g_assert_cmpuint (desk.n_taken_back, ==, 1);
  g_assert_null (end (&desk));
  g_assert_cmpstr (desk.passed->str, ==, "PER0012345678901\n");
}

/* A key that comes late is the clerk's, and the burst before it is delivered. */
static void test_late_key (void) {
  g_auto (Desk) desk = desk_new ();
  char *mrz = NULL, *typed = NULL;

  type (&desk, LINE_1 "\n" LINE_2 "\n", 2);
  g_assert_cmpint (strike (&desk, 'x', 'X', 400), ==, TAMBO_WEDGE_PASS);
  g_assert_true (tambo_wedge_take (desk.wedge, &mrz, &typed));
  g_assert_cmpstr (mrz, ==, LINE_1 "\n" LINE_2);
  g_assert_null (typed);
  g_assert_cmpstr (desk.passed->str, ==, "x");
  g_free (mrz);
}

/* A reader set for the US keyboard on a Spanish one: < comes as ; and on a French one A as Q. */
static void test_other_layout (void) {
  g_auto (Desk) desk = desk_new ();
  const char *text = LINE_1 "\n" LINE_2 "\n";

  for (; *text != '\0'; text++) {
    gunichar typed = *text == '<' ? ';' : *text == 'A' ? 'Q' : (gunichar) *text;
    strike (&desk, typed, *text, 3);
  }
  g_autofree char *mrz = end (&desk);
  g_assert_cmpstr (mrz, ==, LINE_1 "\n" LINE_2);
}

/* A reader set for the desk's layout, whose < lies elsewhere: what is written counts. */
static void test_own_layout (void) {
  g_auto (Desk) desk = desk_new ();
  const char *text = LINE_1 "\n" LINE_2 "\n";

  for (; *text != '\0'; text++)
    strike (&desk, (gunichar) *text, *text == 'Z' ? 'Y' : *text, 3);
  g_autofree char *mrz = end (&desk);
  g_assert_cmpstr (mrz, ==, LINE_1 "\n" LINE_2);
}

/* A wrong check digit is for the clerk to see, not to be typed into whatever had the focus. */
static void test_wrong_digit (void) {
  g_auto (Desk) desk = desk_new ();
  g_autofree char *wrong = g_strdup (LINE_1 "\n" LINE_2 "\n");

  *strstr (wrong, "7408122") = '8';
  type (&desk, wrong, 3);
  g_autofree char *mrz = end (&desk);
  g_assert_nonnull (mrz);
  g_assert_cmpstr (desk.passed->str, ==, "");
}

/* Shortcuts and endless bursts end it; the clock of the events may wrap. */
static void test_bounds (void) {
  g_auto (Desk) desk = desk_new ();
  g_autoptr (GString) endless = g_string_new ("P1A2C3");

  while (endless->len < 1000)
    g_string_append (endless, "ABC123");
  type (&desk, endless->str, 1);
  g_assert_null (end (&desk));
  g_assert_cmpuint (desk.passed->len, >, 800);

  desk.now = G_MAXUINT32 - 50;
  type (&desk, LINE_1 "\n" LINE_2 "\n", 3);
  g_autofree char *mrz = end (&desk);
  g_assert_nonnull (mrz);
  type (&desk, "P<UTOER", 3);
  g_assert_cmpint (strike (&desk, 0, 0, 1), ==, TAMBO_WEDGE_PASS);
  g_assert_null (end (&desk));
}

static void test_struck (void) {
  g_assert_cmpint (tambo_wedge_struck (2, FALSE), ==, '1');
  g_assert_cmpint (tambo_wedge_struck (11, FALSE), ==, '0');
  g_assert_cmpint (tambo_wedge_struck (16, TRUE), ==, 'Q');
  g_assert_cmpint (tambo_wedge_struck (50, TRUE), ==, 'M');
  g_assert_cmpint (tambo_wedge_struck (51, TRUE), ==, '<');
  g_assert_cmpint (tambo_wedge_struck (51, FALSE), ==, 0);
  g_assert_cmpint (tambo_wedge_struck (28, FALSE), ==, '\n');
  g_assert_cmpint (tambo_wedge_struck (400, FALSE), ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/mrz-wedge/reader", test_reader);
  g_test_add_func ("/capture/mrz-wedge/other-readers", test_other_readers);
  g_test_add_func ("/capture/mrz-wedge/clerk", test_clerk);
  g_test_add_func ("/capture/mrz-wedge/repeat-and-roll", test_repeat_and_roll);
  g_test_add_func ("/capture/mrz-wedge/given-back", test_given_back);
  g_test_add_func ("/capture/mrz-wedge/late-key", test_late_key);
  g_test_add_func ("/capture/mrz-wedge/other-layout", test_other_layout);
  g_test_add_func ("/capture/mrz-wedge/own-layout", test_own_layout);
  g_test_add_func ("/capture/mrz-wedge/wrong-digit", test_wrong_digit);
  g_test_add_func ("/capture/mrz-wedge/bounds", test_bounds);
  g_test_add_func ("/capture/mrz-wedge/struck", test_struck);
  return g_test_run ();
}
