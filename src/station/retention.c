/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/retention.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "station/headquarters.h"
#include "station/station-private.h"
#include "store/audit.h"

#define SETTING "retention-days"
#define DAY (24 * 3600)
#define ACTOR "station"
/* What the store lays beside itself before it migrates: a copy would keep what is purged. */
#define OLD_STORE "store.db.before-migration"

gboolean tambo_retention_get_days (TamboStation *station, guint *out_days, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *text =
      tambo_store_dup_setting (tambo_station_get_store (station), SETTING, &cause);
  guint64 days = TAMBO_RETENTION_DAYS;

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (text != NULL
      && !g_ascii_string_to_unsigned (text, 10, 0, TAMBO_RETENTION_MAX_DAYS, &days, error))
    return FALSE;
  *out_days = (guint) days;
  return TRUE;
}

gboolean tambo_retention_set_days (TamboStation *station, guint days, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_STATION_RETENTION, error);
  g_autofree char *text = g_strdup_printf ("%u", days);
  g_autoptr (GBytes) details = g_bytes_new (text, strlen (text));

  if (actor == NULL)
    return FALSE;
  if (days > TAMBO_RETENTION_MAX_DAYS) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "the retention time is 0 to %d days", TAMBO_RETENTION_MAX_DAYS);
    return FALSE;
  }
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  return transaction != NULL && tambo_store_set_setting (store, SETTING, text, error)
         && tambo_audit_append (store, actor, "station.retention", NULL, details, error)
         && tambo_transaction_commit (transaction, error);
}

/* What the purge of one station works with. */
typedef struct {
  TamboStation *station;
  gint64 countersigned; /* audit entries */
  gint64 now;           /* headquarters' time, at least */
  gint64 seconds;       /* of retention */
} Rule;

static gboolean read_time (const char *text, gint64 *out_time, GError **error) {
  if (tambo_clock_parse (text, out_time))
    return TRUE;
  g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                       "what headquarters signed has no time");
  return FALSE;
}

/* The time of the countersigned head. Nothing is purged before there is one. */
static gboolean read_head (Rule *rule, GError **error) {
  TamboStore *store = tambo_station_get_store (rule->station);
  g_autofree char *root = NULL, *statement = NULL;

  if (!tambo_audit_get_countersigned (store, &rule->countersigned, &root, &statement, error))
    return FALSE;
  if (statement == NULL)
    return TRUE;
  g_autoptr (TamboCheckpoint) head = tambo_checkpoint_verify (
      statement, tambo_station_get_trust (rule->station)->signing_key, error);
  if (head == NULL || !read_time (head->time, &rule->now, error))
    return FALSE;
  if (head->size == rule->countersigned
      && g_strcmp0 (head->station, tambo_station_get_code (rule->station)) == 0)
    return TRUE;
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
               "the countersigned head is not the one that headquarters signed");
  return FALSE;
}

static gboolean read_receipt_time (const Rule *rule, const TamboOutboxRow *row, gint64 *out_time,
                                   GError **error) {
  g_autoptr (TamboReceipt) receipt =
      tambo_exchange_read_receipt (row->receipt, tambo_station_get_trust (rule->station),
                                   tambo_station_get_code (rule->station), row, error);

  return receipt != NULL && read_time (receipt->time, out_time, error);
}

/* Headquarters' clock has been at the time of its newest receipt, too. */
static void look_at_newest_receipt (Rule *rule, GPtrArray *rows) {
  for (guint i = rows->len; i > 0; i--) {
    const TamboOutboxRow *row = rows->pdata[i - 1];
    gint64 time;

    if (row->receipt == NULL)
      continue;
    if (read_receipt_time (rule, row, &time, NULL))
      rule->now = MAX (rule->now, time);
    return;
  }
}

static gboolean is_candidate (const Rule *rule, const TamboOutboxRow *row) {
  return row->state == TAMBO_OUTBOX_ACKNOWLEDGED && row->receipt != NULL && row->receipt_entry >= 0
         && row->receipt_entry < rule->countersigned;
}

static gboolean purge_record (const Rule *rule, const TamboOutboxRow *row, gboolean dry_run,
                              TamboRetentionResult *result, GError **error) {
  gint64 time;

  if (!read_receipt_time (rule, row, &time, error)) {
    g_prefix_error (error, "record %s: ", row->id);
    return FALSE;
  }
  if (rule->now - time < rule->seconds)
    return TRUE;
  if (!dry_run
      && !tambo_outbox_purge (tambo_station_get_store (rule->station), row->id, ACTOR, error))
    return FALSE;
  result->records++;
  result->bytes += row->size;
  return TRUE;
}

static gboolean purge_records (const Rule *rule, GPtrArray *rows, gboolean dry_run,
                               TamboRetentionResult *result, GError **error) {
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < rows->len; i++)
    if (is_candidate (rule, rows->pdata[i]))
      (void) !purge_record (rule, rows->pdata[i], dry_run, result, first == NULL ? &first : NULL);
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean purge_cases (TamboStore *store, gboolean dry_run, TamboRetentionResult *result,
                             GError **error) {
  return dry_run ? tambo_outbox_count_purgeable_cases (store, &result->cases, error)
                 : tambo_outbox_purge_cases (store, ACTOR, &result->cases, error);
}

/* Its age is the file's: nothing personal is proved by it, and a wrong clock only keeps it longer or lets
 * it go when the migrated store has long been at work. */
static void drop_old_store (const Rule *rule) {
  g_autofree char *path = tambo_station_path (rule->station, OLD_STORE);
  GStatBuf status;

  if (g_stat (path, &status) == 0 && tambo_clock_now_unix () - status.st_mtime >= rule->seconds)
    g_unlink (path);
}

gboolean tambo_retention_purge (TamboStation *station, gboolean dry_run,
                                TamboRetentionResult *out_result, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  Rule rule = { .station = station, .now = G_MININT64 / 2 };
  TamboRetentionResult result = { 0 };
  g_autoptr (GError) cause = NULL;
  guint days;

  *out_result = result;
  if (!tambo_station_is_registered (station))
    return TRUE;
  g_autoptr (GPtrArray) rows = tambo_outbox_list (store, error);
  if (rows == NULL || !tambo_retention_get_days (station, &days, error)
      || !read_head (&rule, error))
    return FALSE;
  rule.seconds = (gint64) days * DAY;
  look_at_newest_receipt (&rule, rows);
  /* Cases are looked at whatever became of single records. */
  gboolean is_done = purge_records (&rule, rows, dry_run, &result, &cause);
  gboolean are_cases_done = purge_cases (store, dry_run, &result, is_done ? &cause : NULL);
  if (!dry_run)
    drop_old_store (&rule);
  *out_result = result;
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return is_done && are_cases_done;
}
