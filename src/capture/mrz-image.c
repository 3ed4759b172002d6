/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-image.h"

#include <string.h>

#include "capture/mrz-grammar.h"
#include "format/ocr-b.h"

/* A correlation this much below the best is another character; less is doubtful. */
#define PLAIN_MARGIN 0.06f
/* Characters further away than this are never put in place of the best. */
#define NEAR_MARGIN 0.20f
#define MAX_NEAR 24 /* alternatives of one sum */

/* One place of the zone: the characters that the grammar allows there, the best first. */
typedef struct {
  char best, second;
  float margin; /* between the two; 2 when there is no second */
} Place;

typedef struct {
  TamboMrzGrammar grammar;
  Place places[TAMBO_MRZ_MAX_PLACES];
  char text[TAMBO_MRZ_MAX_PLACES + 1]; /* the lines without newlines */
  gboolean mended[TAMBO_MRZ_MAX_PLACES];
} Zone;

void tambo_mrz_reading_free (TamboMrzReading *reading) {
  if (reading == NULL)
    return;
  g_free (reading->lines);
  g_free (reading->marks);
  g_clear_pointer (&reading->mrz, tambo_mrz_free);
  g_free (reading);
}

/* ---- places ---- */

static Place judge_place (const float scores[TAMBO_OCR_B_N], const char *allowed) {
  Place place = { .margin = 2 };
  float best = -2, second = -2;

  for (int i = 0; i < TAMBO_OCR_B_N; i++) {
    char character = TAMBO_OCR_B_ALPHABET[i];

    if (strchr (allowed, character) == NULL)
      continue;
    if (scores[i] > best) {
      second = best;
      place.second = place.best;
      best = scores[i];
      place.best = character;
    } else if (scores[i] > second) {
      second = scores[i];
      place.second = character;
    }
  }
  if (place.second != '\0')
    place.margin = best - second;
  return place;
}

static void judge_places (const TamboOcrB *ocr, Zone *zone) {
  gsize place = 0;

  for (guint line = 0; line < ocr->n_lines; line++)
    for (guint column = 0; column < ocr->n_columns; column++, place++) {
      zone->places[place] = judge_place (ocr->scores[line][column], zone->grammar.allowed[place]);
      zone->text[place] = zone->places[place].best;
    }
  zone->text[place] = '\0';
}

/* ---- check digits ---- */

/* The places of SUM and its digit where another character fits nearly as well, the nearest first. */
static gsize list_near (const Zone *zone, const TamboMrzSum *sum, gsize near[MAX_NEAR]) {
  gsize n = 0;

  for (gsize place = 0; zone->text[place] != '\0'; place++) {
    float margin = zone->places[place].margin;
    gsize at = n;

    if (!tambo_mrz_sum_has (sum, place) || margin > NEAR_MARGIN || zone->mended[place])
      continue;
    if (n == MAX_NEAR && margin >= zone->places[near[n - 1]].margin)
      continue;
    if (n == MAX_NEAR)
      at = --n;
    while (at > 0 && zone->places[near[at - 1]].margin > margin) {
      near[at] = near[at - 1];
      at--;
    }
    near[at] = place;
    n++;
  }
  return n;
}

static void swap (Zone *zone, gsize place) {
  const Place *both = &zone->places[place];

  zone->text[place] = zone->text[place] == both->best ? both->second : both->best;
}

static gboolean mend_one (Zone *zone, const TamboMrzSum *sum, const gsize *near, gsize n) {
  for (gsize i = 0; i < n; i++) {
    swap (zone, near[i]);
    if (tambo_mrz_sum_holds (sum, zone->text)) {
      zone->mended[near[i]] = TRUE;
      return TRUE;
    }
    swap (zone, near[i]);
  }
  return FALSE;
}

/* Two at once, the nearest pairs first. */
static gboolean mend_two (Zone *zone, const TamboMrzSum *sum, const gsize *near, gsize n) {
  for (gsize last = 1; last < n; last++) {
    swap (zone, near[last]);
    if (mend_one (zone, sum, near, last)) {
      zone->mended[near[last]] = TRUE;
      return TRUE;
    }
    swap (zone, near[last]);
  }
  return FALSE;
}

/* A digit that does not hold is the sign of a character misread: the likeliest other reading that makes
 * it hold is taken. */
static void mend (Zone *zone) {
  for (gsize i = 0; i < zone->grammar.n_sums; i++) {
    const TamboMrzSum *sum = &zone->grammar.sums[i];
    gsize near[MAX_NEAR];
    gsize n;

    if (tambo_mrz_sum_holds (sum, zone->text))
      continue;
    n = list_near (zone, sum, near);
    if (!mend_one (zone, sum, near, n))
      mend_two (zone, sum, near, n);
  }
}

/* ---- the reading ---- */

static gboolean is_doubtful (const Zone *zone, gsize place) {
  return zone->mended[place] || zone->places[place].margin < PLAIN_MARGIN;
}

static void write_lines (const Zone *zone, const TamboOcrB *ocr, TamboMrzReading *reading) {
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GString) marks = g_string_new (NULL);

  for (gsize place = 0; zone->text[place] != '\0'; place++) {
    if (place > 0 && place % ocr->n_columns == 0) {
      g_string_append_c (lines, '\n');
      g_string_append_c (marks, '\n');
    }
    g_string_append_c (lines, zone->text[place]);
    g_string_append_c (marks, is_doubtful (zone, place) ? '?' : ' ');
    reading->n_doubtful += is_doubtful (zone, place);
    reading->n_mended += zone->mended[place];
  }
  reading->lines = g_string_free (g_steal_pointer (&lines), FALSE);
  reading->marks = g_string_free (g_steal_pointer (&marks), FALSE);
}

static TamboMrzFormat format_of (const TamboOcrB *ocr) {
  if (ocr->n_lines == 3)
    return TAMBO_MRZ_TD1;
  return ocr->n_columns == 44 ? TAMBO_MRZ_TD3 : TAMBO_MRZ_TD2;
}

/* The document code decides on the layout: visas have one of their own. */
static char judge_code (const TamboOcrB *ocr) {
  return judge_place (ocr->scores[0][0], "ACIPV").best;
}

TamboMrzReading *tambo_mrz_image_read (const TamboImage *image, const char *today, GError **error) {
  g_autoptr (TamboMrzReading) reading = g_new0 (TamboMrzReading, 1);
  g_autofree TamboOcrB *ocr = g_new (TamboOcrB, 1);
  g_autofree Zone *zone = g_new0 (Zone, 1);

  if (!tambo_ocr_b_read (image, ocr, error))
    return NULL;
  tambo_mrz_grammar_make (tambo_mrz_layout (format_of (ocr), judge_code (ocr)), &zone->grammar);
  judge_places (ocr, zone);
  mend (zone);
  write_lines (zone, ocr, reading);
  reading->skew = ocr->skew;
  reading->mrz = tambo_mrz_parse (reading->lines, today, error);
  return reading->mrz != NULL ? g_steal_pointer (&reading) : NULL;
}
