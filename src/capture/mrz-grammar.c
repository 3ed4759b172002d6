/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-grammar.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const char document_codes[] = "ACIPV";
static const char letters[] = LETTERS "<";
static const char digits[] = DIGITS;
static const char digits_or_filler[] = DIGITS "<"; /* an unknown day or month */
static const char sexes[] = "FMX<";
static const char anything[] = LETTERS DIGITS "<";

static const TamboMrzField document_code = { 0, 0, 1 };
static const TamboMrzField document_kind_and_state = { 0, 1, 4 };

static guint8 place_of (const TamboMrzLayout *layout, const TamboMrzField *field, gsize i) {
  return (guint8) (field->line * layout->line_length + field->start + i);
}

static void allow (TamboMrzGrammar *grammar, const TamboMrzLayout *layout,
                   const TamboMrzField *field, const char *allowed) {
  for (gsize i = 0; i < field->length; i++)
    grammar->allowed[place_of (layout, field, i)] = allowed;
}

static TamboMrzSum *add_sum (TamboMrzGrammar *grammar, guint8 digit, gboolean may_be_filled) {
  TamboMrzSum *sum = &grammar->sums[grammar->n_sums++];

  sum->digit = digit;
  sum->may_be_filled = may_be_filled;
  grammar->allowed[digit] = may_be_filled ? digits_or_filler : digits;
  return sum;
}

static void add_places (TamboMrzSum *sum, const TamboMrzLayout *layout,
                        const TamboMrzField *field) {
  for (gsize i = 0; i < field->length; i++)
    sum->places[sum->n_places++] = place_of (layout, field, i);
}

/* A field whose digit stands right after it. */
static void add_checked (TamboMrzGrammar *grammar, const TamboMrzLayout *layout,
                         const TamboMrzField *field, gboolean may_be_filled) {
  add_places (add_sum (grammar, place_of (layout, field, field->length), may_be_filled), layout,
              field);
}

static void add_composite (TamboMrzGrammar *grammar, const TamboMrzLayout *layout) {
  TamboMrzSum *sum = add_sum (grammar, place_of (layout, &layout->composite, 0), FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (layout->composed); i++)
    add_places (sum, layout, &layout->composed[i]);
}

void tambo_mrz_grammar_make (const TamboMrzLayout *layout, TamboMrzGrammar *out_grammar) {
  TamboMrzGrammar grammar = { .n_places = (gsize) layout->n_lines * layout->line_length };

  for (gsize i = 0; i < grammar.n_places; i++)
    grammar.allowed[i] = anything;
  allow (&grammar, layout, &document_code, document_codes);
  allow (&grammar, layout, &document_kind_and_state, letters);
  allow (&grammar, layout, &layout->names, letters);
  allow (&grammar, layout, &layout->nationality, letters);
  allow (&grammar, layout, &layout->birth_date, digits_or_filler);
  allow (&grammar, layout, &layout->expiry_date, digits);
  allow (&grammar, layout, &layout->sex, sexes);
  add_checked (&grammar, layout, &layout->document_number, layout->carries_long_number);
  add_checked (&grammar, layout, &layout->birth_date, FALSE);
  add_checked (&grammar, layout, &layout->expiry_date, FALSE);
  if (layout->has_optional_digit)
    add_checked (&grammar, layout, &layout->optional_data, TRUE);
  if (layout->composite.length > 0)
    add_composite (&grammar, layout);
  *out_grammar = grammar;
}

gboolean tambo_mrz_sum_holds (const TamboMrzSum *sum, const char *text) {
  char content[TAMBO_MRZ_MAX_PLACES];
  char digit = text[sum->digit], wanted;

  for (gsize i = 0; i < sum->n_places; i++)
    content[i] = text[sum->places[i]];
  wanted = tambo_mrz_check_digit (content, sum->n_places);
  return digit == wanted || (digit == '<' && sum->may_be_filled && wanted == '0');
}

gboolean tambo_mrz_sum_has (const TamboMrzSum *sum, gsize place) {
  return place == sum->digit
         || (place < TAMBO_MRZ_MAX_PLACES
             && memchr (sum->places, (int) place, sum->n_places) != NULL);
}
