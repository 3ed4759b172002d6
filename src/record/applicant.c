/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/applicant.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"
#include "record/applicant-field.h"
#include "record/member.h"
#include "record/mrz-names.h"
#include "record/partial-date.h"

typedef enum {
  FORM_NAME,
  FORM_BIRTH_DATE,
  FORM_DATE,
  FORM_CODE, /* compared without punctuation and case */
  FORM_TEXT,
} FieldForm;

/* Every string of the applicant once, so that copying, wiping, JSON and merging agree. */
static const struct {
  const char *key;
  gsize offset;
  FieldForm form;
} fields[] = {
  { "surname", G_STRUCT_OFFSET (TamboApplicant, surname), FORM_NAME },
  { "given_names", G_STRUCT_OFFSET (TamboApplicant, given_names), FORM_NAME },
  { "birth_date", G_STRUCT_OFFSET (TamboApplicant, birth_date), FORM_BIRTH_DATE },
  { "nationality", G_STRUCT_OFFSET (TamboApplicant, nationality), FORM_CODE },
  { "issuing_state", G_STRUCT_OFFSET (TamboApplicant, issuing_state), FORM_CODE },
  { "document_type", G_STRUCT_OFFSET (TamboApplicant, document_type), FORM_CODE },
  { "document_number", G_STRUCT_OFFSET (TamboApplicant, document_number), FORM_CODE },
  { "expiry_date", G_STRUCT_OFFSET (TamboApplicant, expiry_date), FORM_DATE },
  { "personal_number", G_STRUCT_OFFSET (TamboApplicant, personal_number), FORM_CODE },
  { "place_of_birth", G_STRUCT_OFFSET (TamboApplicant, place_of_birth), FORM_TEXT },
  { "address", G_STRUCT_OFFSET (TamboApplicant, address), FORM_TEXT },
  { "phone", G_STRUCT_OFFSET (TamboApplicant, phone), FORM_TEXT },
  { "email", G_STRUCT_OFFSET (TamboApplicant, email), FORM_TEXT },
};

static char **field_of (const TamboApplicant *applicant, gsize i) {
  return G_STRUCT_MEMBER_P (applicant, fields[i].offset);
}

TamboApplicant *tambo_applicant_new (void) {
  return g_new0 (TamboApplicant, 1);
}

TamboApplicant *tambo_applicant_copy (const TamboApplicant *applicant) {
  TamboApplicant *copy = tambo_applicant_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    *field_of (copy, i) = g_strdup (*field_of (applicant, i));
  copy->sex = applicant->sex;
  copy->other_names = g_strdupv (applicant->other_names);
  return copy;
}

static void wipe_strings (char **strings) {
  for (gsize i = 0; strings != NULL && strings[i] != NULL; i++)
    tambo_secret_string_free (strings[i]);
  g_free (strings);
}

void tambo_applicant_free (TamboApplicant *applicant) {
  if (applicant == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    tambo_secret_string_free (*field_of (applicant, i));
  wipe_strings (applicant->other_names);
  g_free (applicant);
}

static gboolean set_field_error (GError **error, const char *key, const char *what) {
  g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD, "%s %s", key, what);
  return FALSE;
}

/* Blanks around, and a name that was typed with combining marks, are no part of the value. */
static char *tidy (char *text) {
  char *normal = g_utf8_normalize (g_strstrip (text), -1, G_NORMALIZE_NFC);

  tambo_secret_string_free (text);
  return normal;
}

static gboolean read_field (TamboApplicant *applicant, gsize i, JsonObject *object,
                            GError **error) {
  char **field = field_of (applicant, i);
  TamboPartialDate date;

  if (!tambo_member_text (object, fields[i].key, TAMBO_RECORD_ERROR_FIELD, field, error))
    return FALSE;
  if (*field == NULL)
    return TRUE;
  *field = tidy (*field);
  if (*field == NULL)
    return set_field_error (error, fields[i].key, "is not UTF-8");
  /* Forms send what was not filled in as "". Only given names mean something by it. */
  if (**field == '\0' && strcmp (fields[i].key, "given_names") != 0) {
    g_clear_pointer (field, g_free);
    return TRUE;
  }
  if (fields[i].form == FORM_DATE && !tambo_date_is_valid (*field))
    return set_field_error (error, fields[i].key, "is no date of the calendar");
  if (fields[i].form == FORM_BIRTH_DATE && !tambo_partial_date_parse (*field, &date))
    return set_field_error (error, fields[i].key, "is no date of the calendar");
  return TRUE;
}

TamboApplicant *tambo_applicant_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboApplicant) applicant = tambo_applicant_new ();
  g_autofree char *sex = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!read_field (applicant, i, object, error))
      return NULL;
  if (!tambo_member_text (object, "sex", TAMBO_RECORD_ERROR_FIELD, &sex, error)
      || !tambo_member_strings (object, "other_names", TAMBO_RECORD_ERROR_FIELD,
                                &applicant->other_names, error))
    return NULL;
  if (sex != NULL && !tambo_sex_from_string (sex, &applicant->sex)) {
    set_field_error (error, "sex", "is not F, M or X");
    return NULL;
  }
  return g_steal_pointer (&applicant);
}

