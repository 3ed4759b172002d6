/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The machine-readable zone: ICAO Doc 9303-3 section 4 (check digits, transliteration of section 6),
 * TD1 of 9303-5, TD3 of 9303-4, TD2 of 9303-6. Pure functions over text.
 */
#pragma once

#include "record/applicant.h"

typedef enum {
  TAMBO_MRZ_TD1, /* 3 lines of 30 */
  TAMBO_MRZ_TD2, /* 2 lines of 36 */
  TAMBO_MRZ_TD3, /* 2 lines of 44 */
} TamboMrzFormat;

typedef struct {
  TamboMrzFormat format;
  char *lines[3];            /* as read, upper case; lines[2] is NULL but for TD1 */
  TamboApplicant *applicant; /* names with blanks for fillers; optional data in personal_number */
  char *optional_data;       /* TD1: second optional field; otherwise NULL */
  /* verdict of each check digit; a digit that the format does not have counts as right */
  gboolean document_number_right;
  gboolean birth_date_right;
  gboolean expiry_date_right;
  gboolean optional_data_right; /* TD3 personal number */
  gboolean composite_right;
} TamboMrz;

void tambo_mrz_free (TamboMrz *mrz);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboMrz, tambo_mrz_free)

/* Lines parted by newlines or by nothing at all (72, 88 or 90 characters). MALFORMED when it is no
 * MRZ; a wrong check digit is no error here: it is in the verdict. Two-digit years are resolved
 * against TODAY (ISO 8601; NULL for the clock): births in the past, expiries from 50 years before
 * to 49 after. */
TamboMrz *tambo_mrz_parse (const char *text, const char *today,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE when every check digit holds; otherwise CHECK_DIGIT, naming those that do not. */
gboolean tambo_mrz_check (const TamboMrz *mrz, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the MRZ of an applicant's document: names transliterated and truncated by 9303-3 and -4, -5,
 * -6, long document numbers of TD1 carried into the optional data. The format follows from
 * document_type: P gives TD3, others TD1, V and explicit TD2 by FORMAT. Lines are joined by
 * newlines. */
char *tambo_mrz_make (const TamboApplicant *applicant, TamboMrzFormat format,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboMrzFormat tambo_mrz_format_for_type (const char *document_type);

/* The characters of 9303-3 section 4.9: 0-9 A-Z <. '\0' for others. */
char tambo_mrz_check_digit (const char *field, gsize length);

/* A name in MRZ characters, words parted by one '<'. */
char *tambo_mrz_transliterate (const char *name);

/* "MRZ information" of 9303-11 section 4.3.2 and D.2: document number (filled to 9), birth date,
 * expiry date, each with its check digit. Two-digit years. NULL when a part is missing. */
char *tambo_mrz_information (const TamboMrz *mrz);
