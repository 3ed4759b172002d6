/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/match-search.h"

#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "biometric/match-code.h"

#define CHUNK 512           /* subjects that one thread ranks at a time */
#define SHORTLIST_MIN 512   /* subjects that are compared whole */
#define SHORTLIST_SHARE 300 /* or one in so many */
#define PER_CENTIMETRE 197

/* Subjects that were added one after the other; what belongs to a finger lies between its own start and the
 * next one's. */
typedef struct {
  GArray *codes;       /* of TamboMatchCode */
  GArray *code_starts; /* of guint32, one more than fingers */
  GArray *minutiae;    /* of TamboMinutia */
  GArray *minutia_starts;
  GByteArray *extended; /* of the records: the ridge flow is in it */
  GArray *extended_starts;
  guint8 removed[CHUNK];
} Chunk;

struct _TamboMatchSearch {
  guint fingers, subjects, removed;
  GPtrArray *chunks; /* of Chunk */
};

/* ---- chunks ---- */

static GArray *starts_new (void) {
  GArray *starts = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 first = 0;

  g_array_append_val (starts, first);
  return starts;
}

static Chunk *chunk_new (void) {
  Chunk *chunk = g_new0 (Chunk, 1);

  chunk->codes = g_array_new (FALSE, FALSE, sizeof (TamboMatchCode));
  chunk->code_starts = starts_new ();
  chunk->minutiae = g_array_new (FALSE, FALSE, sizeof (TamboMinutia));
  chunk->minutia_starts = starts_new ();
  chunk->extended = g_byte_array_new ();
  chunk->extended_starts = starts_new ();
  return chunk;
}

static void wipe (gpointer data, gsize size) {
  if (size > 0)
    tambo_secret_wipe (data, size);
}

static void chunk_free (gpointer data) {
  Chunk *chunk = data;

  wipe (chunk->codes->data, chunk->codes->len * sizeof (TamboMatchCode));
  wipe (chunk->minutiae->data, chunk->minutiae->len * sizeof (TamboMinutia));
  wipe (chunk->extended->data, chunk->extended->len);
  g_array_unref (chunk->codes);
  g_array_unref (chunk->code_starts);
  g_array_unref (chunk->minutiae);
  g_array_unref (chunk->minutia_starts);
  g_byte_array_unref (chunk->extended);
  g_array_unref (chunk->extended_starts);
  g_free (chunk);
}

static guint32 start_at (const GArray *starts, guint index) {
  return g_array_index (starts, guint32, index);
}

/* A record of the minutiae at 500 ppi. */
static TamboMinutiaeView *normalise (const TamboMinutiaeRecord *record) {
  const TamboMinutiaeView *view = g_ptr_array_index (record->views, 0);
  TamboMinutiaeView *copy = tambo_minutiae_view_new ();
  double scale_x = (double) PER_CENTIMETRE / MAX (record->per_centimetre_x, 1);
  double scale_y = (double) PER_CENTIMETRE / MAX (record->per_centimetre_y, 1);

  for (guint i = 0; i < MIN (view->minutiae->len, TAMBO_MINUTIAE_MAX); i++) {
    TamboMinutia minutia = g_array_index (view->minutiae, TamboMinutia, i);
    minutia.x = (guint16) MIN (lround (minutia.x * scale_x), G_MAXUINT16);
    minutia.y = (guint16) MIN (lround (minutia.y * scale_y), G_MAXUINT16);
    g_array_append_val (copy->minutiae, minutia);
  }
  if (view->extended != NULL && record->per_centimetre_x == PER_CENTIMETRE
      && record->per_centimetre_y == PER_CENTIMETRE)
    copy->extended = g_bytes_ref (view->extended);
  return copy;
}

static TamboMatchTemplate *prepare (TamboMinutiaeView *view) {
  TamboMinutiaeRecord record = { .per_centimetre_x = PER_CENTIMETRE,
                                 .per_centimetre_y = PER_CENTIMETRE };

  return tambo_match_template_new (&record, view);
}

