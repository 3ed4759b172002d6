/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "record/mrz.h"
#include "record/record-error.h"

#define TODAY "2026-11-22"

#define TD3_SPECIMEN                                                                               \
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"                                                 \
  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define TD1_SPECIMEN                                                                               \
  "I<UTOD231458907<<<<<<<<<<<<<<<\n"                                                               \
  "7408122F1204159UTO<<<<<<<<<<<6\n"                                                               \
  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
#define TD2_SPECIMEN                                                                               \
  "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"                                                         \
  "D231458907UTO7408122F1204159<<<<<<<6"
/* Doc 9303-11 appendix D.2: a document number of eleven characters */
#define TD1_LONG_NUMBER                                                                            \
  "I<UTOD23145890<7349<<<<<<<<<<<\n"                                                               \
  "3407127M9507122UTO<<<<<<<<<<<2\n"                                                               \
  "STEVENSON<<PETER<JOHN<<<<<<<<<"
#define TD2_LONG_NUMBER                                                                            \
  "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"                                                         \
  "D23145890<UTO3407127M95071227349<<<8"
/* Doc 9303-7: machine readable visas of both sizes */
#define VISA_A                                                                                     \
  "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"                                                 \
  "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"
#define VISA_B                                                                                     \
  "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"                                                         \
  "L8988901C4XXX4009078F9612109<<<<<<<<"

static TamboMrz *parse (const char *text) {
  g_autoptr (GError) error = NULL;
  TamboMrz *mrz = tambo_mrz_parse (text, TODAY, &error);

  g_assert_no_error (error);
  return mrz;
}

static void assert_holds (const TamboMrz *mrz) {
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_mrz_check (mrz, &error));
  g_assert_no_error (error);
}

static void assert_eriksson (const TamboMrz *mrz) {
  const TamboApplicant *applicant = mrz->applicant;

  g_assert_cmpstr (applicant->surname, ==, "ERIKSSON");
  g_assert_cmpstr (applicant->given_names, ==, "ANNA MARIA");
  g_assert_cmpstr (applicant->birth_date, ==, "1974-08-12");
  g_assert_cmpstr (applicant->expiry_date, ==, "2012-04-15");
  g_assert_cmpint (applicant->sex, ==, TAMBO_SEX_FEMALE);
  g_assert_cmpstr (applicant->nationality, ==, "UTO");
  g_assert_cmpstr (applicant->issuing_state, ==, "UTO");
  assert_holds (mrz);
}

static void test_td3_specimen (void) {
  g_autoptr (TamboMrz) mrz = parse (TD3_SPECIMEN);

  assert_eriksson (mrz);
  g_assert_cmpint (mrz->format, ==, TAMBO_MRZ_TD3);
  g_assert_cmpstr (mrz->applicant->document_type, ==, "P");
  g_assert_cmpstr (mrz->applicant->document_number, ==, "L898902C3");
  g_assert_cmpstr (mrz->applicant->personal_number, ==, "ZE184226B");
  g_assert_null (mrz->lines[2]);
}

static void test_td1_specimen (void) {
  g_autoptr (TamboMrz) mrz = parse (TD1_SPECIMEN);

  assert_eriksson (mrz);
  g_assert_cmpint (mrz->format, ==, TAMBO_MRZ_TD1);
  g_assert_cmpstr (mrz->applicant->document_type, ==, "I");
  g_assert_cmpstr (mrz->applicant->document_number, ==, "D23145890");
  g_assert_null (mrz->applicant->personal_number);
  g_assert_null (mrz->optional_data);
}

static void test_td2_specimen (void) {
  g_autoptr (TamboMrz) mrz = parse (TD2_SPECIMEN);

  assert_eriksson (mrz);
  g_assert_cmpint (mrz->format, ==, TAMBO_MRZ_TD2);
  g_assert_cmpstr (mrz->applicant->document_number, ==, "D23145890");
}

static void test_long_numbers (void) {
  static const char *const texts[] = { TD1_LONG_NUMBER, TD2_LONG_NUMBER };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (TamboMrz) mrz = parse (texts[i]);
    g_autofree char *information = tambo_mrz_information (mrz);

    assert_holds (mrz);
    g_assert_cmpstr (mrz->applicant->document_number, ==, "D23145890734");
    g_assert_null (mrz->applicant->personal_number);
    g_assert_cmpstr (mrz->applicant->birth_date, ==, "1934-07-12");
    g_assert_cmpstr (mrz->applicant->expiry_date, ==, "1995-07-12");
    g_assert_cmpstr (information, ==, "D23145890734934071279507122");
  }
}

