/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/day.h"

#include <string.h>

#include "base/clock.h"
#include "store/audit.h"

char *tambo_day_dup_midnight (GDateTime *now) {
  g_autoptr (GDateTime) local = g_date_time_to_local (now);
  g_autoptr (GDateTime) midnight =
      g_date_time_new_local (g_date_time_get_year (local), g_date_time_get_month (local),
                             g_date_time_get_day_of_month (local), 0, 0, 0);

  return tambo_clock_format (g_date_time_to_unix (midnight));
}

GPtrArray *tambo_day_list_entries (TamboStation *station, const char *from, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  gint64 first, size;

  return tambo_audit_find_time (store, from, &first, &size, error)
             ? tambo_audit_list_span (store, first, size, error)
             : NULL;
}

/* The number at the end of a blank's serial. */
static guint64 count_of (const char *serial) {
  return g_ascii_strtoull (serial + strcspn (serial, "0123456789"), NULL, 10);
}

guint tambo_day_count_range (const char *subject) {
  const char *dots = strstr (subject, "..");
  g_autofree char *first = dots != NULL ? g_strndup (subject, (gsize) (dots - subject)) : NULL;

  if (first == NULL || count_of (dots + 2) < count_of (first))
    return 0;
  return (guint) (count_of (dots + 2) - count_of (first)) + 1;
}

static int hour_of (const TamboAuditEntry *entry) {
  g_autoptr (GDateTime) utc = g_date_time_new_from_iso8601 (entry->time, NULL);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_get_hour (local) : 0;
}

static void count_entry (TamboDay *day, const TamboAuditEntry *entry) {
  const struct {
    const char *action;
    guint *count;
  } acts[] = {
    { "case.new", &day->begun },
    { "case.queued", &day->sealed },
    { "case.discarded", &day->discarded },
    { "case.rejected", &day->rejected },
    { "record.seal", &day->records },
    { "receipt", &day->receipts },
    { "stock.issued", &day->issued },
    { "document.deliver", &day->delivered },
    { "stock.spoiled", &day->blanks_spoiled },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (entry->action, acts[i].action))
      (*acts[i].count)++;
  if (g_str_equal (entry->action, "stock.receive"))
    day->blanks_received += tambo_day_count_range (entry->subject);
  if (g_str_equal (entry->action, "case.queued"))
    day->sealed_by_hour[hour_of (entry)]++;
}

void tambo_day_count (TamboDay *day, GPtrArray *entries) {
  for (guint i = 0; i < entries->len; i++)
    count_entry (day, g_ptr_array_index (entries, i));
}

gboolean tambo_day_read (TamboStation *station, const char *from, TamboDay *out_day,
                         GError **error) {
  g_autoptr (GPtrArray) entries = tambo_day_list_entries (station, from, error);

  if (entries == NULL)
    return FALSE;
  *out_day = (TamboDay){ 0 };
  tambo_day_count (out_day, entries);
  return TRUE;
}