static void chunk_add_finger (Chunk *chunk, const TamboMinutiaeRecord *record) {
  if (record != NULL && record->views->len > 0) {
    g_autoptr (TamboMinutiaeView) view = normalise (record);
    g_autoptr (TamboMatchTemplate) template = prepare (view);
    TamboMatchCode codes[TAMBO_MATCH_CODES_MAX];
    guint count = tambo_match_make_codes (template, codes, TAMBO_MATCH_CODES_MAX);
    g_array_append_vals (chunk->codes, codes, count);
    g_array_append_vals (chunk->minutiae, view->minutiae->data, view->minutiae->len);
    if (view->extended != NULL)
      g_byte_array_append (chunk->extended, g_bytes_get_data (view->extended, NULL),
                           (guint) g_bytes_get_size (view->extended));
  }
  g_array_append_val (chunk->code_starts, chunk->codes->len);
  g_array_append_val (chunk->minutia_starts, chunk->minutiae->len);
  g_array_append_val (chunk->extended_starts, chunk->extended->len);
}

/* The finger whole again; NULL when there is none. */
static TamboMatchTemplate *chunk_get_finger (const Chunk *chunk, guint finger) {
  g_autoptr (TamboMinutiaeView) view = tambo_minutiae_view_new ();
  guint32 from = start_at (chunk->minutia_starts, finger);
  guint32 to = start_at (chunk->minutia_starts, finger + 1);
  guint32 extended = start_at (chunk->extended_starts, finger);
  guint32 end = start_at (chunk->extended_starts, finger + 1);

  if (from == to)
    return NULL;
  g_array_append_vals (view->minutiae, &g_array_index (chunk->minutiae, TamboMinutia, from),
                       to - from);
  if (extended < end)
    view->extended = g_bytes_new (chunk->extended->data + extended, end - extended);
  return prepare (view);
}

/* ---- the register ---- */

TamboMatchSearch *tambo_match_search_new (guint fingers) {
  TamboMatchSearch *search = g_new0 (TamboMatchSearch, 1);

  g_return_val_if_fail (fingers >= 1 && fingers <= TAMBO_SEARCH_FINGERS_MAX, search);
  search->fingers = fingers;
  search->chunks = g_ptr_array_new_with_free_func (chunk_free);
  return search;
}

void tambo_match_search_free (TamboMatchSearch *search) {
  if (search == NULL)
    return;
  g_clear_pointer (&search->chunks, g_ptr_array_unref);
  g_free (search);
}

guint tambo_match_search_add (TamboMatchSearch *search, const TamboMinutiaeRecord *const *fingers) {
  if (search->subjects == search->chunks->len * CHUNK)
    g_ptr_array_add (search->chunks, chunk_new ());
  Chunk *chunk = g_ptr_array_index (search->chunks, search->chunks->len - 1);
  for (guint i = 0; i < search->fingers; i++)
    chunk_add_finger (chunk, fingers[i]);
  return search->subjects++;
}

typedef struct {
  TamboMatchSearch *search;
  TamboSearchSource source;
  gpointer data;
  guint first, end; /* subjects */
} Filling;

/* In a thread: DATA is a chunk's number and one. */
static void fill_chunk (gpointer data, gpointer user_data) {
  guint number = GPOINTER_TO_UINT (data) - 1;
  const Filling *filling = user_data;
  Chunk *chunk = g_ptr_array_index (filling->search->chunks, number);
  guint from = MAX (filling->first, number * CHUNK), to = MIN (filling->end, (number + 1) * CHUNK);

  for (guint subject = from; subject < to; subject++) {
    TamboMinutiaeRecord *fingers[TAMBO_SEARCH_FINGERS_MAX] = { NULL };
    filling->source (subject - filling->first, fingers, filling->data);
    for (guint i = 0; i < filling->search->fingers; i++) {
      chunk_add_finger (chunk, fingers[i]);
      tambo_minutiae_record_free (fingers[i]);
    }
  }
}