JsonObject *tambo_applicant_to_json (const TamboApplicant *applicant) {
  JsonObject *object = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    tambo_json_set_optional (object, fields[i].key, *field_of (applicant, i));
  json_object_set_string_member (object, "sex", tambo_sex_to_string (applicant->sex));
  if (applicant->other_names != NULL)
    tambo_member_put_strings (object, "other_names", applicant->other_names);
  return object;
}

static gboolean is_empty (const char *text) {
  return text == NULL || *text == '\0';
}

/* The letters and digits, upper case: "ab-123" and "AB 123" are one number. */
static char *fold_code (const char *text) {
  GString *folded = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isalnum (*p) || (guchar) *p >= 0x80)
      g_string_append_c (folded, g_ascii_toupper (*p));
  return g_string_free (folded, FALSE);
}

static gboolean same_value (FieldForm form, const char *a, const char *b) {
  g_autofree char *folded_a = NULL;
  g_autofree char *folded_b = NULL;

  if (form != FORM_CODE)
    return strcmp (a, b) == 0;
  folded_a = fold_code (a);
  folded_b = fold_code (b);
  return strcmp (folded_a, folded_b) == 0;
}

static gboolean same_names (const TamboApplicant *a, const TamboApplicant *b, GError **error) {
  g_autofree char *surname_a = tambo_mrz_transliterate (a->surname != NULL ? a->surname : "");
  g_autofree char *surname_b = tambo_mrz_transliterate (b->surname != NULL ? b->surname : "");
  g_autofree char *given_a = tambo_mrz_transliterate (a->given_names != NULL ? a->given_names : "");
  g_autofree char *given_b = tambo_mrz_transliterate (b->given_names != NULL ? b->given_names : "");
  gboolean same_surname =
      is_empty (a->surname) || is_empty (b->surname) || strcmp (surname_a, surname_b) == 0;
  gboolean same_given =
      a->given_names == NULL || b->given_names == NULL || strcmp (given_a, given_b) == 0;

  if (same_surname && same_given)
    return TRUE;
  /* A name that fills its field in an MRZ may have been cut there. */
  if (!is_empty (a->surname) && !is_empty (b->surname)
      && (tambo_mrz_names_are_cut_from (surname_a, given_a, surname_b, given_b)
          || tambo_mrz_names_are_cut_from (surname_b, given_b, surname_a, given_a)))
    return TRUE;
  return set_field_error (error, same_surname ? "given_names" : "surname",
                          "differs between the document and what was declared");
}

static gboolean same_other_names (char *const *a, char *const *b) {
  return a == NULL || b == NULL || g_strv_equal ((const char *const *) a, (const char *const *) b);
}

gboolean tambo_applicant_merge (TamboApplicant *applicant, const TamboApplicant *other,
                                GError **error) {
  if (!same_names (applicant, other, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *a = *field_of (applicant, i), *b = *field_of (other, i);

    if (fields[i].form != FORM_NAME && !is_empty (a) && !is_empty (b)
        && !same_value (fields[i].form, a, b))
      return set_field_error (error, fields[i].key,
                              "differs between the document and what was declared");
  }
  if (applicant->sex != TAMBO_SEX_UNSPECIFIED && other->sex != TAMBO_SEX_UNSPECIFIED
      && applicant->sex != other->sex)
    return set_field_error (error, "sex", "differs between the document and what was declared");
  if (!same_other_names (applicant->other_names, other->other_names))
    return set_field_error (error, "other_names",
                            "differs between the document and what was declared");

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    char **field = field_of (applicant, i);

    if (is_empty (*field) && *field_of (other, i) != NULL) {
      g_free (*field);
      *field = g_strdup (*field_of (other, i));
    }
  }
  if (applicant->sex == TAMBO_SEX_UNSPECIFIED)
    applicant->sex = other->sex;
  if (applicant->other_names == NULL)
    applicant->other_names = g_strdupv (other->other_names);
  return TRUE;
}

const char *tambo_sex_to_string (TamboSex sex) {
  switch (sex) {
  case TAMBO_SEX_FEMALE:
    return "F";
  case TAMBO_SEX_MALE:
    return "M";
  case TAMBO_SEX_UNSPECIFIED:
  default:
    return "X";
  }
}

gboolean tambo_sex_from_string (const char *text, TamboSex *out_sex) {
  static const TamboSex values[] = { TAMBO_SEX_UNSPECIFIED, TAMBO_SEX_FEMALE, TAMBO_SEX_MALE };

  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (values); i++)
    if (strcmp (text, tambo_sex_to_string (values[i])) == 0) {
      *out_sex = values[i];
      return TRUE;
    }
  return FALSE;
}
