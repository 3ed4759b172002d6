/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The applicant's words, in the applicant's language, which is another one than the clerk's: gettext has one language a
 * process, so these have a table of their own. A language without a word speaks Spanish, then English.
 */
#pragma once

#include "record/finger.h"

typedef enum {
  TAMBO_WORD_WAIT,
  TAMBO_WORD_CONFIRM,
  TAMBO_WORD_YES,
  TAMBO_WORD_NO,
  TAMBO_WORD_THANKS,
  TAMBO_WORD_CLERK_HELPS,
  TAMBO_WORD_LOOK,
  TAMBO_WORD_STILL,
  TAMBO_WORD_PICTURE_TAKEN,
  TAMBO_WORD_FINGER,
  TAMBO_WORD_FINGERS,
  TAMBO_WORD_RIGHT_HAND,
  TAMBO_WORD_LEFT_HAND,
  TAMBO_WORD_THUMBS,
  TAMBO_WORD_PRESS,
  TAMBO_WORD_KEEP_PRESSING,
  TAMBO_WORD_SIGN,
  TAMBO_WORD_DONE,
  TAMBO_WORD_KEEP_NUMBER,
  TAMBO_WORD_PRACTICE,
  TAMBO_N_WORDS,
} TamboWord;

/* "es", "en", "qu", "ay": those that have words, NULL-terminated, with their own names. */
typedef struct {
  const char *code, *name;
} TamboApplicantLanguage;
const TamboApplicantLanguage *tambo_applicant_languages (void);

const char *tambo_applicant_word (TamboWord word, const char *language);
const char *tambo_applicant_finger (TamboFinger finger, const char *language);
/* The name of a field; KEY is the applicant's JSON key. */
const char *tambo_applicant_field (const char *key, const char *language);
/* What the guidance says (portrait-guide.h). */
const char *tambo_applicant_hint (const char *hint, const char *language);
