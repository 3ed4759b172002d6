/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/json.h"
#include "record/applicant.h"
#include "record/record-error.h"

#define ERIKSSON                                                                                   \
  "{\"birth_date\":\"1974-08-12\",\"document_number\":\"L898902C3\",\"document_type\":\"P\","      \
  "\"expiry_date\":\"2012-04-15\",\"given_names\":\"Anna María\",\"issuing_state\":\"UTO\","      \
  "\"nationality\":\"UTO\",\"other_names\":[\"Anne\"],\"sex\":\"F\",\"surname\":\"Eriksson\"}"

static TamboApplicant *applicant_from (const char *text, GError **error) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, -1, NULL);

  g_assert_nonnull (object);
  return tambo_applicant_from_json (object, error);
}

static char *text_of (const TamboApplicant *applicant) {
  g_autoptr (JsonObject) object = tambo_applicant_to_json (applicant);

  return tambo_json_canonical (object);
}

static void test_round_trip (void) {
  g_autoptr (TamboApplicant) applicant = applicant_from (ERIKSSON, NULL);
  g_autoptr (TamboApplicant) copy = tambo_applicant_copy (applicant);
  g_autofree char *text = text_of (copy);

  g_assert_cmpstr (text, ==, ERIKSSON);
  tambo_applicant_free (NULL);
}

static void test_from_json_tidies (void) {
  g_autoptr (TamboApplicant) applicant =
      applicant_from ("{\"surname\":\"  E\u0301rik \",\"given_names\":\"\",\"phone\":\"\","
                      "\"expiry_date\":null,\"birth_date\":\"1974-XX-XX\"}",
                      NULL);

  g_assert_cmpstr (applicant->surname, ==, "Érik");
  g_assert_cmpstr (applicant->given_names, ==, "");
  g_assert_null (applicant->phone);
  g_assert_null (applicant->expiry_date);
  g_assert_cmpstr (applicant->birth_date, ==, "1974-XX-XX");
  g_assert_cmpint (applicant->sex, ==, TAMBO_SEX_UNSPECIFIED);
}

static void test_from_json_refuses (void) {
  static const struct {
    const char *text, *field;
  } rows[] = {
    { "{\"surname\":1}", "surname" },
    { "{\"given_names\":[\"ANNA\"]}", "given_names" },
    { "{\"sex\":\"female\"}", "sex" },
    { "{\"birth_date\":\"12/08/1974\"}", "birth_date" },
    { "{\"birth_date\":\"1974-02-30\"}", "birth_date" },
    { "{\"expiry_date\":\"2012-XX-XX\"}", "expiry_date" },
    { "{\"other_names\":\"ANNE\"}", "other_names" },
    { "{\"other_names\":[1]}", "other_names" },
  };
  g_autofree char *long_name = g_strnfill (2000, 'A');
  g_autofree char *long_text = g_strdup_printf ("{\"surname\":\"%s\"}", long_name);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (applicant_from (rows[i].text, &error));
    g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD);
    g_assert_nonnull (strstr (error->message, rows[i].field));
  }
  g_assert_null (applicant_from (long_text, NULL));
}

