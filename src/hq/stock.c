/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/stock.h"

#include <string.h>

#include "base/error.h"
#include "sync/stock-statement.h"

static TamboStockStatement *read_statement (const TamboStationRow *station, const char *text,
                                            GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboStockStatement) statement =
      tambo_stock_statement_verify (text, station->key, &cause);

  if (statement != NULL && strcmp (statement->station, station->code) == 0)
    return g_steal_pointer (&statement);
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                       cause != NULL ? cause->message : "the statement names another station");
  return NULL;
}

/* Of the database that the statement is about; 0 for one that is not known. */
static gboolean load_position (TamboHq *hq, const TamboStationRow *station, const char *incarnation,
                               gint64 *out_position, GError **error) {
  return tambo_database_get_int (hq->database, 0, out_position, error,
                                 "SELECT position FROM stock_reports"
                                 " WHERE station = ? AND epoch = ? AND incarnation = ?",
                                 "sis", station->code, station->epoch, incarnation);
}

/* Another database begins anew: it tells all of its log. */
static gboolean forget (TamboHq *hq, const TamboStationRow *station, GError **error) {
  return tambo_database_run (hq->database, error,
                             "DELETE FROM stock_movements WHERE station = ? AND epoch = ?", "si",
                             station->code, station->epoch);
}

static gboolean keep_movement (TamboHq *hq, const TamboStationRow *station,
                               const TamboStockMovement *movement, GError **error) {
  return tambo_database_run (
      hq->database, error,
      "INSERT INTO stock_movements (station, epoch, number, at, actor, action, kind, first_blank,"
      " last_blank, blanks, keeper) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "siissssssis", station->code, station->epoch, movement->number, movement->time,
      movement->actor, movement->action, movement->kind, movement->first, movement->last,
      movement->count, movement->keeper);
}

static gboolean keep_level (TamboHq *hq, const TamboStationRow *station,
                            const TamboStockLevel *level, GError **error) {
  return tambo_database_run (
      hq->database, error,
      "INSERT INTO stock_levels (station, epoch, kind, in_stock, quarantined, in_work, issued,"
      " spoiled, delivered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "sisiiiiii", station->code, station->epoch, level->kind, level->in_stock, level->quarantined,
      level->in_work, level->issued, level->spoiled, level->delivered);
}

static gboolean keep (TamboHq *hq, const TamboStationRow *station,
                      const TamboStockStatement *statement, GError **error) {
  for (guint i = 0; i < statement->movements->len; i++)
    if (!keep_movement (hq, station, statement->movements->pdata[i], error))
      return FALSE;
  if (!tambo_database_run (hq->database, error,
                           "DELETE FROM stock_levels WHERE station = ? AND epoch = ?", "si",
                           station->code, station->epoch))
    return FALSE;
  for (guint i = 0; i < statement->levels->len; i++)
    if (!keep_level (hq, station, statement->levels->pdata[i], error))
      return FALSE;
  return tambo_database_run (
      hq->database, error,
      "INSERT INTO stock_reports (station, epoch, incarnation, position, at)"
      " VALUES (?, ?, ?, ?, ?) ON CONFLICT (station, epoch) DO UPDATE SET"
      " incarnation = excluded.incarnation, position = excluded.position, at = excluded.at",
      "sisis", station->code, station->epoch, statement->incarnation, statement->position,
      statement->time);
}

gboolean tambo_hq_take_stock (TamboHq *hq, const TamboStationRow *station, const char *text,
                              gint64 *out_position, GError **error) {
  g_autoptr (TamboStockStatement) statement = read_statement (station, text, error);
  g_autoptr (TamboWork) work = statement != NULL ? tambo_work_begin (hq->database, error) : NULL;
  gint64 position;

  if (work == NULL || !load_position (hq, station, statement->incarnation, &position, error))
    return FALSE;
  if (position != statement->after) {
    *out_position = position;
    return TRUE;
  }
  if ((position == 0 && !forget (hq, station, error)) || !keep (hq, station, statement, error)
      || !tambo_work_commit (work, error))
    return FALSE;
  *out_position = statement->position;
  return TRUE;
}

/* ---- what there is ---- */

void tambo_hq_stock_free (TamboHqStock *stock) {
  if (stock == NULL)
    return;
  g_free (stock->station);
  g_free (stock->kind);
  g_free (stock->at);
  g_free (stock);
}

static TamboHqStock *read_row (TamboQuery *query) {
  TamboHqStock *stock = g_new0 (TamboHqStock, 1);

  stock->station = tambo_query_dup_text (query, 0);
  stock->kind = tambo_query_dup_text (query, 1);
  stock->at = tambo_query_dup_text (query, 2);
  stock->received = tambo_query_int (query, 3);
  stock->in_stock = tambo_query_int (query, 4);
  stock->quarantined = tambo_query_int (query, 5);
  stock->in_work = tambo_query_int (query, 6);
  stock->issued = tambo_query_int (query, 7);
  stock->spoiled = tambo_query_int (query, 8);
  stock->delivered = tambo_query_int (query, 9);
  stock->unaccounted = stock->received - stock->in_stock - stock->quarantined - stock->in_work
                       - stock->issued - stock->spoiled - stock->delivered;
  return stock;
}

GPtrArray *tambo_hq_stock_list (TamboHq *hq, GError **error) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_hq_stock_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT l.station, l.kind, r.at, coalesce ((SELECT sum(m.blanks) FROM stock_movements m"
      "  WHERE m.station = l.station AND m.epoch = l.epoch AND m.kind = l.kind"
      "  AND m.action = 'receive'), 0),"
      " l.in_stock, l.quarantined, l.in_work, l.issued, l.spoiled, l.delivered"
      " FROM stock_levels l JOIN stock_reports r ON r.station = l.station AND r.epoch = l.epoch"
      " JOIN stations s ON s.code = l.station AND s.epoch = l.epoch"
      " ORDER BY l.station, l.kind",
      "");

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause))
    g_ptr_array_add (rows, read_row (query));
  return tambo_error_pass (&cause, error) ? g_steal_pointer (&rows) : NULL;
}
