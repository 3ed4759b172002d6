/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "hq/appointment-private.h"
#include "hq/feed.h"

JsonObject *tambo_hq_appointment_describe (const TamboHqBooking *booking) {
  JsonObject *object = json_object_new ();

  json_object_set_object_member (object, "applicant", tambo_applicant_to_json (booking->applicant));
  if (booking->answers != NULL)
    json_object_set_object_member (object, "answers", json_object_ref (booking->answers));
  return object;
}

GBytes *tambo_hq_appointment_seal (TamboHq *hq, const char *id, JsonObject *personal,
                                   GError **error) {
  return tambo_hq_feed_seal (TAMBO_HQ_APPOINTMENT, id, personal, hq->envelope_key, error);
}

/* What every process may read. */
static JsonObject *make_body (const TamboHqAppointment *appointment) {
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "code", appointment->code);
  json_object_set_string_member (body, "office", appointment->office);
  json_object_set_string_member (body, "start", appointment->start);
  json_object_set_string_member (body, "procedure", appointment->procedure);
  return body;
}

/* A station and its key, or a station that has an appointment. */
typedef struct {
  TamboStationRow station;
  TamboKey *key;
  GBytes *sealed;
} Desk;

static void desk_free (Desk *desk) {
  g_free (desk->station.code);
  g_clear_pointer (&desk->key, tambo_key_unref);
  g_clear_pointer (&desk->sealed, g_bytes_unref);
  g_free (desk);
}

static TamboKey *parse_key (const char *hex, GError **error) {
  g_autoptr (GBytes) point = tambo_hex_decode (hex);
  gsize size = 0;
  gconstpointer data = point != NULL ? g_bytes_get_data (point, &size) : NULL;

  return tambo_key_new_from_point (data, size, error);
}

static GPtrArray *finish (GPtrArray *desks, GError *cause, GError **error) {
  if (cause == NULL)
    return desks;
  g_ptr_array_unref (desks);
  g_propagate_error (error, cause);
  return NULL;
}

/* The stations of OFFICE that have told their key. */
static GPtrArray *list_desks (TamboHq *hq, const char *office, GError **error) {
  GPtrArray *desks = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_free);
  GError *cause = NULL;
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, &cause,
                            "SELECT code, epoch, inbox_key FROM stations"
                            " WHERE state = 'active' AND inbox_key IS NOT NULL"
                            " AND (code = ?1 OR substr (code, 1, length (?1) + 1) = ?1 || '-')",
                            "s", office);

  while (cause == NULL && tambo_query_next (query, &cause)) {
    Desk *desk = g_new0 (Desk, 1);

    desk->station.code = tambo_query_dup_text (query, 0);
    desk->station.epoch = tambo_query_int (query, 1);
    desk->key = parse_key (tambo_query_text (query, 2), &cause);
    g_ptr_array_add (desks, desk);
  }
  return finish (desks, cause, error);
}

gboolean tambo_hq_appointment_tell (TamboHq *hq, const TamboHqAppointment *appointment,
                                    JsonObject *personal, GError **error) {
  g_autoptr (GPtrArray) desks = list_desks (hq, appointment->office, error);
  g_autoptr (JsonObject) body = make_body (appointment);

  for (guint i = 0; desks != NULL && i < desks->len; i++) {
    Desk *desk = desks->pdata[i];
    g_autoptr (GBytes) sealed =
        tambo_hq_feed_seal (TAMBO_HQ_APPOINTMENT, appointment->id, personal, desk->key, error);

    if (sealed == NULL
        || !tambo_hq_feed_put (hq, &desk->station, TAMBO_HQ_APPOINTMENT, appointment->id, body,
                               sealed, error))
      return FALSE;
  }
  return desks != NULL;
}

/* The stations that were told of an appointment, and what lies there for them. */
static GPtrArray *list_told (TamboHq *hq, const char *id, GError **error) {
  GPtrArray *desks = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_free);
  GError *cause = NULL;
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, &cause,
                            "SELECT audience, sealed FROM feed WHERE kind = '" TAMBO_HQ_APPOINTMENT
                            "' AND id = ? AND body IS NOT NULL",
                            "s", id);

  while (cause == NULL && tambo_query_next (query, &cause)) {
    g_auto (GStrv) words = g_strsplit (tambo_query_text (query, 0), "/", 2);
    Desk *desk = g_new0 (Desk, 1);

    desk->station.code = g_strdup (words[0] != NULL ? words[0] : "");
    desk->station.epoch = words[0] != NULL ? g_ascii_strtoll (words[1], NULL, 10) : 0;
    desk->sealed = tambo_query_dup_blob (query, 1);
    g_ptr_array_add (desks, desk);
  }
  return finish (desks, cause, error);
}

gboolean tambo_hq_appointment_untell (TamboHq *hq, const char *id, GError **error) {
  g_autoptr (GPtrArray) desks = list_told (hq, id, error);

  for (guint i = 0; desks != NULL && i < desks->len; i++)
    if (!tambo_hq_feed_remove (hq, &((Desk *) desks->pdata[i])->station, TAMBO_HQ_APPOINTMENT, id,
                               error))
      return FALSE;
  return desks != NULL;
}

gboolean tambo_hq_appointment_retell (TamboHq *hq, const TamboHqAppointment *appointment,
                                      GError **error) {
  g_autoptr (GPtrArray) desks = list_told (hq, appointment->id, error);
  g_autoptr (JsonObject) body = make_body (appointment);

  for (guint i = 0; desks != NULL && i < desks->len; i++) {
    const Desk *desk = desks->pdata[i];
    gboolean stays = tambo_hq_office_has (appointment->office, desk->station.code);

    if (stays ? !tambo_hq_feed_put (hq, &desk->station, TAMBO_HQ_APPOINTMENT, appointment->id, body,
                                    desk->sealed, error)
              : !tambo_hq_feed_remove (hq, &desk->station, TAMBO_HQ_APPOINTMENT, appointment->id,
                                       error))
      return FALSE;
  }
  return desks != NULL;
}