static void test_visas (void) {
  static const char *const texts[] = { VISA_A, VISA_B };
  static const char *const optional[] = { "6ZE184226B", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (TamboMrz) mrz = parse (texts[i]);

    assert_holds (mrz);
    g_assert_cmpstr (mrz->applicant->document_type, ==, "V");
    g_assert_cmpstr (mrz->applicant->document_number, ==, "L8988901C");
    g_assert_cmpstr (mrz->applicant->nationality, ==, "XXX");
    g_assert_cmpstr (mrz->applicant->personal_number, ==, optional[i]);
  }
}

static void test_information (void) {
  /* Doc 9303-11 appendix D.2, whose document number is one character short of its field */
  g_autoptr (TamboMrz) mrz = parse ("I<UTOSTEVENSON<<PETER<<<<<<<<<<<<<<<\n"
                                    "L898902C<3UTO6908061F9406236<<<<<<<2");
  g_autoptr (TamboMrz) specimen = parse (TD3_SPECIMEN);
  g_autofree char *information = tambo_mrz_information (mrz);
  g_autofree char *of_specimen = tambo_mrz_information (specimen);

  g_assert_cmpstr (information, ==, "L898902C<369080619406236");
  g_assert_cmpstr (of_specimen, ==, "L898902C3674081221204159");
}

static void test_layouts_of_text (void) {
  static const char *const texts[] = {
    TD3_SPECIMEN "\n",
    "\r\n  P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<  \r\n\r\n"
    "\tL898902C36UTO7408122F1204159ZE184226B<<<<<10\r\n",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<\nl898902c36uto7408122f1204159ze184226b<<<<<10",
    "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (TamboMrz) mrz = parse (texts[i]);

    assert_eriksson (mrz);
  }
}

static void test_refuses (void) {
  static const char *const texts[] = {
    "",
    "\n \n",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "P<UTOERIKSSON<<ANNA MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "P<UTOERIKSSON<<ANNA<MARÍA<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "P<UTO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "P<UTO<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "P<<<<ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "<<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36U<O7408122F1204159ZE184226B<<<<<10",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122Q1204159ZE184226B<<<<<10",
    TD3_SPECIMEN "\n" TD3_SPECIMEN,
    TD1_SPECIMEN "\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
  };
  g_autofree char *large = g_strnfill (1 << 20, '<');

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_mrz_parse (texts[i], TODAY, &error));
    g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED);
    g_assert_null (strstr (error->message, "ERIKSSON"));
  }
  g_assert_null (tambo_mrz_parse (large, TODAY, NULL));
}

