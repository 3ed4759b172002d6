/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/office-figures.h"

#include "base/clock.h"
#include "station/appointments.h"
#include "store/outbox.h"

void tambo_office_figures_free (TamboOfficeFigures *figures) {
  if (figures == NULL)
    return;
  tambo_stock_figures_free (figures->stock);
  g_clear_pointer (&figures->durations, g_array_unref);
  g_free (figures);
}

/* ---- people ---- */

static guint class_of (gint64 seconds) {
  static const int minutes[] = { 5, 10, 20 };
  guint place = 0;

  while (place < G_N_ELEMENTS (minutes) && seconds > minutes[place] * 60)
    place++;
  return place;
}

void tambo_office_figures_count_people (GPtrArray *appointments, gint64 now,
                                        TamboPeopleWaiting *out_people) {
  *out_people = (TamboPeopleWaiting){ 0 };
  for (guint i = 0; appointments != NULL && i < appointments->len; i++) {
    const TamboAppointment *appointment = g_ptr_array_index (appointments, i);
    gint64 start;
    if (appointment->state != TAMBO_APPOINTMENT_AWAITED
        || !tambo_clock_parse (appointment->start, &start) || start > now)
      continue;
    out_people->count++;
    out_people->by_length[class_of (now - start)]++;
    out_people->longest = MAX (out_people->longest, (guint) (now - start));
  }
}

/* Nobody is told before the first exchange. */
static gboolean count_people (TamboStation *station, GDateTime *now, TamboPeopleWaiting *out_people,
                              GError **error) {
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);
  g_autofree char *told = tambo_appointments_dup_time (station);
  g_autofree char *from = tambo_day_dup_midnight (now);
  g_autofree char *to = tambo_day_dup_midnight (tomorrow);
  g_autoptr (GPtrArray) appointments =
      told != NULL ? tambo_appointments_list (station, from, to, error) : NULL;

  if (told != NULL && appointments == NULL)
    return FALSE;
  tambo_office_figures_count_people (appointments, g_date_time_to_unix (now), out_people);
  return TRUE;
}

/* ---- records ---- */

/* Local midnights: days differ in length when clocks are put forward. */
static int day_of (const TamboOutboxRow *row, gint64 const starts[TAMBO_OUTBOX_DAYS]) {
  gint64 at;
  int day = TAMBO_OUTBOX_DAYS - 1;

  if (!tambo_clock_parse (row->queued_at, &at))
    return -1;
  while (day >= 0 && at < starts[day])
    day--;
  return day;
}

static guint *figure_of (TamboOutboxDays *days, const TamboOutboxRow *row, int day) {
  switch (row->state) {
  case TAMBO_OUTBOX_ACKNOWLEDGED:
  case TAMBO_OUTBOX_PURGED:
    return &days->accepted[day];
  case TAMBO_OUTBOX_REFUSED:
  case TAMBO_OUTBOX_QUARANTINED:
    return &days->sent_back[day];
  case TAMBO_OUTBOX_QUEUED:
  case TAMBO_OUTBOX_SENDING:
  default:
    return &days->waiting[day];
  }
}

gboolean tambo_office_figures_read_outbox (TamboStation *station, TamboOutboxDays *out_days,
                                           GError **error) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  gint64 starts[TAMBO_OUTBOX_DAYS];

  for (int day = 0; day < TAMBO_OUTBOX_DAYS; day++) {
    g_autoptr (GDateTime) then = g_date_time_add_days (now, day - TAMBO_OUTBOX_DAYS + 1);
    g_autofree char *midnight = tambo_day_dup_midnight (then);
    if (!tambo_clock_parse (midnight, &starts[day]))
      return FALSE;
  }
  g_autofree char *from = tambo_clock_format (starts[0]);
  g_autoptr (GPtrArray) rows =
      tambo_outbox_list_since (tambo_station_get_store (station), from, error);
  if (rows == NULL)
    return FALSE;
  *out_days = (TamboOutboxDays){ 0 };
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = g_ptr_array_index (rows, i);
    int day = day_of (row, starts);
    if (day >= 0)
      (*figure_of (out_days, row, day))++;
  }
  return TRUE;
}

/* ---- all ---- */

TamboOfficeFigures *tambo_office_figures_read (TamboStation *station, GError **error) {
  g_autoptr (TamboOfficeFigures) figures = g_new0 (TamboOfficeFigures, 1);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *midnight = tambo_day_dup_midnight (now);

  if (!tambo_day_read (station, midnight, &figures->day, error)
      || !count_people (station, now, &figures->people, error)
      || !tambo_office_figures_read_outbox (station, &figures->outbox, error))
    return NULL;
  figures->stock = tambo_stock_figures_read (station, error);
  figures->durations = figures->stock != NULL ? tambo_step_durations_read (station, error) : NULL;
  return figures->durations != NULL ? g_steal_pointer (&figures) : NULL;
}
