/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-grammar.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* D document type, A letter or filler, N digit, n digit or filler, X any, S sex. */
#define TD3_LINE_1 "DAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TD2_LINE_1 "DAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const TamboMrzField td3_fields[] = {
  { { { 44, 9 } }, 53, FALSE },
  { { { 57, 6 } }, 63, FALSE },
  { { { 65, 6 } }, 71, FALSE },
  { { { 72, 14 } }, 86, TRUE },
  { { { 44, 10 }, { 57, 7 }, { 65, 22 } }, 87, FALSE },
};
static const TamboMrzField visa_a_fields[] = {
  { { { 44, 9 } }, 53, FALSE },
  { { { 57, 6 } }, 63, FALSE },
  { { { 65, 6 } }, 71, FALSE },
};
static const TamboMrzField td2_fields[] = {
  { { { 36, 9 } }, 45, FALSE },
  { { { 49, 6 } }, 55, FALSE },
  { { { 57, 6 } }, 63, FALSE },
  { { { 36, 10 }, { 49, 7 }, { 57, 14 } }, 71, FALSE },
};
static const TamboMrzField visa_b_fields[] = {
  { { { 36, 9 } }, 45, FALSE },
  { { { 49, 6 } }, 55, FALSE },
  { { { 57, 6 } }, 63, FALSE },
};
static const TamboMrzField td1_fields[] = {
  { { { 5, 9 } }, 14, TRUE },
  { { { 30, 6 } }, 36, FALSE },
  { { { 38, 6 } }, 44, FALSE },
  { { { 5, 25 }, { 30, 7 }, { 38, 7 }, { 48, 11 } }, 59, FALSE },
};

static const TamboMrzGrammar td3 = { TD3_LINE_1 "XXXXXXXXXNAAAnnnnnnNSNNNNNNNXXXXXXXXXXXXXXnN",
                                     td3_fields, G_N_ELEMENTS (td3_fields) };
static const TamboMrzGrammar visa_a = { TD3_LINE_1 "XXXXXXXXXNAAAnnnnnnNSNNNNNNNXXXXXXXXXXXXXXXX",
                                        visa_a_fields, G_N_ELEMENTS (visa_a_fields) };
static const TamboMrzGrammar td2 = { TD2_LINE_1 "XXXXXXXXXnAAAnnnnnnNSNNNNNNNXXXXXXXN", td2_fields,
                                     G_N_ELEMENTS (td2_fields) };
static const TamboMrzGrammar visa_b = { TD2_LINE_1 "XXXXXXXXXNAAAnnnnnnNSNNNNNNNXXXXXXXX",
                                        visa_b_fields, G_N_ELEMENTS (visa_b_fields) };
static const TamboMrzGrammar td1 = { "DAAAAXXXXXXXXXnXXXXXXXXXXXXXXX"
                                     "nnnnnnNSNNNNNNNAAAXXXXXXXXXXXN"
                                     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                     td1_fields, G_N_ELEMENTS (td1_fields) };

const TamboMrzGrammar *tambo_mrz_grammar (guint n_lines, guint n_columns, gboolean is_visa) {
  if (n_lines == 3)
    return &td1;
  if (n_columns == 44)
    return is_visa ? &visa_a : &td3;
  return is_visa ? &visa_b : &td2;
}

const char *tambo_mrz_grammar_allowed (const TamboMrzGrammar *grammar, gsize place) {
  switch (grammar->places[place]) {
  case 'D':
    return "ACIPV";
  case 'A':
    return LETTERS "<";
  case 'N':
    return DIGITS;
  case 'n':
    return DIGITS "<";
  case 'S':
    return "FMX<";
  default:
    return LETTERS DIGITS "<";
  }
}

gsize tambo_mrz_field_copy (const TamboMrzField *field, const char *text,
                            char out_content[TAMBO_MRZ_MAX_PLACES]) {
  gsize n = 0;

  for (gsize i = 0; i < TAMBO_MRZ_MAX_PARTS && field->parts[i].length > 0; i++) {
    memcpy (out_content + n, text + field->parts[i].start, field->parts[i].length);
    n += field->parts[i].length;
  }
  return n;
}

gboolean tambo_mrz_field_has (const TamboMrzField *field, gsize place) {
  if (place == field->digit)
    return TRUE;
  for (gsize i = 0; i < TAMBO_MRZ_MAX_PARTS && field->parts[i].length > 0; i++)
    if (place >= field->parts[i].start
        && place < (gsize) field->parts[i].start + field->parts[i].length)
      return TRUE;
  return FALSE;
}
