/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 1:N over a population of two fingers each: how long a search takes, and how often the mate comes first.
 *
 * The population is made up: minutiae strewn over a fingertip, their directions following a field with
 * cores and deltas. A mate is the same finger pressed again: turned, moved, stretched, some minutiae lost,
 * others that are none, a part out of sight. How much of that is chosen so that mates score as badly as
 * those of FVC 2002 DB1 (printed beside when the data are there). TAMBO_BENCH_SUBJECTS says how many
 * (1,000,000; it takes some minutes and 5 GB to make them).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "biometric/match-search.h"
#include "biometric/minutiae.h"
#include "format/image-codec.h"

#define FINGERS 2
#define SUBJECTS 1000000
#define SEARCHES 200
#define WIDTH 340
#define HEIGHT 440
#define THREADS 4
#define LOST_MIN 0.14 /* of the minutiae, from one press to the next */
#define LOST_MAX 0.52
#define FALSE_ONES 0.30 /* of their number, that are none */
#define JITTER 2.2      /* pixels */
#define SECONDS_MAX 5.0
#define FIRST_MIN 0.99

static double bell (GRand *random) {
  double sum = 0;

  for (int i = 0; i < 6; i++)
    sum += g_rand_double_range (random, -1, 1);
  return sum / 1.41;
}

/* ---- fingers of nobody ---- */

typedef struct {
  double x[4], y[4], sign[4];
  int count;
  double tilt;
} Field;

static void add_point (Field *field, double sign, double x, double y) {
  field->x[field->count] = x;
  field->y[field->count] = y;
  field->sign[field->count++] = sign;
}

static void field_init (Field *field, GRand *random) {
  double share = g_rand_double (random), side = share < 0.4 ? 1 : -1;
  double x = WIDTH / 2 + 14 * bell (random), y = HEIGHT / 2 + 18 * bell (random);

  *field = (Field){ .tilt = 0.1 * bell (random) };
  add_point (field, +1, x, y);
  add_point (field, -1, x + side * (80 + 14 * bell (random)), y - 105 + 18 * bell (random));
  if (share > 0.72) {
    add_point (field, +1, x + 12 * bell (random), y - 40 + 14 * bell (random));
    add_point (field, -1, x - side * (85 + 14 * bell (random)), y - 110 + 18 * bell (random));
  }
}

static double field_angle (const Field *field, double x, double y) {
  double angle = field->tilt;

  for (int i = 0; i < field->count; i++)
    angle += field->sign[i] * atan2 (y - field->y[i], x - field->x[i]) / 2;
  return angle;
}

typedef struct {
  double x, y, angle;
  guint8 quality, type;
} Point;

static gboolean is_on_finger (double x, double y) {
  return hypot ((x - WIDTH / 2.0) / (WIDTH / 2.0), (y - HEIGHT / 2.0) / (HEIGHT / 2.0)) < 0.97;
}

static gboolean is_free (const GArray *points, double x, double y) {
  for (guint i = 0; i < points->len; i++) {
    const Point *p = &g_array_index (points, Point, i);
    if (hypot (p->x - x, p->y - y) < 11)
      return FALSE;
  }
  return TRUE;
}

static void strew (GArray *points, const Field *field, GRand *random, guint count) {
  for (guint tries = 0; count > 0 && tries < 1000; tries++) {
    Point p = { .x = g_rand_double_range (random, 0, WIDTH),
                .y = g_rand_double_range (random, 0, HEIGHT),
                .quality = (guint8) g_rand_int_range (random, 35, 96),
                .type = (guint8) g_rand_int_range (random, 1, 3) };
    if (!is_on_finger (p.x, p.y) || !is_free (points, p.x, p.y))
      continue;
    p.angle =
        field_angle (field, p.x, p.y) + (g_rand_boolean (random) ? G_PI : 0) + 0.16 * bell (random);
    g_array_append_val (points, p);
    count--;
  }
}

/* Finger FINGER of subject SUBJECT, always the same. */
static GArray *make_finger (guint subject, guint finger, Field *out_field) {
  const guint32 words[] = { subject, finger + 1, 2654435761u * subject + 17 };
  g_autoptr (GRand) random = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Point));

  field_init (out_field, random);
  strew (points, out_field, random, (guint) g_rand_int_range (random, 30, 56));
  return points;
}

