/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/day-plots.h"

#include <glib/gi18n.h>

#include "app/date-text.h"
#include "app/error-text.h"

/* Hours that are shown even when nothing was done in them. */
#define FIRST_HOUR 8
#define LAST_HOUR 17

/* ---- throughput ---- */

void tambo_day_plots_hours (TamboBarPlot *plot, const TamboDay *day) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GString) words = g_string_new (NULL);
  char names[TAMBO_DAY_HOURS][3];
  const char *shown[TAMBO_DAY_HOURS];
  int first = MIN (FIRST_HOUR, g_date_time_get_hour (now));
  int last = MAX (LAST_HOUR, g_date_time_get_hour (now));

  for (int hour = 0; hour < TAMBO_DAY_HOURS; hour++) {
    if (day->sealed_by_hour[hour] > 0) {
      first = MIN (first, hour);
      last = MAX (last, hour);
      g_string_append_printf (words, _ (", %d o'clock: %u"), hour, day->sealed_by_hour[hour]);
    }
    g_snprintf (names[hour], sizeof names[hour], "%d", hour);
    shown[hour] = names[hour];
  }
  g_autofree char *text =
      g_strdup_printf (_ ("Cases sealed per hour today: %u in all%s"), day->sealed, words->str);
  tambo_bar_plot_set (plot, day->sealed_by_hour + first, shown + first, (guint) (last - first + 1),
                      g_date_time_get_hour (now) - first, text);
}

/* ---- people ---- */

/* Begun minutes: nobody waits for 0. */
static guint minutes_of (guint seconds) {
  return (seconds + 59) / 60;
}

char *tambo_day_plots_say_people (const TamboPeopleWaiting *people) {
  if (people->count == 0)
    return g_strdup (_ ("Nobody waits"));
  return g_strdup_printf (ngettext ("%u waits · %u min", "%u wait · longest %u min", people->count),
                          people->count, minutes_of (people->longest));
}

void tambo_day_plots_people (TamboBarPlot *plot, const TamboPeopleWaiting *people) {
  const char *const names[] = { _ ("to 5 min"), _ ("to 10"), _ ("to 20"), _ ("to 30") };
  g_autofree char *said = tambo_day_plots_say_people (people);
  g_autofree char *words = g_strdup_printf (
      _ ("Appointments whose time has come: %s. Up to 5 minutes: %u, 10: %u, 20: %u, 30: %u"), said,
      people->by_length[0], people->by_length[1], people->by_length[2], people->by_length[3]);

  tambo_bar_plot_set (plot, people->by_length, names, TAMBO_PEOPLE_CLASSES, -1, words);
}

/* ---- records ---- */

static guint add_up (const guint *values) {
  guint sum = 0;

  for (int i = 0; i < TAMBO_OUTBOX_DAYS; i++)
    sum += values[i];
  return sum;
}

void tambo_day_plots_outbox (TamboBarPlot *plot, const TamboOutboxDays *days) {
  const TamboBarLayer layers[] = {
    { C_ ("records", "accepted"), TAMBO_BAR_GOOD, days->accepted },
    { C_ ("records", "waiting"), TAMBO_BAR_REST, days->waiting },
    { C_ ("records", "sent back"), TAMBO_BAR_BAD, days->sent_back },
  };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_auto (GStrv) names = g_new0 (char *, TAMBO_OUTBOX_DAYS + 1);
  g_autofree char *words =
      g_strdup_printf (_ ("Records per day in a week: %u accepted, %u waiting, %u sent back; of "
                          "today %u, %u and %u"),
                       add_up (days->accepted), add_up (days->waiting), add_up (days->sent_back),
                       days->accepted[TAMBO_OUTBOX_DAYS - 1], days->waiting[TAMBO_OUTBOX_DAYS - 1],
                       days->sent_back[TAMBO_OUTBOX_DAYS - 1]);

  for (int i = 0; i < TAMBO_OUTBOX_DAYS; i++) {
    g_autoptr (GDateTime) day = g_date_time_add_days (now, i - TAMBO_OUTBOX_DAYS + 1);
    names[i] = g_date_time_format (day, "%-d");
  }
  tambo_bar_plot_set_layers (plot, &(TamboBarData){ .layers = layers,
                                                    .n_layers = G_N_ELEMENTS (layers),
                                                    .names = (const char *const *) names,
                                                    .n_bars = TAMBO_OUTBOX_DAYS,
                                                    .current = TAMBO_OUTBOX_DAYS - 1,
                                                    .words = words });
}

/* ---- blanks ---- */

