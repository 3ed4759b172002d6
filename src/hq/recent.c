/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/recent.h"

#include <string.h>

/* Where there are more, all are forgotten: they only spare questions. */
#define MAX_ENTRIES 8192

typedef struct {
  TamboStationRow *row;
  gint64 until;
} Station;

struct _TamboRecent {
  GMutex lock;
  GHashTable *stations;  /* char *code -> Station */
  GHashTable *announced; /* char *sha256 -> TamboRecentRecord */
};

static void station_free (gpointer data) {
  Station *station = data;

  tambo_station_row_free (station->row);
  g_free (station);
}

void tambo_recent_record_free (TamboRecentRecord *record) {
  g_free (record->id);
  g_free (record->station);
  g_free (record->kind);
  g_free (record->manifest);
  g_free (record);
}

static TamboRecentRecord *record_copy (const TamboRecentRecord *record) {
  TamboRecentRecord *copy = g_memdup2 (record, sizeof *record);

  copy->id = g_strdup (record->id);
  copy->station = g_strdup (record->station);
  copy->kind = g_strdup (record->kind);
  copy->manifest = g_strdup (record->manifest);
  return copy;
}

TamboRecent *tambo_recent_new (void) {
  TamboRecent *recent = g_new0 (TamboRecent, 1);

  g_mutex_init (&recent->lock);
  recent->stations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, station_free);
  recent->announced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) tambo_recent_record_free);
  return recent;
}

void tambo_recent_free (TamboRecent *recent) {
  g_hash_table_unref (recent->stations);
  g_hash_table_unref (recent->announced);
  g_mutex_clear (&recent->lock);
  g_free (recent);
}

static void put (GHashTable *table, const char *key, gpointer value) {
  if (g_hash_table_size (table) >= MAX_ENTRIES)
    g_hash_table_remove_all (table);
  g_hash_table_replace (table, g_strdup (key), value);
}

/* Stations */

TamboStationRow *tambo_recent_get_station (TamboRecent *recent, const char *code,
                                           const char *fingerprint) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&recent->lock);
  Station *station = g_hash_table_lookup (recent->stations, code);

  if (station == NULL || strcmp (station->row->fingerprint, fingerprint) != 0
      || g_get_monotonic_time () > station->until)
    return NULL;
  return tambo_station_row_copy (station->row);
}

void tambo_recent_put_station (TamboRecent *recent, const TamboStationRow *row) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&recent->lock);
  Station *station = g_new0 (Station, 1);

  station->row = tambo_station_row_copy (row);
  station->until = g_get_monotonic_time () + TAMBO_RECENT_SECONDS * G_TIME_SPAN_SECOND;
  put (recent->stations, row->code, station);
}

void tambo_recent_forget_station (TamboRecent *recent, const char *code) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&recent->lock);

  g_hash_table_remove (recent->stations, code);
}

/* Announcements */

TamboRecentRecord *tambo_recent_get_record (TamboRecent *recent, const char *sha256) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&recent->lock);
  const TamboRecentRecord *record = g_hash_table_lookup (recent->announced, sha256);

  return record != NULL ? record_copy (record) : NULL;
}

gboolean tambo_recent_get_size (TamboRecent *recent, const char *sha256, const char *station,
                                gint64 *out_size) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&recent->lock);
  const TamboRecentRecord *record = g_hash_table_lookup (recent->announced, sha256);

  if (record == NULL || strcmp (record->station, station) != 0)
    return FALSE;
  *out_size = record->size;
  return TRUE;
}

void tambo_recent_put_record (TamboRecent *recent, const char *sha256,
                              const TamboRecentRecord *record) {
  TamboRecentRecord *copy = record_copy (record);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&recent->lock);

  put (recent->announced, sha256, copy);
}

void tambo_recent_forget_record (TamboRecent *recent, const char *sha256) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&recent->lock);

  g_hash_table_remove (recent->announced, sha256);
}