static void test_merge_fills (void) {
  g_autoptr (TamboApplicant) declared =
      applicant_from ("{\"surname\":\"Eriksson\",\"phone\":\"+51 1 200 1000\"}", NULL);
  g_autoptr (TamboApplicant) document = applicant_from (ERIKSSON, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (tambo_applicant_merge (declared, document, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (declared->phone, ==, "+51 1 200 1000");
  g_clear_pointer (&declared->phone, g_free);
  text = text_of (declared);
  g_assert_cmpstr (text, ==, ERIKSSON);
}

static void test_merge_compares_names_as_an_mrz_does (void) {
  g_autoptr (TamboApplicant) declared =
      applicant_from ("{\"surname\":\"Nilavadhanananda\","
                      "\"given_names\":\"Chayapa Dejthamrong Krasuang\"}",
                      NULL);
  g_autoptr (TamboApplicant) document =
      applicant_from ("{\"surname\":\"NILAVADHANANANDA\","
                      "\"given_names\":\"CHAYAPA DEJTHAMRONG K\"}",
                      NULL);
  g_autoptr (TamboApplicant) accented = applicant_from ("{\"surname\":\"Nilávadhanananda\"}", NULL);

  g_assert_true (tambo_applicant_merge (declared, document, NULL));
  g_assert_cmpstr (declared->given_names, ==, "Chayapa Dejthamrong Krasuang");
  g_assert_true (tambo_applicant_merge (document, declared, NULL));
  g_assert_true (tambo_applicant_merge (declared, accented, NULL));
  g_assert_cmpstr (declared->surname, ==, "Nilavadhanananda");
}

static void test_merge_names_the_difference (void) {
  static const struct {
    const char *text, *field;
  } rows[] = {
    { "{\"surname\":\"ERIKSEN\"}", "surname" },
    { "{\"given_names\":\"ANNA\"}", "given_names" },
    { "{\"birth_date\":\"1974-08-13\"}", "birth_date" },
    { "{\"sex\":\"M\"}", "sex" },
    { "{\"nationality\":\"PER\"}", "nationality" },
    { "{\"document_number\":\"L898902C4\"}", "document_number" },
    { "{\"expiry_date\":\"2012-04-16\"}", "expiry_date" },
    { "{\"other_names\":[\"Ana\"]}", "other_names" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboApplicant) applicant = applicant_from (ERIKSSON, NULL);
    g_autoptr (TamboApplicant) other = applicant_from (rows[i].text, NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;

    /* What would have been filled must not have been, either. */
    other->email = g_strdup ("anna@example.org");
    g_assert_false (tambo_applicant_merge (applicant, other, &error));
    g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD);
    g_assert_true (g_str_has_prefix (error->message, rows[i].field));
    text = text_of (applicant);
    g_assert_cmpstr (text, ==, ERIKSSON);
  }
}

static void test_merge_takes_numbers_for_one (void) {
  g_autoptr (TamboApplicant) applicant = applicant_from (ERIKSSON, NULL);
  g_autoptr (TamboApplicant) other =
      applicant_from ("{\"document_number\":\"l-898902 C3\",\"sex\":\"X\"}", NULL);

  g_assert_true (tambo_applicant_merge (applicant, other, NULL));
  g_assert_cmpstr (applicant->document_number, ==, "L898902C3");
  g_assert_cmpint (applicant->sex, ==, TAMBO_SEX_FEMALE);
}

static void test_sex (void) {
  TamboSex sex = TAMBO_SEX_MALE;

  g_assert_true (tambo_sex_from_string ("F", &sex));
  g_assert_cmpint (sex, ==, TAMBO_SEX_FEMALE);
  g_assert_true (tambo_sex_from_string ("X", &sex));
  g_assert_cmpint (sex, ==, TAMBO_SEX_UNSPECIFIED);
  g_assert_false (tambo_sex_from_string ("f", &sex));
  g_assert_false (tambo_sex_from_string (NULL, &sex));
  g_assert_cmpstr (tambo_sex_to_string (TAMBO_SEX_MALE), ==, "M");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/applicant/round-trip", test_round_trip);
  g_test_add_func ("/applicant/from-json-tidies", test_from_json_tidies);
  g_test_add_func ("/applicant/from-json-refuses", test_from_json_refuses);
  g_test_add_func ("/applicant/merge-fills", test_merge_fills);
  g_test_add_func ("/applicant/merge-compares-names-as-an-mrz-does",
                   test_merge_compares_names_as_an_mrz_does);
  g_test_add_func ("/applicant/merge-names-the-difference", test_merge_names_the_difference);
  g_test_add_func ("/applicant/merge-takes-numbers-for-one", test_merge_takes_numbers_for_one);
  g_test_add_func ("/applicant/sex", test_sex);
  return g_test_run ();
}
