/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the fields of each MRZ format stand: the data structures of section 4.2.2 of Doc 9303-4, -5
 * and -6, and of 9303-7 for visas (MRV-A in the size of TD3, MRV-B in that of TD2).
 */
#pragma once

#include "record/mrz.h"

/* A run of characters of one line, from 0. */
typedef struct {
  guint8 line;
  guint8 start;
  guint8 length;
} TamboMrzField;

/* Check digits stand right after their field. */
typedef struct {
  guint8 n_lines;
  guint8 line_length;
  TamboMrzField names;
  TamboMrzField document_number;
  TamboMrzField birth_date;
  TamboMrzField sex;
  TamboMrzField expiry_date;
  TamboMrzField nationality;
  TamboMrzField optional_data;        /* TD3: personal number; TD1: the first one */
  TamboMrzField second_optional_data; /* TD1 alone; length 0 elsewhere */
  TamboMrzField composed[4];          /* what the composite digit is over, in order */
  TamboMrzField composite;            /* length 0: visas have none */
  gboolean has_optional_digit;        /* TD3 */
  gboolean carries_long_number;       /* TD1, TD2: past 9 characters, in the optional data */
} TamboMrzLayout;

/* FIRST_LETTER is the document code's: 'V' is a visa. */
const TamboMrzLayout *tambo_mrz_layout (TamboMrzFormat format, char first_letter);
