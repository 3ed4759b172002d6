/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The gallery of who decides: how long it takes to load, what it takes in memory, and how long one search
 * for an applicant's fingers takes. Cases of two fingers each, of minutiae strewn at random, half of them
 * searched again as a person who presses anew; TAMBO_BENCH_CASES says how many (5,000: 10,000 templates).
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/hq/made-hq.h"
#include "hq/gallery.h"

#define CASES 5000
#define SEARCHES 60
#define MINUTIAE 40
#define FIRST (TAMBO_FINGER_RIGHT_INDEX - 1)
#define SECOND (TAMBO_FINGER_LEFT_INDEX - 1)

/* JITTER in pixels moves each minutia, and a fifth of them is missing: another press of the same finger. */
static TamboMinutiaeRecord *strew (guint32 seed, int jitter) {
  g_autoptr (GRand) finger = g_rand_new_with_seed (seed);
  g_autoptr (GRand) again = g_rand_new_with_seed (seed ^ 0x5a5a5a5a);
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *view = tambo_minutiae_view_new ();

  record->width = 340;
  record->height = 440;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  for (int i = 0; i < MINUTIAE; i++) {
    TamboMinutia minutia = { .type = (guint8) g_rand_int_range (finger, 1, 3),
                             .angle = (guint8) g_rand_int_range (finger, 0, 256),
                             .quality = 60,
                             .x = (guint16) g_rand_int_range (finger, 30, 310),
                             .y = (guint16) g_rand_int_range (finger, 30, 410) };

    if (jitter > 0) {
      minutia.x = (guint16) (minutia.x + g_rand_int_range (again, -jitter, jitter + 1));
      minutia.y = (guint16) (minutia.y + g_rand_int_range (again, -jitter, jitter + 1));
      if (g_rand_int_range (again, 0, 5) == 0)
        continue;
    }
    g_array_append_val (view->minutiae, minutia);
  }
  g_ptr_array_add (record->views, view);
  return record;
}

static TamboFingerSet *person (guint32 number, int jitter) {
  TamboFingerSet *set = tambo_finger_set_new ();

  set->records[FIRST] = strew (2 * number, jitter);
  set->records[SECOND] = strew (2 * number + 1, jitter);
  set->count = 2;
  return set;
}

/* The first case makes the key, in a transaction of its own. */
static void fill (MadeHq *made, guint32 cases) {
  g_autoptr (TamboFingerSet) first = person (0, 0);
  g_autoptr (TamboWork) work = NULL;

  if (!tambo_gallery_save (made->hq, "case-0", first, NULL))
    g_error ("the gallery takes no case");
  work = tambo_work_begin (made->hq->database, NULL);
  for (guint32 i = 0; i < cases; i++) {
    g_autofree char *id = g_strdup_printf ("case-%u", i);
    g_autoptr (TamboFingerSet) set = person (i, 0);

    if (!tambo_gallery_save (made->hq, id, set, NULL))
      g_error ("the gallery takes no case");
  }
  if (!tambo_work_commit (work, NULL))
    g_error ("the gallery was not kept");
}

static double search (TamboHq *hq, guint32 number, gboolean *out_is_found) {
  g_autoptr (TamboFingerSet) set = person (number, 3);
  g_autofree char *id = g_strdup_printf ("case-%u", number);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GPtrArray) found = tambo_gallery_search (hq, set, "new", 5, NULL);
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;

  if (found == NULL)
    g_error ("the gallery cannot be searched");
  *out_is_found =
      found->len == 1 && strcmp (((TamboGalleryCandidate *) found->pdata[0])->case_id, id) == 0;
  return seconds;
}

static int compare (gconstpointer a, gconstpointer b) {
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Megabytes of this process that are in memory. */
static double resident (void) {
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL)
      || (line = strstr (text, "VmRSS:")) == NULL)
    return 0;
  return g_ascii_strtod (line + strlen ("VmRSS:"), NULL) / 1024;
}

int main (void) {
  const char *wanted = g_getenv ("TAMBO_BENCH_CASES");
  guint32 cases = wanted != NULL ? (guint32) atoi (wanted) : CASES;
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboHq) other = NULL;
  double times[SEARCHES], before, load;
  guint known = 0, strangers = 0;
  gboolean is_found;

  made_hq_init (&made);
  fill (&made, cases);
  other = tambo_hq_open (made.folder, NULL);
  before = resident ();
  load = search (other, cases + 1000, &is_found);
  printf ("loaded %u cases, %u templates: %.2f s, %.0f MB\n", cases, 2 * cases, load,
          resident () - before);
  for (guint32 i = 0; i < SEARCHES; i++) {
    guint32 number = i % 2 == 0 ? i * cases / SEARCHES : cases + i;

    times[i] = search (other, number, &is_found);
    *(i % 2 == 0 ? &known : &strangers) += is_found;
  }
  qsort (times, SEARCHES, sizeof times[0], compare);
  printf ("search: median %.1f ms, slowest %.1f ms\n", times[SEARCHES / 2] * 1000,
          times[SEARCHES - 1] * 1000);
  printf ("found: %u of %u who are there, %u of %u who are not\n", known, SEARCHES / 2, strangers,
          SEARCHES / 2);
  return known == SEARCHES / 2 && strangers == 0 ? 0 : 1;
}
