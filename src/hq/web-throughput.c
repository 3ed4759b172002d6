/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "hq/page-figure.h"
#include "hq/web-staff.h"

#define HOURS 48
#define HOUR 3600

/* The place in the intake log of the first record that came at TIME or later. The log is in order of time, so
 * that a few looks find it, however long the log is and without an index by time. */
static gboolean find_place (TamboHq *hq, const char *time, gint64 low, gint64 high,
                            gint64 *out_place, GError **error) {
  while (low < high) {
    gint64 middle = low + (high - low) / 2;
    gint64 is_later;

    if (!tambo_database_get_int (hq->database, 1, &is_later, error,
                                 "SELECT CASE WHEN received_at >= ? THEN 1 ELSE 0 END FROM records"
                                 " WHERE log_index = ?",
                                 "si", time, middle))
      return FALSE;
    if (is_later)
      high = middle;
    else
      low = middle + 1;
  }
  *out_place = low;
  return TRUE;
}

/* Records of each of the last hours, the oldest first. */
static gboolean count_hours (TamboHq *hq, gint64 until, gint64 counts[HOURS], GError **error) {
  gint64 size, place;

  if (!tambo_database_get_int (hq->database, 0, &size, error,
                               "SELECT max(number) + 1 FROM intake_log", ""))
    return FALSE;
  place = size;
  for (int i = HOURS - 1; i >= 0; i--) {
    g_autofree char *from = tambo_clock_format (until - (gint64) (HOURS - i) * HOUR);
    gint64 first;

    if (!find_place (hq, from, 0, place, &first, error))
      return FALSE;
    counts[i] = place - first;
    place = first;
  }
  return TRUE;
}

static void add_figures (TamboPage *page, gint64 until, const gint64 counts[HOURS]) {
  static const char *const columns[] = { N_ ("Hour that ends at"), N_ ("Records"), NULL };

  tambo_web_open_table (page, N_ ("The same in numbers, the newest hour first"), columns);
  for (int i = HOURS - 1; i >= 0; i--) {
    g_autofree char *end = tambo_clock_format (until - (gint64) (HOURS - 1 - i) * HOUR);

    tambo_page_open (page, "tr", NULL);
    tambo_page_open (page, "th", "scope", "row", NULL);
    tambo_web_time (page, end);
    tambo_page_close (page);
    tambo_web_number_cell (page, counts[i]);
    tambo_page_close (page);
  }
  tambo_web_close_table (page);
}

gboolean tambo_web_throughput (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  gint64 until = (tambo_clock_now_unix () / HOUR + 1) * HOUR;
  gint64 counts[HOURS], total = 0;
  g_autofree char *sum = NULL;
  TamboPage *page;

  if (!count_hours (request->web->hq, until, counts, error))
    return FALSE;
  for (int i = 0; i < HOURS; i++)
    total += counts[i];
  sum = g_strdup_printf ("%" G_GINT64_FORMAT, total);
  page = tambo_web_page (request, N_ ("Throughput"));
  tambo_page_open (page, "p", NULL);
  tambo_page_format (page, N_ ("Records that were received in the last %d hours: %s."), HOURS, sum);
  tambo_page_close (page);
  tambo_page_bars (page, N_ ("Records received in each hour; the table below has the numbers"),
                   counts, HOURS);
  add_figures (page, until, counts);
  return tambo_web_finish (page, answer);
}
