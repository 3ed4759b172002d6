/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "hq/appointment-private.h"
#include "hq/envelope-keys.h"
#include "hq/feed.h"
#include "sync/envelope.h"

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

static gboolean tell_desk (TamboHq *hq, const Desk *desk, const TamboHqAppointment *appointment,
                           JsonObject *personal, GError **error) {
  g_autoptr (JsonObject) body = make_body (appointment);
  g_autoptr (GBytes) sealed =
      tambo_hq_feed_seal (TAMBO_HQ_APPOINTMENT, appointment->id, personal, desk->key, error);

  return sealed != NULL
         && tambo_hq_feed_put (hq, &desk->station, TAMBO_HQ_APPOINTMENT, appointment->id, body,
                               sealed, error);
}

gboolean tambo_hq_appointment_tell (TamboHq *hq, const TamboHqAppointment *appointment,
                                    JsonObject *personal, GError **error) {
  g_autoptr (GPtrArray) desks = list_desks (hq, appointment->office, error);

  for (guint i = 0; desks != NULL && i < desks->len; i++)
    if (!tell_desk (hq, desks->pdata[i], appointment, personal, error))
      return FALSE;
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
    desk->station.epoch =
        words[0] != NULL && words[1] != NULL ? g_ascii_strtoll (words[1], NULL, 10) : 0;
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

/* Afterwards */

/* Of one call: the others wait for the next. */
#define MAX_SETTLED 200
/* Who comes on the day after is still known at the desk. */
#define KEPT_SECONDS (2 * 24 * 3600)

/* An appointment that a station of its office was not told of. */
typedef struct {
  TamboHqAppointment appointment; /* without what is not told */
  Desk *desk;
  GBytes *sealed;
} Untold;

static void untold_free (Untold *untold) {
  g_free (untold->appointment.id);
  g_free (untold->appointment.code);
  g_free (untold->appointment.office);
  g_free (untold->appointment.start);
  g_free (untold->appointment.procedure);
  desk_free (untold->desk);
  g_bytes_unref (untold->sealed);
  g_free (untold);
}

static Untold *read_untold (TamboQuery *query, GError **error) {
  Untold *untold = g_new0 (Untold, 1);

  untold->appointment.id = tambo_query_dup_text (query, 0);
  untold->appointment.code = tambo_query_dup_text (query, 1);
  untold->appointment.office = tambo_query_dup_text (query, 2);
  untold->appointment.start = tambo_query_dup_text (query, 3);
  untold->appointment.procedure = tambo_query_dup_text (query, 4);
  untold->sealed = tambo_query_dup_blob (query, 5);
  untold->desk = g_new0 (Desk, 1);
  untold->desk->station.code = tambo_query_dup_text (query, 6);
  untold->desk->station.epoch = tambo_query_int (query, 7);
  untold->desk->key = parse_key (tambo_query_text (query, 8), error);
  return untold;
}

static GPtrArray *list_untold (TamboHq *hq, GError **error) {
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) untold_free);
  GError *cause = NULL;
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, &cause,
      "SELECT a.id, a.code, a.office, a.starts_at, a.procedure, a.sealed, s.code, s.epoch,"
      " s.inbox_key FROM appointments a JOIN stations s ON s.state = 'active'"
      " AND s.inbox_key IS NOT NULL AND (s.code = a.office"
      " OR substr (s.code, 1, length (a.office) + 1) = a.office || '-')"
      " WHERE a.state = 'booked' AND a.starts_at > ? AND NOT EXISTS (SELECT 1 FROM feed f"
      " WHERE f.audience = s.code || '/' || s.epoch AND f.kind = '" TAMBO_HQ_APPOINTMENT
      "' AND f.id = a.id AND f.body IS NOT NULL) ORDER BY a.starts_at LIMIT ?",
      "si", now, (gint64) MAX_SETTLED);

  while (cause == NULL && tambo_query_next (query, &cause))
    g_ptr_array_add (all, read_untold (query, &cause));
  return finish (all, cause, error);
}

static JsonObject *open_personal (TamboHq *hq, const Untold *untold, GError **error) {
  g_autofree char *key_id = tambo_key_dup_id (hq->envelope_key);
  g_autoptr (TamboKey) key = tambo_hq_find_envelope_key (hq, key_id, error);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) plain =
      key != NULL ? tambo_envelope_open (untold->sealed, key, &header, error) : NULL;
  g_autoptr (TamboPacket) packet = NULL;

  if (plain == NULL)
    return NULL;
  if (strcmp (header.id, untold->appointment.id) != 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY,
                         "what is sealed is another appointment's");
    return NULL;
  }
  packet = tambo_packet_parse (plain, error);
  return packet != NULL ? tambo_packet_get_json (packet, TAMBO_HQ_APPOINTMENT, error) : NULL;
}

static gboolean tell_untold (TamboHq *hq, GError **error) {
  g_autoptr (GPtrArray) all = list_untold (hq, error);

  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Untold *untold = all->pdata[i];
    g_autoptr (JsonObject) personal = open_personal (hq, untold, error);
    g_autoptr (TamboWork) work = personal != NULL ? tambo_work_begin (hq->database, error) : NULL;

    if (work == NULL || !tell_desk (hq, untold->desk, &untold->appointment, personal, error)
        || !tambo_work_commit (work, error))
      return FALSE;
  }
  return all != NULL;
}

static GPtrArray *list_past (TamboHq *hq, GError **error) {
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  GError *cause = NULL;
  g_autofree char *before = tambo_clock_format (tambo_clock_now_unix () - KEPT_SECONDS);
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, &cause,
      "SELECT id FROM appointments WHERE starts_at < ? AND id IN (SELECT id FROM feed"
      " WHERE kind = '" TAMBO_HQ_APPOINTMENT "' AND body IS NOT NULL) LIMIT ?",
      "si", before, (gint64) MAX_SETTLED);

  while (cause == NULL && tambo_query_next (query, &cause))
    g_ptr_array_add (ids, tambo_query_dup_text (query, 0));
  return finish (ids, cause, error);
}

gboolean tambo_hq_appointment_settle (TamboHq *hq, GError **error) {
  g_autoptr (GPtrArray) past = list_past (hq, error);
  g_autoptr (TamboWork) work = NULL;

  if (past == NULL || !tell_untold (hq, error))
    return FALSE;
  if (past->len == 0)
    return TRUE;
  work = tambo_work_begin (hq->database, error);
  for (guint i = 0; work != NULL && i < past->len; i++)
    if (!tambo_hq_appointment_untell (hq, past->pdata[i], error))
      return FALSE;
  return work != NULL && tambo_work_commit (work, error);
}