guint tambo_match_search_add_many (TamboMatchSearch *search, guint count, guint threads,
                                   TamboSearchSource source, gpointer data) {
  Filling filling = { .search = search,
                      .source = source,
                      .data = data,
                      .first = search->subjects,
                      .end = search->subjects + count };
  GThreadPool *pool = g_thread_pool_new (
      fill_chunk, &filling, (int) (threads > 0 ? threads : g_get_num_processors ()), FALSE, NULL);

  while (search->chunks->len * CHUNK < filling.end)
    g_ptr_array_add (search->chunks, chunk_new ());
  for (guint number = filling.first / CHUNK; number * CHUNK < filling.end; number++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (number + 1), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  search->subjects = filling.end;
  return filling.first;
}

void tambo_match_search_remove (TamboMatchSearch *search, guint subject) {
  g_return_if_fail (subject < search->subjects);

  Chunk *chunk = g_ptr_array_index (search->chunks, subject / CHUNK);
  guint first = subject % CHUNK * search->fingers, last = first + search->fingers;
  guint32 from = start_at (chunk->minutia_starts, first),
          to = start_at (chunk->minutia_starts, last);
  search->removed += !chunk->removed[subject % CHUNK];
  chunk->removed[subject % CHUNK] = 1;
  wipe (&g_array_index (chunk->minutiae, TamboMinutia, from), (to - from) * sizeof (TamboMinutia));
  from = start_at (chunk->code_starts, first);
  to = start_at (chunk->code_starts, last);
  wipe (&g_array_index (chunk->codes, TamboMatchCode, from), (to - from) * sizeof (TamboMatchCode));
  from = start_at (chunk->extended_starts, first);
  to = start_at (chunk->extended_starts, last);
  wipe (chunk->extended->data + from, to - from);
}

guint tambo_match_search_count (const TamboMatchSearch *search) {
  return search->subjects - search->removed;
}

gsize tambo_match_search_size (const TamboMatchSearch *search) {
  gsize size = 0;

  for (guint i = 0; i < search->chunks->len; i++) {
    const Chunk *chunk = g_ptr_array_index (search->chunks, i);
    size += sizeof *chunk + chunk->codes->len * sizeof (TamboMatchCode)
            + chunk->minutiae->len * sizeof (TamboMinutia) + chunk->extended->len
            + 3 * chunk->code_starts->len * sizeof (guint32);
  }
  return size;
}

/* ---- ranking by codes ---- */

typedef struct {
  guint subject;
  float likeness;
} Ranked;

typedef struct {
  const TamboMatchSearch *search;
  TamboMatchTemplate *probes[TAMBO_SEARCH_FINGERS_MAX]; /* NULL where there is none; owned */
  TamboMatchCode codes[TAMBO_SEARCH_FINGERS_MAX][TAMBO_MATCH_PROBE_CODES_MAX];
  guint code_counts[TAMBO_SEARCH_FINGERS_MAX];
  guint keep; /* how long the shortlist is */
  GMutex mutex;
  GArray *shortlist;  /* of Ranked; under the mutex while threads run */
  GArray *candidates; /* of TamboMatchCandidate, each thread its own */
  GCancellable *cancellable;
} Run;

static int compare_ranked (gconstpointer a, gconstpointer b) {
  float x = ((const Ranked *) a)->likeness, y = ((const Ranked *) b)->likeness;
  guint s = ((const Ranked *) a)->subject, t = ((const Ranked *) b)->subject;
  return x != y ? (x < y) - (x > y) : (s > t) - (s < t);
}

/* Only the best KEEP of LIST are of interest. */
static void shorten (GArray *list, guint keep) {
  g_array_sort (list, compare_ranked);
  if (list->len > keep)
    g_array_set_size (list, keep);
}

static float rank_subject (const Run *run, const Chunk *chunk, guint place) {
  float sum = 0;

  for (guint i = 0; i < run->search->fingers; i++) {
    guint finger = place * run->search->fingers + i;
    guint32 from = start_at (chunk->code_starts, finger);
    guint32 to = start_at (chunk->code_starts, finger + 1);
    if (run->code_counts[i] > 0 && from < to)
      sum += tambo_match_codes_likeness (run->codes[i], run->code_counts[i],
                                         &g_array_index (chunk->codes, TamboMatchCode, from),
                                         to - from);
  }
  return sum;
}

/* In a thread: DATA is a chunk's number and one. */
static void rank_chunk (gpointer data, gpointer user_data) {
  guint number = GPOINTER_TO_UINT (data) - 1;
  Run *run = user_data;
  const Chunk *chunk = g_ptr_array_index (run->search->chunks, number);
  guint count = MIN (run->search->subjects - number * CHUNK, CHUNK);
  g_autoptr (GArray) ranked = g_array_sized_new (FALSE, FALSE, sizeof (Ranked), count);

  if (g_cancellable_is_cancelled (run->cancellable))
    return;
  for (guint place = 0; place < count; place++) {
    Ranked one = { .subject = number * CHUNK + place };
    if (chunk->removed[place])
      continue;
    one.likeness = rank_subject (run, chunk, place);
    if (one.likeness > 0)
      g_array_append_val (ranked, one);
  }
  shorten (ranked, run->keep);
  g_mutex_lock (&run->mutex);
  g_array_append_vals (run->shortlist, ranked->data, ranked->len);
  if (run->shortlist->len > 8 * run->keep + CHUNK)
    shorten (run->shortlist, run->keep);
  g_mutex_unlock (&run->mutex);
}

/* ---- comparing whole ---- */

double tambo_match_fuse (const int *scores, guint count) {
  double sum = 0;

  for (guint i = 0; i < count; i++)
    sum -= log10 (tambo_match_false_match_rate (scores[i]));
  return sum;
}

/* In a thread: DATA is a place of the shortlist and one. */
static void compare_subject (gpointer data, gpointer user_data) {
  guint place = GPOINTER_TO_UINT (data) - 1;
  Run *run = user_data;
  guint subject = g_array_index (run->shortlist, Ranked, place).subject;
  const Chunk *chunk = g_ptr_array_index (run->search->chunks, subject / CHUNK);
  TamboMatchCandidate *candidate = &g_array_index (run->candidates, TamboMatchCandidate, place);

  *candidate = (TamboMatchCandidate){ .subject = subject };
  if (g_cancellable_is_cancelled (run->cancellable))
    return;
  for (guint i = 0; i < run->search->fingers; i++) {
    if (run->probes[i] == NULL)
      continue;
    g_autoptr (TamboMatchTemplate) finger =
        chunk_get_finger (chunk, subject % CHUNK * run->search->fingers + i);
    if (finger != NULL)
      candidate->scores[i] = tambo_match (run->probes[i], finger);
  }
  candidate->evidence = tambo_match_fuse (candidate->scores, run->search->fingers);
}

static int compare_candidates (gconstpointer a, gconstpointer b) {
  const TamboMatchCandidate *x = a, *y = b;
  return x->evidence != y->evidence ? (x->evidence < y->evidence) - (x->evidence > y->evidence)
                                    : (x->subject > y->subject) - (x->subject < y->subject);
}

/* ---- a search ---- */

static void take_probes (Run *run, const TamboMinutiaeRecord *const *probes) {
  for (guint i = 0; i < run->search->fingers; i++) {
    if (probes[i] == NULL || probes[i]->views->len == 0)
      continue;
    g_autoptr (TamboMinutiaeView) view = normalise (probes[i]);
    run->probes[i] = prepare (view);
    run->code_counts[i] =
        tambo_match_make_codes (run->probes[i], run->codes[i], TAMBO_MATCH_PROBE_CODES_MAX);
  }
}

static void run_clear (Run *run) {
  for (guint i = 0; i < TAMBO_SEARCH_FINGERS_MAX; i++)
    g_clear_pointer (&run->probes[i], tambo_match_template_free);
  tambo_secret_wipe (run->codes, sizeof run->codes);
  g_array_unref (run->shortlist);
  g_array_unref (run->candidates);
  g_mutex_clear (&run->mutex);
}

/* FUNC for 1 to COUNT, on THREADS threads. */
static gboolean spread_out (Run *run, GFunc func, guint count, guint threads, GError **error) {
  GThreadPool *pool = g_thread_pool_new (func, run, (int) threads, FALSE, error);

  if (pool == NULL)
    return FALSE;
  for (guint i = 1; i <= count; i++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (i), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  return !g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

static gboolean run_all (Run *run, guint threads, GError **error) {
  if (!spread_out (run, rank_chunk, run->search->chunks->len, threads, error))
    return FALSE;
  shorten (run->shortlist, run->keep);
  g_array_set_size (run->candidates, run->shortlist->len);
  if (!spread_out (run, compare_subject, run->shortlist->len, threads, error))
    return FALSE;
  g_array_sort (run->candidates, compare_candidates);
  return TRUE;
}

GArray *tambo_match_search_run (const TamboMatchSearch *search,
                                const TamboMinutiaeRecord *const *probes, guint count,
                                guint threads, GCancellable *cancellable, GError **error) {
  g_autofree Run *run = g_new0 (Run, 1);
  GArray *best = NULL;

  run->search = search;
  run->cancellable = cancellable;
  run->keep = MAX (MAX (SHORTLIST_MIN, count), search->subjects / SHORTLIST_SHARE);
  run->shortlist = g_array_new (FALSE, FALSE, sizeof (Ranked));
  run->candidates = g_array_new (FALSE, TRUE, sizeof (TamboMatchCandidate));
  g_mutex_init (&run->mutex);
  take_probes (run, probes);
  if (run_all (run, threads > 0 ? threads : g_get_num_processors (), error)) {
    best = g_array_ref (run->candidates);
    if (best->len > count)
      g_array_set_size (best, count);
  }
  run_clear (run);
  return best;
}
