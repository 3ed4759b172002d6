/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which characters a place of a machine-readable zone may have, and what its check digits are about:
 * Doc 9303-4 section 4.2 (TD3), 9303-5 (TD1), 9303-6 (TD2), 9303-7 (visas, which have no composite
 * digit). Places are counted through the lines.
 */
#pragma once

#include <glib.h>

#define TAMBO_MRZ_MAX_PLACES 90
#define TAMBO_MRZ_MAX_PARTS 4

typedef struct {
  struct {
    guint8 start, length;
  } parts[TAMBO_MRZ_MAX_PARTS]; /* a length of 0 ends them */
  guint8 digit;                 /* place of the check digit */
  gboolean may_be_filled;       /* the digit may be '<' where the field is empty */
} TamboMrzField;

typedef struct {
  const char *places; /* a letter for each, see tambo_mrz_grammar_allowed */
  const TamboMrzField *fields;
  gsize n_fields;
} TamboMrzGrammar;

/* Two lines of 44 or 36, three of 30. */
const TamboMrzGrammar *tambo_mrz_grammar (guint n_lines, guint n_columns, gboolean is_visa);
const char *tambo_mrz_grammar_allowed (const TamboMrzGrammar *grammar, gsize place);

/* The characters that the check digit is about, without a NUL; returns how many. */
gsize tambo_mrz_field_copy (const TamboMrzField *field, const char *text,
                            char out_content[TAMBO_MRZ_MAX_PLACES]);
/* TRUE for the places of the field and for its digit. */
gboolean tambo_mrz_field_has (const TamboMrzField *field, gsize place);
