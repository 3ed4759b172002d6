/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "hq/decision-private.h"

static gboolean fail (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

/* An event about an order that this station was never sent: forged, mixed up, or from before a restore. */
static gboolean check_order (TamboHq *hq, const TamboOpened *opened, const char *kind,
                             const char *order_id, GError **error) {
  gint64 orders;

  if (!tambo_database_get_int (hq->database, 0, &orders, error,
                               "SELECT count(*) FROM orders WHERE id = ? AND station = ?", "ss",
                               order_id, opened->station))
    return FALSE;
  return orders > 0
         || tambo_hq_raise (hq, opened->station, "order", error,
                            "record %s says \"%s\" of an order that the station was not sent",
                            opened->id, kind);
}

/* Only what the order's own station says about it counts; what is over stays over. */
static gboolean apply_event (TamboHq *hq, const TamboOpened *opened, const char *kind,
                             const char *order_id, GError **error) {
  g_autofree char *now = tambo_clock_now ();

  if (!check_order (hq, opened, kind, order_id, error))
    return FALSE;
  if (strcmp (kind, "spoiled") == 0)
    return tambo_database_run (hq->database, error,
                               "UPDATE orders SET spoiled = spoiled + 1"
                               " WHERE id = ? AND station = ?",
                               "ss", order_id, opened->station);
  return tambo_database_run (hq->database, error,
                             "UPDATE orders SET state = ?1 WHERE id = ?2 AND station = ?3"
                             " AND state <> 'delivered'",
                             "sss", kind, order_id, opened->station)
         && tambo_database_run (hq->database, error,
                                "UPDATE cases SET state = ?1, updated_at = ?2"
                                " WHERE id = (SELECT case_id FROM orders"
                                "   WHERE id = ?3 AND station = ?4) AND state <> 'delivered'",
                                "ssss", kind, now, order_id, opened->station);
}

gboolean tambo_decision_event (TamboHq *hq, const TamboOpened *opened, GError **error) {
  g_autoptr (JsonObject) object = tambo_packet_get_json (opened->packet, "event", error);
  g_autoptr (TamboWork) work = NULL;
  g_autofree char *now = tambo_clock_now ();
  const char *kind, *order_id;

  if (object == NULL || (kind = tambo_json_get_string (object, "kind", error)) == NULL
      || (order_id = tambo_json_get_string (object, "order", error)) == NULL)
    return FALSE;
  if (strcmp (kind, "issued") != 0 && strcmp (kind, "spoiled") != 0
      && strcmp (kind, "delivered") != 0)
    return fail (error, TAMBO_HQ_ERROR_INVALID, "the event is of an unknown kind");
  work = tambo_work_begin (hq->database, error);
  return work != NULL && tambo_opened_claim (hq, opened, error)
         && tambo_database_run (
             hq->database, error,
             "INSERT INTO events (id, kind, order_id, case_id, document_number,"
             " station, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
             "sssssss", opened->id, kind, order_id, tambo_json_peek_string (object, "case"),
             tambo_json_peek_string (object, "document_number"), opened->station, now)
         && apply_event (hq, opened, kind, order_id, error)
         && tambo_database_run (hq->database, error,
                                "UPDATE records SET state = 'done' WHERE id = ?", "s", opened->id)
         && tambo_work_commit (work, error);
}