static TamboMinutiaeRecord *write_record (const GArray *points) {
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *view = tambo_minutiae_view_new ();

  record->width = WIDTH;
  record->height = HEIGHT;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  for (guint i = 0; i < points->len; i++) {
    const Point *p = &g_array_index (points, Point, i);
    if (p->x < 0 || p->y < 0 || p->x >= WIDTH || p->y >= HEIGHT)
      continue;
    TamboMinutia minutia = { .type = p->type,
                             .angle = (guint8) lround (p->angle * 128 / G_PI),
                             .quality = p->quality,
                             .x = (guint16) p->x,
                             .y = (guint16) (HEIGHT - 1 - (int) p->y) };
    g_array_append_val (view->minutiae, minutia);
  }
  g_ptr_array_add (record->views, view);
  return record;
}

static TamboMinutiaeRecord *make_enrolled (guint subject, guint finger) {
  Field field;
  g_autoptr (GArray) points = make_finger (subject, finger, &field);

  return write_record (points);
}

/* How the same finger comes the next time. */
static TamboMinutiaeRecord *make_mate (guint subject, guint finger) {
  Field field;
  g_autoptr (GArray) points = make_finger (subject, finger, &field);
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (Point));
  const guint32 words[] = { subject, finger + 1, 77 };
  g_autoptr (GRand) random = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
  double turn = 0.12 * bell (random), c = cos (turn), s = sin (turn);
  double dx = 22 * bell (random), dy = 30 * bell (random);
  double push_x = g_rand_double_range (random, 60, WIDTH - 60), push_y = HEIGHT / 2.0;
  double lost = g_rand_double_range (random, LOST_MIN, LOST_MAX);
  double force_x = 6 * bell (random), force_y = 6 * bell (random);

  for (guint i = 0; i < points->len; i++) {
    Point p = g_array_index (points, Point, i);
    double near = exp (-(pow (p.x - push_x, 2) + pow (p.y - push_y, 2)) / (2 * 100.0 * 100.0));
    double x = p.x - WIDTH / 2.0 + near * force_x, y = p.y - HEIGHT / 2.0 + near * force_y;
    p.x = c * x - s * y + WIDTH / 2.0 + dx + JITTER * bell (random);
    p.y = s * x + c * y + HEIGHT / 2.0 + dy + JITTER * bell (random);
    p.angle += turn + 0.09 * bell (random);
    if (g_rand_double (random) < lost || !is_on_finger (p.x, p.y))
      continue;
    if (g_rand_double (random) < 0.2)
      p.type = 3 - p.type;
    p.quality = (guint8) g_rand_int_range (random, 30, 96);
    g_array_append_val (seen, p);
  }
  strew (seen, &field, random, (guint) (FALSE_ONES * points->len));
  return write_record (seen);
}

/* ---- FVC, to say how hard the mates are ---- */

static TamboMatchTemplate *load_fvc (int finger, int impression) {
  const char *root = g_getenv ("TAMBO_TEST_DATA");
  g_autofree char *path =
      g_strdup_printf ("%s/fingers/fvc2002_DB1_B/%d_%d.png", root != NULL ? root : "../shared/data",
                       finger, impression);
  char *contents;
  gsize size;

  if (!g_file_get_contents (path, &contents, &size, NULL))
    return NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_take (contents, size);
  g_autoptr (TamboImage) image = tambo_image_decode (bytes, NULL);
  g_autoptr (TamboMinutiaeRecord) record = image != NULL ? tambo_minutiae_extract (image) : NULL;
  if (record == NULL)
    return NULL;
  TamboMinutiaeView *view = g_ptr_array_index (record->views, 0);
  g_clear_pointer (&view->extended, g_bytes_unref); /* the made-up ones have no ridge flow either */
  return tambo_match_template_new (record, view);
}

static int compare_ints (gconstpointer a, gconstpointer b) {
  return *(const int *) a - *(const int *) b;
}

static void say_scores (const char *what, GArray *scores) {
  g_array_sort (scores, compare_ints);
  printf ("  %-34s %4u pairs: 5 %% below %d, a quarter below %d, half below %d\n", what,
          scores->len, g_array_index (scores, int, scores->len / 20),
          g_array_index (scores, int, scores->len / 4),
          g_array_index (scores, int, scores->len / 2));
}

