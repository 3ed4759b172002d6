/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/stock-desk.h"

#include "station/events.h"
#include "station/station-private.h"
#include "store/chip-journal.h"

gboolean tambo_stock_desk_receive (TamboStation *station, const char *kind, const char *institution,
                                   const char *first, const char *last, guint *out_count,
                                   GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_STOCK_RECEIVE, error);
  const char *own = tambo_station_get_institution (station);

  if (actor == NULL)
    return FALSE;
  return tambo_stock_receive (tambo_station_get_store (station), kind,
                              institution != NULL ? institution : own, own, first, last, actor,
                              out_count, error);
}

/* Blanks given to somebody who may not issue would lie there for good. */
static gboolean check_keeper (TamboStore *store, const char *keeper, GError **error) {
  g_autoptr (TamboOperatorRow) row = tambo_operators_get (store, keeper, error);

  if (row == NULL)
    return FALSE;
  if (row->disabled)
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the operator %s is disabled", keeper);
  else if ((row->role & tambo_permission (TAMBO_OPERATION_DOCUMENT_ISSUE)->roles) == 0)
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE, "a %s issues no documents",
                 tambo_role_to_string (row->role));
  else
    return TRUE;
  return FALSE;
}

gboolean tambo_stock_desk_assign (TamboStation *station, const char *first, const char *last,
                                  const char *keeper, guint *out_count, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_STOCK_ASSIGN, error);
  g_autoptr (GError) cause = NULL;

  if (actor == NULL || (keeper != NULL && !check_keeper (store, keeper, error)))
    return FALSE;
  if (!tambo_stock_assign (store, first, last, keeper, actor, out_count, &cause)) {
    if (g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND))
      g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STOCK, cause->message);
    else
      g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  tambo_station_changed (station);
  return TRUE;
}

GPtrArray *tambo_stock_desk_list (TamboStation *station, GError **error) {
  return tambo_stock_list (tambo_station_get_store (station), error);
}

GPtrArray *tambo_stock_desk_tally (TamboStation *station, GError **error) {
  return tambo_stock_tally (tambo_station_get_store (station), error);
}

static TamboBlankRow *find_blank (GPtrArray *rows, const char *number, GError **error) {
  for (guint i = 0; i < rows->len; i++) {
    TamboBlankRow *row = g_ptr_array_index (rows, i);
    if (g_strcmp0 (row->number, number) == 0)
      return row;
  }
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STOCK, "no blank has the number %s",
               number);
  return NULL;
}

/* The order stays open: it is issued on another blank. */
static gboolean report_spoiled (TamboStation *station, const TamboBlankRow *row, const char *actor,
                                GError **error) {
  TamboIssueEvent event = {
    .kind = "spoiled",
    .order_id = row->order_id,
    .blank = row->number,
    .operator_id = actor,
  };

  return tambo_chip_journal_close (tambo_station_get_store (station), row->order_id, row->number,
                                   "spoiled", error)
         && tambo_events_queue (station, &event, error);
}

gboolean tambo_stock_desk_spoil (TamboStation *station, const char *number, const char *reason,
                                 GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_STOCK_SPOIL, error);
  g_autoptr (GPtrArray) rows = actor != NULL ? tambo_stock_list (store, error) : NULL;
  const TamboBlankRow *row = rows != NULL ? find_blank (rows, number, error) : NULL;
  if (row == NULL)
    return FALSE;

  gboolean in_work = row->state == TAMBO_BLANK_IN_WORK;
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL
      || !tambo_stock_set_state (store, number, TAMBO_BLANK_SPOILED, reason, actor, error)
      || (in_work && !report_spoiled (station, row, actor, error))
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  tambo_station_changed (station);
  return TRUE;
}

gboolean tambo_stock_desk_return (TamboStation *station, const char *number, const char *reason,
                                  GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_STOCK_RETURN, error);

  if (actor == NULL
      || !tambo_stock_set_state (tambo_station_get_store (station), number, TAMBO_BLANK_IN_STOCK,
                                 reason, actor, error))
    return FALSE;
  tambo_station_changed (station);
  return TRUE;
}