static void test_names (void) {
  static const struct {
    const char *field, *surname, *given;
  } rows[] = {
    { "ARKFREITH<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", "" },
    { "SATRIYA<SUDARPA<<<<<<<<<<<<<<<", "SATRIYA SUDARPA", "" },
    { "VAN<DER<MUELLEN<<MARTIN<<<<<<<", "VAN DER MUELLEN", "MARTIN" },
    { "A<<B<<C<<<D<<<<<<<<<<<<<<<<<<<", "A", "B C D" },
    { "ERIKSSON<<ANNA<MARIA<EKATERINA", "ERIKSSON", "ANNA MARIA EKATERINA" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = g_strconcat ("I<UTOD231458907<<<<<<<<<<<<<<<\n"
                                         "7408122F1204159UTO<<<<<<<<<<<6\n",
                                         rows[i].field, NULL);
    g_autoptr (TamboMrz) mrz = parse (text);

    g_assert_cmpstr (mrz->applicant->surname, ==, rows[i].surname);
    g_assert_cmpstr (mrz->applicant->given_names, ==, rows[i].given);
  }
}

/* A TD1 with these dates and right digits. */
static TamboMrz *parse_dates (const char *birth, const char *expiry, const char *today) {
  char birth_digit = tambo_mrz_check_digit (birth, 6);
  char expiry_digit = tambo_mrz_check_digit (expiry, 6);
  g_autofree char *composed = g_strdup_printf ("D231458907<<<<<<<<<<<<<<<%s%c%s%c<<<<<<<<<<<",
                                               birth, birth_digit, expiry, expiry_digit);
  g_autofree char *text =
      g_strdup_printf ("I<UTOD231458907<<<<<<<<<<<<<<<\n%s%c<%s%cUTO<<<<<<<<<<<%c\n"
                       "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
                       birth, birth_digit, expiry, expiry_digit,
                       tambo_mrz_check_digit (composed, strlen (composed)));

  return tambo_mrz_parse (text, today, NULL);
}

static void test_years (void) {
  static const struct {
    const char *today, *birth, *birth_date, *expiry, *expiry_date;
  } rows[] = {
    { "2026-11-22", "261122", "2026-11-22", "761122", "1976-11-22" },
    { "2026-11-22", "261123", "1926-11-23", "751122", "2075-11-22" },
    { "2026-11-22", "000101", "2000-01-01", "991231", "1999-12-31" },
    { "2000-01-01", "000101", "2000-01-01", "491231", "2049-12-31" },
    { "2000-01-01", "000102", "1900-01-02", "500101", "1950-01-01" },
    { "1999-12-31", "991231", "1999-12-31", "480101", "2048-01-01" },
    { "1999-12-31", "000101", "1900-01-01", "490101", "1949-01-01" },
    { "2026-11-22", "000229", "2000-02-29", "280229", "2028-02-29" },
    /* Unknown parts are fillers. */
    { "2026-11-22", "74<<<<", "1974-XX-XX", "<<<<<<", NULL },
    { "2026-11-22", "7408<<", "1974-08-XX", "<<<<<<", NULL },
    { "2026-11-22", "<<<<<<", "XXXX-XX-XX", "<<<<<<", NULL },
    { "2026-11-22", "2612<<", "1926-12-XX", "<<<<<<", NULL },
    { "2026-11-22", "26<<<<", "2026-XX-XX", "<<<<<<", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboMrz) mrz = parse_dates (rows[i].birth, rows[i].expiry, rows[i].today);

    assert_holds (mrz);
    g_assert_cmpstr (mrz->applicant->birth_date, ==, rows[i].birth_date);
    g_assert_cmpstr (mrz->applicant->expiry_date, ==, rows[i].expiry_date);
    g_assert_cmpint (mrz->applicant->sex, ==, TAMBO_SEX_UNSPECIFIED);
  }
}

static void test_dates_that_do_not_exist (void) {
  static const char *const dates[] = { "741301", "740001", "740100", "740230", "7408<2",
                                       "74<812", "<40812", "74081A", "7<<<<<" };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++) {
    g_autoptr (TamboMrz) birth = parse_dates (dates[i], "<<<<<<", TODAY);
    g_autoptr (TamboMrz) expiry = parse_dates ("740812", dates[i], TODAY);

    g_assert_null (birth->applicant->birth_date);
    g_assert_false (birth->birth_date_right);
    g_assert_true (birth->composite_right);
    g_assert_null (expiry->applicant->expiry_date);
    g_assert_false (expiry->expiry_date_right);
  }
}

static void test_unused_fields_may_have_filler_digits (void) {
  g_autoptr (TamboMrz) mrz = parse ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                    "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<8");

  assert_holds (mrz);
  g_assert_null (mrz->applicant->personal_number);
}

/* Where a digit stands, another one must flip a verdict: the weights have no factor in common with
 * 10. The names and the codes have no check digit; visas have none over the optional data. */
static void test_any_wrong_digit_is_seen (void) {
  static const char *const texts[] = { TD3_SPECIMEN, TD1_SPECIMEN, TD2_SPECIMEN, TD1_LONG_NUMBER,
                                       TD2_LONG_NUMBER };
  guint n_tried = 0;

  for (gsize t = 0; t < G_N_ELEMENTS (texts); t++) {
    g_autofree char *copy = g_strdup (texts[t]);

    for (gsize i = 0; copy[i] != '\0'; i++) {
      char right = copy[i];

      for (char c = '0'; c <= '9' && g_ascii_isdigit (right); c++) {
        g_autoptr (TamboMrz) mrz = NULL;
        g_autoptr (GError) error = NULL;

        copy[i] = c;
        mrz = parse (copy);
        g_assert_true (tambo_mrz_check (mrz, &error) == (c == right));
        if (c != right)
          g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_CHECK_DIGIT);
        n_tried++;
      }
      copy[i] = right;
    }
  }
  g_assert_cmpuint (n_tried, >, 1000);
}