static void say_fvc (void) {
  g_autoptr (GArray) scores = g_array_new (FALSE, FALSE, sizeof (int));

  for (int finger = 101; finger <= 110; finger++) {
    g_autoptr (GPtrArray) all =
        g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_match_template_free);
    for (int i = 1; i <= 8; i++) {
      TamboMatchTemplate *template = load_fvc (finger, i);
      if (template == NULL) {
        printf ("  FVC 2002 DB1: skipped: no data\n");
        return;
      }
      g_ptr_array_add (all, template);
    }
    for (guint i = 0; i < all->len; i++)
      for (guint k = 0; k < i; k++) {
        int score = tambo_match (g_ptr_array_index (all, i), g_ptr_array_index (all, k));
        g_array_append_val (scores, score);
      }
  }
  say_scores ("mates of FVC 2002 DB1, no flow", scores);
}

static void say_mates (void) {
  g_autoptr (GArray) scores = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint subject = 0; subject < 300; subject++) {
    g_autoptr (TamboMinutiaeRecord) a = make_enrolled (subject, 0), b = make_mate (subject, 0);
    g_autoptr (TamboMatchTemplate) x =
        tambo_match_template_new (a, g_ptr_array_index (a->views, 0));
    g_autoptr (TamboMatchTemplate) y =
        tambo_match_template_new (b, g_ptr_array_index (b->views, 0));
    int score = tambo_match (x, y);
    g_array_append_val (scores, score);
  }
  say_scores ("mates of this population", scores);
}

/* ---- the searches ---- */

static double seconds_since (gint64 start) {
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static void give_fingers (guint subject, TamboMinutiaeRecord **out_fingers, gpointer data) {
  for (guint i = 0; i < FINGERS; i++)
    out_fingers[i] = make_enrolled (subject, i);
}

static TamboMatchSearch *enrol_all (guint subjects) {
  TamboMatchSearch *search = tambo_match_search_new (FINGERS);
  gint64 start = g_get_monotonic_time ();

  tambo_match_search_add_many (search, subjects, THREADS, give_fingers, NULL);
  printf ("  %u subjects of %d fingers made and enrolled in %.0f s, %.2f GB\n", subjects, FINGERS,
          seconds_since (start), (double) tambo_match_search_size (search) / 1e9);
  return search;
}

int main (void) {
  const char *wanted = g_getenv ("TAMBO_BENCH_SUBJECTS");
  guint subjects = wanted != NULL ? (guint) strtoul (wanted, NULL, 10) : SUBJECTS;
  guint first = 0, told = 0;
  double longest = 0, total = 0, strangers = 0;

  say_fvc ();
  say_mates ();
  g_autoptr (TamboMatchSearch) search = enrol_all (subjects);
  for (guint i = 0; i < SEARCHES; i++) {
    guint subject = (guint) ((guint64) i * subjects / SEARCHES);
    g_autoptr (TamboMinutiaeRecord) a = make_mate (subject, 0), b = make_mate (subject, 1);
    const TamboMinutiaeRecord *const probes[] = { a, b };
    gint64 start = g_get_monotonic_time ();
    g_autoptr (GArray) best = tambo_match_search_run (search, probes, 10, THREADS, NULL, NULL);
    double taken = seconds_since (start);
    const TamboMatchCandidate *top =
        best->len > 0 ? &g_array_index (best, TamboMatchCandidate, 0) : NULL;
    first += top != NULL && top->subject == subject;
    told += top != NULL && top->subject == subject && top->evidence >= TAMBO_FUSION_THRESHOLD;
    if (best->len > 1)
      strangers = MAX (strangers, g_array_index (best, TamboMatchCandidate, 1).evidence);
    longest = MAX (longest, taken);
    total += taken;
  }
  printf ("  %d searches on %d threads: %.2f s on average, %.2f s at most (target %.0f)\n",
          SEARCHES, THREADS, total / SEARCHES, longest, SECONDS_MAX);
  printf ("  mate first: %.1f %% (target %.0f %%), above the threshold: %.1f %%\n",
          100.0 * first / SEARCHES, 100 * FIRST_MIN, 100.0 * told / SEARCHES);
  printf ("  best stranger behind a mate: evidence %.1f (threshold %.1f)\n", strangers,
          TAMBO_FUSION_THRESHOLD);
  return total / SEARCHES <= SECONDS_MAX && first >= FIRST_MIN * SEARCHES ? 0 : 1;
}