static char *say_stock (const TamboStockKind *kind) {
  guint left = kind->count[TAMBO_BLANK_IN_STOCK];

  if (kind->days_left < 0)
    return g_strdup_printf ("%u", left);
  return g_strdup_printf (ngettext ("%u · %d day", "%u · %d days", kind->days_left), left,
                          kind->days_left);
}

void tambo_day_plots_stock (TamboBarPlot *plot, GPtrArray *kinds) {
  g_auto (GStrv) names = g_new0 (char *, kinds->len + 1), texts = g_new0 (char *, kinds->len + 1);
  g_autofree guint *enough = g_new0 (guint, kinds->len + 1), *low = g_new0 (guint, kinds->len + 1);
  const TamboBarLayer layers[] = {
    { _ ("enough"), TAMBO_BAR_MAIN, enough },
    { _ ("ask for more"), TAMBO_BAR_BAD, low },
  };
  g_autoptr (GString) words = g_string_new (_ ("Blanks in stock"));

  for (guint i = 0; i < kinds->len; i++) {
    const TamboStockKind *kind = g_ptr_array_index (kinds, i);
    gboolean is_low = tambo_stock_kind_is_low (kind);
    names[i] = g_strdup (tambo_text_blank_kind (kind->kind));
    texts[i] = say_stock (kind);
    (is_low ? low : enough)[i] = kind->count[TAMBO_BLANK_IN_STOCK];
    g_string_append_printf (words, "; %s: %s%s%s", names[i], texts[i], is_low ? ", " : "",
                            is_low ? _ ("ask for more") : "");
  }
  tambo_bar_plot_set_layers (plot, &(TamboBarData){ .layers = layers,
                                                    .n_layers = G_N_ELEMENTS (layers),
                                                    .names = (const char *const *) names,
                                                    .texts = (const char *const *) texts,
                                                    .n_bars = kinds->len,
                                                    .current = -1,
                                                    .words = words->str });
}

/* ---- durations ---- */

static const char *step_title (const char *step) {
  static const struct {
    const char *step, *title;
  } titles[] = {
    { "identity", N_ ("Identity") },         { "portrait", N_ ("Portrait") },
    { "fingerprints", N_ ("Fingerprints") }, { "signature", N_ ("Signature") },
    { "documents", N_ ("Documents") },       { "review", N_ ("Review") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].step, step))
      return _ (titles[i].title);
  return step;
}

/* Short enough to stand on a bar: 42 s, 3:05. */
static char *say_span (gint64 ms) {
  gint64 seconds = (ms + 500) / 1000;

  return seconds < 60 ? g_strdup_printf (_ ("%d s"), (int) seconds)
                      : g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
}

void tambo_day_plots_steps (TamboBarPlot *plot, GArray *steps, gboolean today) {
  g_auto (GStrv) names = g_new0 (char *, steps->len + 1), texts = g_new0 (char *, steps->len + 1);
  g_autofree guint *medians = g_new0 (guint, steps->len + 1);
  g_autofree guint *rests = g_new0 (guint, steps->len + 1);
  const TamboBarLayer layers[] = {
    { _ ("half take no longer"), TAMBO_BAR_MAIN, medians },
    { _ ("nine of ten take no longer"), TAMBO_BAR_REST, rests },
  };
  g_autoptr (GString) words = g_string_new (today ? _ ("How long the steps took today")
                                                  : _ ("How long the steps took in seven days"));

  for (guint i = 0; i < steps->len; i++) {
    const TamboStepDurations *step = &g_array_index (steps, TamboStepDurations, i);
    const TamboDuration *span = today ? &step->today : &step->week;
    g_autofree char *median = say_span (span->median), *p90 = say_span (span->p90);
    names[i] = g_strdup (step_title (step->step));
    texts[i] =
        g_str_equal (median, p90) ? g_strdup (median) : g_strdup_printf ("%s – %s", median, p90);
    medians[i] = (guint) MIN (span->median, G_MAXINT);
    rests[i] = (guint) MIN (span->p90 - span->median, G_MAXINT);
    if (span->count > 0)
      g_string_append_printf (words, _ ("; %s: half within %s, nine of ten within %s"), names[i],
                              median, p90);
  }
  tambo_bar_plot_set_layers (plot, &(TamboBarData){ .layers = layers,
                                                    .n_layers = G_N_ELEMENTS (layers),
                                                    .names = (const char *const *) names,
                                                    .texts = (const char *const *) texts,
                                                    .n_bars = steps->len,
                                                    .current = -1,
                                                    .words = words->str });
}
