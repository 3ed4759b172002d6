/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The applicant: what the travel document says and what the person declares. The JSON keys are
 * those of `lds build` and `enrol`: surname, given_names, birth_date, sex, nationality,
 * issuing_state, document_type, document_number, expiry_date, and the optional ones below.
 */
#pragma once

#include <json-glib/json-glib.h>

typedef enum {
  TAMBO_SEX_UNSPECIFIED, /* MRZ '<' */
  TAMBO_SEX_FEMALE,
  TAMBO_SEX_MALE,
} TamboSex;

typedef struct {
  char *surname;         /* primary identifier, NFC UTF-8, as in the document */
  char *given_names;     /* secondary identifier; "" for people with one name */
  char *birth_date;      /* ISO 8601; unknown parts are XX: "2000-XX-XX" */
  TamboSex sex;          /* JSON "F", "M" or "X" */
  char *nationality;     /* three letters of Doc 9303-3 section 5 */
  char *issuing_state;   /* likewise, of the document */
  char *document_type;   /* first letters of the MRZ: "P", "I", "AC", … */
  char *document_number; /* as printed, no fillers */
  char *expiry_date;     /* ISO 8601; NULL when the document never expires */
  /* optional, NULL when unknown */
  char *personal_number;
  char *place_of_birth;
  char *address;
  char *phone;
  char *email;
  char **other_names; /* NULL or a string array */
} TamboApplicant;

TamboApplicant *tambo_applicant_new (void);
TamboApplicant *tambo_applicant_copy (const TamboApplicant *applicant);
void tambo_applicant_free (TamboApplicant *applicant); /* wipes the strings */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboApplicant, tambo_applicant_free)

/* Reads the keys that are there; TAMBO_RECORD_ERROR_FIELD for one of another type or an impossible
 * value. Completeness is tambo_applicant_check's. */
TamboApplicant *tambo_applicant_from_json (JsonObject *object,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *tambo_applicant_to_json (const TamboApplicant *applicant);

/* All mandatory fields are there and possible: dates exist, birth is past, states have three
 * letters of the known list, no control characters, no digits in names. Names the first that is
 * not. */
gboolean tambo_applicant_check (const TamboApplicant *applicant,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills what is empty in APPLICANT from OTHER and fails with FIELD where both have a value and they
 * differ (names are compared in their MRZ form). What the document says is never silently lost. */
gboolean tambo_applicant_merge (TamboApplicant *applicant, const TamboApplicant *other,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *tambo_sex_to_string (TamboSex sex); /* "F", "M", "X" */
gboolean tambo_sex_from_string (const char *text, TamboSex *out_sex) G_GNUC_WARN_UNUSED_RESULT;
