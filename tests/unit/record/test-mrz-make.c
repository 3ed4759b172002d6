/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "record/mrz.h"
#include "record/record-error.h"

#define TODAY "2026-11-22"

static TamboApplicant *eriksson (const char *document_type, const char *document_number) {
  TamboApplicant *applicant = tambo_applicant_new ();

  applicant->surname = g_strdup ("Eriksson");
  applicant->given_names = g_strdup ("Anna Maria");
  applicant->birth_date = g_strdup ("1974-08-12");
  applicant->sex = TAMBO_SEX_FEMALE;
  applicant->nationality = g_strdup ("UTO");
  applicant->issuing_state = g_strdup ("UTO");
  applicant->document_type = g_strdup (document_type);
  applicant->document_number = g_strdup (document_number);
  applicant->expiry_date = g_strdup ("2012-04-15");
  return applicant;
}

static void assert_makes (const TamboApplicant *applicant, TamboMrzFormat format,
                          const char *expected) {
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tambo_mrz_make (applicant, format, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void test_specimens (void) {
  g_autoptr (TamboApplicant) passport = eriksson ("P", "L898902C3");
  g_autoptr (TamboApplicant) card = eriksson ("I", "D23145890");

  passport->personal_number = g_strdup ("ZE184226B");
  assert_makes (passport, TAMBO_MRZ_TD3,
                "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
  assert_makes (card, TAMBO_MRZ_TD1,
                "I<UTOD231458907<<<<<<<<<<<<<<<\n"
                "7408122F1204159UTO<<<<<<<<<<<6\n"
                "ERIKSSON<<ANNA<MARIA<<<<<<<<<<");
  assert_makes (card, TAMBO_MRZ_TD2,
                "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
                "D231458907UTO7408122F1204159<<<<<<<6");
}

static void test_long_numbers (void) {
  g_autoptr (TamboApplicant) applicant = eriksson ("I", "D23145890734");

  g_free (applicant->surname);
  g_free (applicant->given_names);
  g_free (applicant->birth_date);
  g_free (applicant->expiry_date);
  applicant->surname = g_strdup ("Stevenson");
  applicant->given_names = g_strdup ("Peter John");
  applicant->birth_date = g_strdup ("1934-07-12");
  applicant->expiry_date = g_strdup ("1995-07-12");
  applicant->sex = TAMBO_SEX_MALE;
  assert_makes (applicant, TAMBO_MRZ_TD1,
                "I<UTOD23145890<7349<<<<<<<<<<<\n"
                "3407127M9507122UTO<<<<<<<<<<<2\n"
                "STEVENSON<<PETER<JOHN<<<<<<<<<");
  assert_makes (applicant, TAMBO_MRZ_TD2,
                "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"
                "D23145890<UTO3407127M95071227349<<<8");
}

static void test_document_without_expiry (void) {
  g_autoptr (TamboApplicant) applicant = eriksson ("IA", "D23145890");
  g_autofree char *text = NULL;
  g_autoptr (TamboMrz) mrz = NULL;

  g_clear_pointer (&applicant->expiry_date, g_free);
  text = tambo_mrz_make (applicant, TAMBO_MRZ_TD1, NULL);
  g_assert_nonnull (strstr (text, "\n7408122F<<<<<<0UTO"));
  mrz = tambo_mrz_parse (text, TODAY, NULL);
  g_assert_true (tambo_mrz_check (mrz, NULL));
  g_assert_null (mrz->applicant->expiry_date);
}

static void test_names_the_field (void) {
  static const struct {
    gsize offset;
    const char *value, *field;
    TamboMrzFormat format;
  } rows[] = {
    { G_STRUCT_OFFSET (TamboApplicant, surname), NULL, "surname", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, surname), "-", "surname", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, surname), "Eriksson 2", "surname", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, given_names), "安娜", "given_names", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, birth_date), NULL, "birth_date", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, birth_date), "12.08.1974", "birth_date", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, expiry_date), "2012-XX-XX", "expiry_date", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, nationality), NULL, "nationality", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, nationality), "UTOP", "nationality", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, issuing_state), "uto", "issuing_state", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, document_type), NULL, "document_type", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, document_type), "PPP", "document_type", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, document_number), NULL, "document_number", TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, document_number), "L898902C3X", "document_number",
      TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, document_number), "12345678901234567890123",
      "document_number", TAMBO_MRZ_TD1 },
    { G_STRUCT_OFFSET (TamboApplicant, document_number), "123456789012345", "document_number",
      TAMBO_MRZ_TD2 },
    { G_STRUCT_OFFSET (TamboApplicant, document_number), "1234567890-12", "document_number",
      TAMBO_MRZ_TD1 },
    { G_STRUCT_OFFSET (TamboApplicant, document_number), "Ñ1", "document_number", TAMBO_MRZ_TD1 },
    { G_STRUCT_OFFSET (TamboApplicant, personal_number), "123456789012345", "personal_number",
      TAMBO_MRZ_TD3 },
    { G_STRUCT_OFFSET (TamboApplicant, personal_number), "12345678", "personal_number",
      TAMBO_MRZ_TD2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboApplicant) applicant = eriksson ("P", "L898902C3");
    char **field = G_STRUCT_MEMBER_P (applicant, rows[i].offset);
    g_autoptr (GError) error = NULL;

    g_free (*field);
    *field = g_strdup (rows[i].value);
    g_assert_null (tambo_mrz_make (applicant, rows[i].format, &error));
    g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD);
    g_assert_true (g_str_has_prefix (error->message, rows[i].field));
  }
}

