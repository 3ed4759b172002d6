/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/events.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "station/station-private.h"
#include "store/cases.h"

#define PRIORITY_URGENT 1

gboolean tambo_events_queue (TamboStation *station, const TamboIssueEvent *event, GError **error) {
  g_autofree char *id = tambo_id_new ();
  g_autofree char *time = tambo_clock_now ();
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "kind", event->kind);
  json_object_set_string_member (object, "order", event->order_id);
  tambo_json_set_optional (object, "case", event->case_id);
  tambo_json_set_optional (object, "document_number", event->document_number);
  json_object_set_string_member (object, "blank", event->blank);
  tambo_json_set_optional (object, "profile", event->profile);
  tambo_json_set_optional (object, "sod_sha256", event->sod_sha256);
  if (event->delivery != NULL)
    json_object_set_object_member (object, "delivery", json_object_ref (event->delivery));
  json_object_set_string_member (object, "operator", event->operator_id);
  json_object_set_string_member (object, "time", time);

  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  tambo_packet_add_json (packet, "event", object);
  return tambo_station_queue_record (station, "event", id, event->case_id, packet, PRIORITY_URGENT,
                                     error);
}

gboolean tambo_events_close_case (TamboStation *station, const char *case_id, TamboCaseState state,
                                  const char *actor, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (GError) own_error = NULL;
  g_autoptr (TamboCaseRow) row = tambo_cases_get (store, case_id, &own_error);

  if (row != NULL)
    return tambo_cases_set_state (store, case_id, state, actor, error);
  if (g_error_matches (own_error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}