static void test_check_names_the_fields (void) {
  g_autoptr (TamboMrz) mrz = parse ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                    "L898902C35UTO7408122F1204158ZE184226B<<<<<10");
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_mrz_check (mrz, &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_CHECK_DIGIT);
  g_assert_nonnull (strstr (error->message, "document number, date of expiry, composite"));
  g_assert_null (strstr (error->message, "birth"));
}

static void test_survives_truncation_and_garbage (void) {
  static const char *const texts[] = { TD3_SPECIMEN,    TD1_SPECIMEN, TD2_SPECIMEN,
                                       TD1_LONG_NUMBER, VISA_A,       VISA_B };
  guint n_parsed = 0;

  for (gsize t = 0; t < G_N_ELEMENTS (texts); t++) {
    gsize length = strlen (texts[t]);

    for (gsize i = 0; i < length; i++) {
      g_autofree char *cut = g_strndup (texts[t], i);

      g_assert_null (tambo_mrz_parse (cut, TODAY, NULL));
    }
    for (gsize i = 0; i < length; i++)
      for (int c = 1; c < 256; c++) {
        g_autofree char *copy = g_strdup (texts[t]);
        g_autoptr (TamboMrz) mrz = NULL;

        copy[i] = (char) c;
        mrz = tambo_mrz_parse (copy, TODAY, NULL);
        if (mrz != NULL) {
          g_autofree char *information = tambo_mrz_information (mrz);

          n_parsed += information != NULL;
        }
      }
  }
  g_assert_cmpuint (n_parsed, >, 1000);
}

static void test_check_digit (void) {
  g_assert_cmpint (tambo_mrz_check_digit ("520727", 6), ==, '3');
  g_assert_cmpint (tambo_mrz_check_digit ("AB2134<<<", 9), ==, '5');
  g_assert_cmpint (tambo_mrz_check_digit ("", 0), ==, '0');
  g_assert_cmpint (tambo_mrz_check_digit ("a", 1), ==, '\0');
  g_assert_cmpint (tambo_mrz_check_digit ("12 4", 4), ==, '\0');
}

static void test_format_for_type (void) {
  g_assert_cmpint (tambo_mrz_format_for_type ("P"), ==, TAMBO_MRZ_TD3);
  g_assert_cmpint (tambo_mrz_format_for_type ("PD"), ==, TAMBO_MRZ_TD3);
  g_assert_cmpint (tambo_mrz_format_for_type ("I"), ==, TAMBO_MRZ_TD1);
  g_assert_cmpint (tambo_mrz_format_for_type ("AC"), ==, TAMBO_MRZ_TD1);
  g_assert_cmpint (tambo_mrz_format_for_type (NULL), ==, TAMBO_MRZ_TD1);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mrz/td3-specimen", test_td3_specimen);
  g_test_add_func ("/mrz/td1-specimen", test_td1_specimen);
  g_test_add_func ("/mrz/td2-specimen", test_td2_specimen);
  g_test_add_func ("/mrz/long-numbers", test_long_numbers);
  g_test_add_func ("/mrz/visas", test_visas);
  g_test_add_func ("/mrz/information", test_information);
  g_test_add_func ("/mrz/layouts-of-text", test_layouts_of_text);
  g_test_add_func ("/mrz/refuses", test_refuses);
  g_test_add_func ("/mrz/names", test_names);
  g_test_add_func ("/mrz/years", test_years);
  g_test_add_func ("/mrz/dates-that-do-not-exist", test_dates_that_do_not_exist);
  g_test_add_func ("/mrz/unused-fields-may-have-filler-digits",
                   test_unused_fields_may_have_filler_digits);
  g_test_add_func ("/mrz/any-wrong-digit-is-seen", test_any_wrong_digit_is_seen);
  g_test_add_func ("/mrz/check-names-the-fields", test_check_names_the_fields);
  g_test_add_func ("/mrz/survives-truncation-and-garbage", test_survives_truncation_and_garbage);
  g_test_add_func ("/mrz/check-digit", test_check_digit);
  g_test_add_func ("/mrz/format-for-type", test_format_for_type);
  return g_test_run ();
}
