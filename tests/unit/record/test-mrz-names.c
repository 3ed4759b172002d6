/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "record/mrz-names.h"

static void test_transliterate (void) {
  static const char *const pairs[][2] = {
    { "Eriksson", "ERIKSSON" },
    { "Anna María", "ANNA<MARIA" },
    { "Müller", "MUELLER" },
    { "Åse Ærø", "AASE<AEROE" },
    { "Strauß", "STRAUSS" },
    { "STRAUẞ", "STRAUSS" },
    { "Peña Núñez", "PENA<NUNEZ" },
    { "Ångström", "AANGSTROEM" }, /* combining marks are composed first */
    { "Þórður Ðað", "THORDUR<DAD" },
    { "Œuvre Ĳssel", "OEUVRE<IJSSEL" },
    { "ıİ Łódź Đorđe Ħal Ŧ Ŋ", "II<LODZ<DORDE<HAL<T<N" },
    { "Çelik Šašić Ștefan Nguyễn", "CELIK<SASIC<STEFAN<NGUYEN" },
    { "O'Connor D’Artagnan Nuʼu", "OCONNOR<DARTAGNAN<NUU" },
    { "Smith-Jones", "SMITH<JONES" },
    { "Smith – Jones", "SMITH<JONES" },
    { "Anna, Maria", "ANNA<MARIA" },
    { "  de  la\u00a0Cruz ", "DE<LA<CRUZ" },
    { "St. John (Jr.)", "ST<JOHN<JR" },
    { "Щербаков Юрий", "SHCHERBAKOV<IURII" },
    { "- -", "" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    gboolean complete = FALSE;
    g_autofree char *plain = tambo_mrz_transliterate (pairs[i][0]);
    g_autofree char *checked = tambo_mrz_transliterate_checked (pairs[i][0], &complete);

    g_assert_cmpstr (plain, ==, pairs[i][1]);
    g_assert_cmpstr (checked, ==, pairs[i][1]);
    g_assert_true (complete);
  }
}

/* All of section 6 part A whose form is its base letter. */
static void test_base_letters_of_part_a (void) {
  static const char letters[] =
      "ÀÁÂÃÇÈÉÊËÌÍÎÏÑÒÓÔÕÙÚÛÝĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŔŖŘŚŜŞŠ"
      "ŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ";
  static const char forms[] = "AAAACEEEEIIIINOOOOUUUYAAACCCCDDEEEEEGGGGHHIIIIIJKLLLLLNNNOOORRRSSSS"
                              "TTTUUUUUUWYYZZZ";
  g_autofree char *upper = tambo_mrz_transliterate (letters);
  g_autofree char *lower_letters = g_utf8_strdown (letters, -1);
  g_autofree char *lower = tambo_mrz_transliterate (lower_letters);

  g_assert_cmpstr (upper, ==, forms);
  g_assert_cmpstr (lower, ==, forms);
}

static void test_says_what_has_no_form (void) {
  static const char *const names[] = { "Anna 2", "安娜", "Άννα", "أنا" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    gboolean complete = TRUE;
    g_autofree char *text = tambo_mrz_transliterate_checked (names[i], &complete);

    g_assert_false (complete);
    g_assert_cmpuint (strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"), ==, strlen (text));
  }
}

/* Examples of section 4.2.3 of Doc 9303-4 and -5 in the forms that end with initials, and of names
 * that just fit. */
static void test_fields_of_the_standard (void) {
  static const struct {
    const char *primary, *secondary, *field;
  } rows[] = {
    { "ERIKSSON", "ANNA<MARIA", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" },
    { "ARKFREITH", "", "ARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<" },
    { "PAPANDROPOULOUS", "JONATHON<WARREN<TREVOR", "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR" },
    { "NILAVADHANANANDA", "CHAYAPA<DEJTHAMRONG<KRASUANG",
      "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K" },
    { "NILAVADHANANANDA", "ARNPOL<PETCH<CHARONGUANG", "NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU" },
    { "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WARNAMBOOL", "DINGO<POTOROO",
      "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI" },
    { "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WARNAMBOOL", "DINGO<POTOROO",
      "BENNELONG<WOOLOOMOOLOO<W<W<<DI" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *field =
        tambo_mrz_name_field (rows[i].primary, rows[i].secondary, strlen (rows[i].field));

    g_assert_cmpstr (field, ==, rows[i].field);
  }
}

static void test_hard_cuts (void) {
  static const struct {
    gsize width;
    const char *primary, *secondary, *field;
  } rows[] = {
    /* The cut falls on a filler: a letter before it makes room for the next initial. */
    { 12, "ABC", "DEFG<HI<JKL", "ABC<<DEFG<HI" },
    { 10, "ABC", "DEFG<HI<JKL", "ABC<<DEF<H" },
    { 12, "A", "B<C<D<E<FGHI<J", "A<<B<C<D<E<F" },
    { 12, "AB", "C<D<E<F<G", "A<<C<D<E<F<G" },
    { 9, "A", "B<C<D<E<F", "A<<B<C<D<" }, /* nothing left to spare */
    { 12, "ABCDEFGHIJKLMNOP", "XY", "ABCDEFGHI<<X" },
    { 12, "ABCDEFGHIJKLMNOP", "", "ABCDEFGHIJKL" },
    { 12, "ABCDEFGHIJK<LM", "", "ABCDEFGHIJ<L" },
    /* What an initial leaves over goes back to the component. */
    { 14, "ABCDE<FGHIJKLM", "X", "ABCDE<FGHIJ<<X" },
    { 12, "A<B<C<D<E<F<G", "X<Y", "A<B<C<D<E<<X" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *field =
        tambo_mrz_name_field (rows[i].primary, rows[i].secondary, rows[i].width);

    g_assert_cmpstr (field, ==, rows[i].field);
  }
}

static char *random_name (GRand *random, int most_components) {
  GString *name = g_string_new (NULL);
  int n = g_rand_int_range (random, 1, most_components + 1);

  for (int i = 0; i < n; i++) {
    int length = g_rand_int_range (random, 1, 25);

    if (i > 0)
      g_string_append_c (name, '<');
    for (int k = 0; k < length; k++)
      g_string_append_c (name, (char) g_rand_int_range (random, 'A', 'Z' + 1));
  }
  return g_string_free (name, FALSE);
}

static void test_properties (void) {
  static const gsize widths[] = { TAMBO_MRZ_NAMES_TD1, TAMBO_MRZ_NAMES_TD2, TAMBO_MRZ_NAMES_TD3 };
  g_autoptr (GRand) random = g_rand_new_with_seed (9303);

  for (int n = 0; n < 5000; n++) {
    g_autofree char *primary = random_name (random, 8);
    g_autofree char *secondary = random_name (random, 8);
    gsize width = widths[n % G_N_ELEMENTS (widths)];
    g_autofree char *field = tambo_mrz_name_field (primary, secondary, width);
    gsize whole = strlen (primary) + 2 + strlen (secondary);
    const char *separator = strstr (field, "<<");

    g_assert_cmpuint (strlen (field), ==, width);
    g_assert_nonnull (separator);
    g_assert_true (separator > field && g_ascii_isalpha (separator[2]));
    g_assert_cmpint (field[0], ==, primary[0]);
    g_assert_cmpint (separator[2], ==, secondary[0]);
    if (whole <= width)
      g_assert_true (g_str_has_prefix (field, primary));
    else
      g_assert_null (strstr (separator + 2, "<<"));
  }
}

static void test_cut_names_are_recognised (void) {
  g_assert_true (tambo_mrz_names_are_cut_from ("NILAVADHANANANDA", "CHAYAPA<DEJTHAMRONG<K",
                                               "NILAVADHANANANDA", "CHAYAPA<DEJTHAMRONG<KRASUANG"));
  g_assert_false (tambo_mrz_names_are_cut_from ("NILAVADHANANANDA", "CHAYAPA<DEJTHAMRONG<L",
                                                "NILAVADHANANANDA",
                                                "CHAYAPA<DEJTHAMRONG<KRASUANG"));
  g_assert_false (tambo_mrz_names_are_cut_from ("ERIKSSON", "ANNA", "ERIKSSON", "ANNA<MARIA"));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mrz-names/transliterate", test_transliterate);
  g_test_add_func ("/mrz-names/base-letters-of-part-a", test_base_letters_of_part_a);
  g_test_add_func ("/mrz-names/says-what-has-no-form", test_says_what_has_no_form);
  g_test_add_func ("/mrz-names/fields-of-the-standard", test_fields_of_the_standard);
  g_test_add_func ("/mrz-names/hard-cuts", test_hard_cuts);
  g_test_add_func ("/mrz-names/properties", test_properties);
  g_test_add_func ("/mrz-names/cut-names-are-recognised", test_cut_names_are_recognised);
  return g_test_run ();
}