/* What a randomly made applicant has; the names fit every format. */
static TamboApplicant *random_applicant (GRand *random, gboolean is_passport) {
  static const char *const surnames[] = { "ERIKSSON", "VAN DER MUELLEN", "A", "AL BASRI",
                                          "OCONNOR" };
  static const char *const given[] = { "", "ANNA", "ANNA MARIA", "B C D" };
  static const char *const states[] = { "UTO", "D", "PER", "XXA" };
  TamboApplicant *applicant = eriksson (is_passport ? "P" : "IR", NULL);
  GString *number = g_string_new (NULL);
  int length = g_rand_int_range (random, 1, is_passport ? 10 : 15);

  for (int i = 0; i < length; i++)
    g_string_append_c (number,
                       "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[g_rand_int_range (random, 0, 36)]);
  applicant->document_number = g_string_free (number, FALSE);
  g_free (applicant->surname);
  g_free (applicant->given_names);
  g_free (applicant->nationality);
  g_free (applicant->birth_date);
  g_free (applicant->expiry_date);
  applicant->surname = g_strdup (surnames[g_rand_int_range (random, 0, 5)]);
  applicant->given_names = g_strdup (given[g_rand_int_range (random, 0, 4)]);
  applicant->nationality = g_strdup (states[g_rand_int_range (random, 0, 4)]);
  applicant->sex = (TamboSex) g_rand_int_range (random, 0, 3);
  applicant->birth_date =
      g_strdup_printf ("%04d-%02d-%02d", g_rand_int_range (random, 1927, 2026),
                       g_rand_int_range (random, 1, 13), g_rand_int_range (random, 1, 29));
  applicant->expiry_date =
      g_strdup_printf ("%04d-%02d-%02d", g_rand_int_range (random, 1976, 2076),
                       g_rand_int_range (random, 1, 13), g_rand_int_range (random, 1, 29));
  if (is_passport && g_rand_boolean (random))
    applicant->personal_number = g_strdup ("12345678901234");
  return applicant;
}

static void test_round_trip (void) {
  g_autoptr (GRand) random = g_rand_new_with_seed (9303);

  for (int n = 0; n < 3000; n++) {
    TamboMrzFormat format = (TamboMrzFormat) (n % 3);
    g_autoptr (TamboApplicant) applicant = random_applicant (random, format == TAMBO_MRZ_TD3);
    g_autoptr (GError) error = NULL;
    g_autofree char *text = tambo_mrz_make (applicant, format, &error);
    g_autoptr (TamboMrz) mrz = NULL;

    g_assert_no_error (error);
    mrz = tambo_mrz_parse (text, TODAY, &error);
    g_assert_no_error (error);
    g_assert_true (tambo_mrz_check (mrz, &error));
    g_assert_cmpint (mrz->format, ==, format);
    g_assert_cmpstr (mrz->applicant->surname, ==, applicant->surname);
    g_assert_cmpstr (mrz->applicant->given_names, ==, applicant->given_names);
    g_assert_cmpstr (mrz->applicant->birth_date, ==, applicant->birth_date);
    g_assert_cmpstr (mrz->applicant->expiry_date, ==, applicant->expiry_date);
    g_assert_cmpint (mrz->applicant->sex, ==, applicant->sex);
    g_assert_cmpstr (mrz->applicant->nationality, ==, applicant->nationality);
    g_assert_cmpstr (mrz->applicant->document_type, ==, applicant->document_type);
    g_assert_cmpstr (mrz->applicant->document_number, ==, applicant->document_number);
    g_assert_cmpstr (mrz->applicant->personal_number, ==, applicant->personal_number);
  }
}

static void test_partial_birth_dates (void) {
  static const char *const dates[] = { "1974-XX-XX", "1974-08-XX", "XXXX-XX-XX" };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++) {
    g_autoptr (TamboApplicant) applicant = eriksson ("P", "L898902C3");
    g_autofree char *text = NULL;
    g_autoptr (TamboMrz) mrz = NULL;

    g_free (applicant->birth_date);
    applicant->birth_date = g_strdup (dates[i]);
    text = tambo_mrz_make (applicant, TAMBO_MRZ_TD3, NULL);
    mrz = tambo_mrz_parse (text, TODAY, NULL);
    g_assert_true (tambo_mrz_check (mrz, NULL));
    g_assert_cmpstr (mrz->applicant->birth_date, ==, dates[i]);
  }
}

static void test_visas_have_no_composite (void) {
  g_autoptr (TamboApplicant) applicant = eriksson ("V", "L8988901C");

  applicant->personal_number = g_strdup ("6ZE184226B");
  assert_makes (applicant, TAMBO_MRZ_TD3,
                "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                "L8988901C4UTO7408122F12041596ZE184226B<<<<<<");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mrz-make/specimens", test_specimens);
  g_test_add_func ("/mrz-make/long-numbers", test_long_numbers);
  g_test_add_func ("/mrz-make/document-without-expiry", test_document_without_expiry);
  g_test_add_func ("/mrz-make/names-the-field", test_names_the_field);
  g_test_add_func ("/mrz-make/round-trip", test_round_trip);
  g_test_add_func ("/mrz-make/partial-birth-dates", test_partial_birth_dates);
  g_test_add_func ("/mrz-make/visas-have-no-composite", test_visas_have_no_composite);
  return g_test_run ();
}
