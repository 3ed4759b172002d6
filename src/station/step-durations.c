/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/step-durations.h"

#include "base/clock.h"
#include "station/day.h"
#include "store/step-times.h"

/* Gone through on the way to another. */
#define SHORTEST_MS 300

static const char *const names[] = {
  "identity", "portrait", "fingerprints", "signature", "documents", "review", NULL,
};

#define N_NAMES (G_N_ELEMENTS (names) - 1)

const char *const *tambo_step_durations_names (void) {
  return names;
}

gboolean tambo_step_durations_note (TamboStation *station, const char *case_id,
                                    const TamboStepSpan *spans, guint n_spans, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autofree char *now = tambo_clock_now ();

  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < n_spans; i++)
    if (spans[i].ms >= SHORTEST_MS
        && !tambo_step_times_add (store, case_id, spans[i].step, spans[i].ms, now, error))
      return FALSE;
  return tambo_step_times_settle (store, error) && tambo_transaction_commit (transaction, error);
}

static int compare_ms (gconstpointer a, gconstpointer b) {
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

/* The smallest that so many hundredths of all are no longer than. */
static gint64 rank (const GArray *sorted, guint hundredths) {
  guint place = (sorted->len * hundredths + 99) / 100;

  return g_array_index (sorted, gint64, MAX (place, 1) - 1);
}

/* Of STEP alone, since FROM. */
static TamboDuration sum_up (GPtrArray *times, const char *step, const char *from) {
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < times->len; i++) {
    const TamboStepTime *time = g_ptr_array_index (times, i);
    if (g_str_equal (time->step, step) && g_strcmp0 (time->at, from) >= 0)
      g_array_append_val (all, time->ms);
  }
  if (all->len == 0)
    return (TamboDuration){ 0 };
  g_array_sort (all, compare_ms);
  return (TamboDuration){ .count = all->len, .median = rank (all, 50), .p90 = rank (all, 90) };
}

GArray *tambo_step_durations_read (TamboStation *station, GError **error) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) first = g_date_time_add_days (now, 1 - TAMBO_DURATION_DAYS);
  g_autofree char *today = tambo_day_dup_midnight (now);
  g_autofree char *week = tambo_day_dup_midnight (first);
  TamboStore *store = tambo_station_get_store (station);
  /* A second person may have let a case go since. */
  g_autoptr (GPtrArray) times =
      tambo_step_times_settle (store, error) ? tambo_step_times_list (store, week, error) : NULL;
  GArray *durations;

  if (times == NULL)
    return NULL;
  durations = g_array_new (FALSE, FALSE, sizeof (TamboStepDurations));
  for (gsize i = 0; i < N_NAMES; i++) {
    TamboStepDurations one = {
      .step = names[i],
      .today = sum_up (times, names[i], today),
      .week = sum_up (times, names[i], week),
    };
    g_array_append_val (durations, one);
  }
  return durations;
}
