/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/decision.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "base/token.h"
#include "hq/envelope-keys.h"
#include "hq/inbox.h"
#include "hq/order.h"
#include "hq/procedures.h"
#include "hq/rewind.h"
#include "hq/uploads.h"
#include "record/check.h"
#include "sync/envelope.h"

/* One record, opened. */
typedef struct {
  char *id, *sha256, *station, *kind, *manifest_text;
  gint64 epoch;
  gboolean is_waiting; /* nobody has judged it yet */
  TamboManifest *manifest;
  TamboPacket *packet;
} Opened;

static void opened_free (Opened *opened) {
  g_free (opened->id);
  g_free (opened->sha256);
  g_free (opened->station);
  g_free (opened->kind);
  g_free (opened->manifest_text);
  g_clear_pointer (&opened->manifest, tambo_manifest_free);
  g_clear_pointer (&opened->packet, tambo_packet_free);
  g_free (opened);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opened, opened_free)

static gboolean fail (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

/* The row alone; NULL without an error when there is none. */
static Opened *find_record (TamboHq *hq, const char *where, const char *value, GError **error) {
  g_autofree char *sql = g_strconcat (
      "SELECT id, sha256, station, kind, manifest, epoch FROM records WHERE ", where, NULL);
  g_autoptr (TamboQuery) query = value != NULL
                                     ? tambo_database_query (hq->database, error, sql, "s", value)
                                     : tambo_database_query (hq->database, error, sql, "");
  Opened *opened;

  if (query == NULL || !tambo_query_next (query, error))
    return NULL;
  opened = g_new0 (Opened, 1);
  opened->id = tambo_query_dup_text (query, 0);
  opened->sha256 = tambo_query_dup_text (query, 1);
  opened->station = tambo_query_dup_text (query, 2);
  opened->kind = tambo_query_dup_text (query, 3);
  opened->manifest_text = tambo_query_dup_text (query, 4);
  opened->epoch = tambo_query_int (query, 5);
  return opened;
}

/* The manifest was verified at intake; inside the seal the same has to be said. */
static gboolean header_fits (const TamboEnvelopeHeader *header, const TamboManifest *manifest) {
  return strcmp (header->id, manifest->id) == 0 && strcmp (header->kind, manifest->kind) == 0
         && strcmp (header->sender, manifest->sender) == 0
         && header->sequence == manifest->sequence;
}

static gboolean open_record (TamboHq *hq, Opened *opened, GError **error) {
  g_autofree char *path = tambo_uploads_record_path (hq->uploads, opened->sha256);
  g_autoptr (GBytes) sealed = tambo_file_read (path, TAMBO_RECORD_MAX_SIZE, error);
  g_autofree char *hash = NULL;
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (TamboKey) key = NULL;
  g_autoptr (GBytes) packet = NULL;

  if (sealed == NULL)
    return FALSE;
  hash = tambo_sha256_hex (sealed);
  if (strcmp (hash, opened->sha256) != 0)
    return fail (error, TAMBO_HQ_ERROR_INTEGRITY, "the record on the disk is not the one received");
  opened->manifest = tambo_manifest_peek (opened->manifest_text, error);
  if (opened->manifest == NULL)
    return FALSE;
  key = tambo_hq_find_envelope_key (hq, opened->manifest->recipient, error);
  packet = key != NULL ? tambo_envelope_open (sealed, key, &header, error) : NULL;
  if (packet == NULL)
    return FALSE;
  if (!header_fits (&header, opened->manifest))
    return fail (error, TAMBO_HQ_ERROR_INTEGRITY, "the envelope and the manifest disagree");
  opened->packet = tambo_packet_parse (packet, error);
  return opened->packet != NULL;
}

/* Every sample of the case is there, byte for byte. */
static gboolean check_parts (const TamboEnrolment *enrolment, TamboPacket *packet, GError **error) {
  for (guint i = 0; i < enrolment->samples->len; i++) {
    const TamboSample *sample = enrolment->samples->pdata[i];
    g_autofree char *slot = tambo_sample_dup_slot (sample);
    GBytes *part = tambo_packet_get (packet, slot);
    g_autofree char *hash = part != NULL ? tambo_sha256_hex (part) : NULL;

    if (g_strcmp0 (hash, sample->sha256) != 0) {
      g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY,
                   "the sample %s is not the one that the case names", slot);
      return FALSE;
    }
  }
  return TRUE;
}

static TamboEnrolment *read_enrolment (TamboHq *hq, const Opened *opened, GError **error) {
  g_autoptr (JsonObject) object = tambo_packet_get_json (opened->packet, "case", error);
  g_autoptr (TamboEnrolment) enrolment = NULL;

  if (object == NULL)
    return NULL;
  enrolment = tambo_enrolment_from_json (object, error);
  if (enrolment == NULL)
    return NULL;
  if (strcmp (enrolment->id, opened->id) != 0 || strcmp (enrolment->office, opened->station) != 0) {
    fail (error, TAMBO_HQ_ERROR_INTEGRITY, "the case inside is another one than outside");
    return NULL;
  }
  if (enrolment->practice && !hq->practice) {
    fail (error, TAMBO_HQ_ERROR_INVALID, "a practice case came to a headquarters that is real");
    return NULL;
  }
  return check_parts (enrolment, opened->packet, error) ? g_steal_pointer (&enrolment) : NULL;
}

/* At the beginning of the transaction that judges. EXISTS when another process was faster. */
static gboolean claim (TamboHq *hq, const Opened *opened, GError **error) {
  if (!opened->is_waiting)
    return TRUE;
  if (!tambo_database_run (hq->database, error,
                           "UPDATE records SET state = 'done' WHERE id = ? AND state = 'received'",
                           "s", opened->id))
    return FALSE;
  return tambo_database_changes (hq->database) == 1
         || fail (error, TAMBO_HQ_ERROR_EXISTS, "the record was judged meanwhile");
}

/* Stations make these numbers by chance; applicants are told by them. In the transaction that notes it. */
static gboolean check_tracking_number (TamboHq *hq, const TamboEnrolment *enrolment,
                                       GError **error) {
  gint64 others;

  if (!tambo_database_get_int (hq->database, 0, &others, error,
                               "SELECT count(*) FROM cases WHERE tracking_number = ? AND id <> ?",
                               "ss", enrolment->tracking_number, enrolment->id))
    return FALSE;
  return others == 0
         || fail (error, TAMBO_HQ_ERROR_CONFLICT,
                  "another case has the same tracking number; it has to be enrolled again");
}

/* What of the case is kept in clear: nothing about the person. */
static gboolean note_case (TamboHq *hq, const Opened *opened, const TamboEnrolment *enrolment,
                           const char *state, const char *document_number, const char *detail,
                           GError **error) {
  g_autofree char *now = tambo_clock_now ();

  return claim (hq, opened, error) && check_tracking_number (hq, enrolment, error)
         && tambo_database_run (hq->database, error,
                                "UPDATE cases SET tracking_number = ?, procedure = ?, state = ?,"
                                " practice = ?, document_number = ?, detail = ?, updated_at = ?"
                                " WHERE id = ?",
                                "sssissss", enrolment->tracking_number, enrolment->procedure_id,
                                state, (gint64) enrolment->practice, document_number, detail, now,
                                enrolment->id)
         && tambo_database_run (hq->database, error,
                                "UPDATE records SET state = 'done' WHERE id = ?", "s", opened->id);
}

static TamboInboxAddress address_for (const Opened *opened, const char *id, const char *kind) {
  return (TamboInboxAddress){ .station = opened->station,
                              .epoch = opened->epoch,
                              .id = id,
                              .kind = kind,
                              .case_id = opened->id,
                              .reply_key = opened->manifest->reply_key };
}

static gboolean issue (TamboHq *hq, const Opened *opened, const TamboEnrolment *enrolment,
                       const TamboProcedure *procedure, GError **error) {
  g_autoptr (TamboHqOrder) order =
      tambo_hq_order_make (hq, enrolment, procedure, opened->packet, error);
  g_autoptr (TamboWork) work = NULL;
  g_autofree char *now = tambo_clock_now ();
  TamboInboxAddress address;

  if (order == NULL || (work = tambo_work_begin (hq->database, error)) == NULL)
    return FALSE;
  address = address_for (opened, order->id, "order");
  return tambo_database_run (hq->database, error,
                             "INSERT INTO orders (id, case_id, station, document_number,"
                             " document_type, state, created_at)"
                             " VALUES (?, ?, ?, ?, ?, 'sent', ?)",
                             "ssssss", order->id, opened->id, opened->station,
                             order->document_number, order->document_type, now)
         && note_case (hq, opened, enrolment, "ordered", order->document_number, NULL, error)
         && tambo_hq_inbox_append (hq, &address, order->packet, error)
         && tambo_work_commit (work, error);
}

/* DETAIL is what is kept in clear: the name of a rule, or nothing. */
static gboolean refuse (TamboHq *hq, const Opened *opened, const TamboEnrolment *enrolment,
                        const char *reason, const char *detail, GError **error) {
  g_autofree char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (TamboWork) work = NULL;
  TamboInboxAddress address = address_for (opened, id, "refusal");

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "case", opened->id);
  json_object_set_string_member (object, "reason", reason);
  tambo_packet_add_json (packet, "refusal", object);
  work = tambo_work_begin (hq->database, error);
  return work != NULL && note_case (hq, opened, enrolment, "refused", NULL, detail, error)
         && tambo_hq_inbox_append (hq, &address, packet, error) && tambo_work_commit (work, error);
}

static TamboProcedure *procedure_for (const TamboEnrolment *enrolment, GError **error) {
  g_autoptr (TamboProcedure) procedure = tambo_hq_load_procedure (enrolment->procedure_id, error);

  if (procedure != NULL && procedure->version != enrolment->procedure_version) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                 "the case was made under version %d of %s, and version %d is here",
                 enrolment->procedure_version, enrolment->procedure_id, procedure->version);
    return NULL;
  }
  return g_steal_pointer (&procedure);
}

/* The case waits for a person; DETAIL says why it is not decided otherwise. */
static gboolean leave_pending (TamboHq *hq, const Opened *opened, const TamboEnrolment *enrolment,
                               const char *detail, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);

  return work != NULL && note_case (hq, opened, enrolment, "pending", NULL, detail, error)
         && tambo_work_commit (work, error);
}

static gboolean judge_enrolment (TamboHq *hq, const Opened *opened, GError **error) {
  g_autoptr (TamboEnrolment) enrolment = read_enrolment (hq, opened, error);
  g_autoptr (TamboProcedure) procedure = NULL;
  g_autoptr (GPtrArray) checks = NULL;
  const TamboCheck *objection;
  gboolean was_forgotten;

  if (enrolment == NULL
      || !tambo_hq_was_forgotten (hq, opened->station, opened->epoch, opened->manifest->sequence,
                                  &was_forgotten, error))
    return FALSE;
  if (opened->manifest->reply_key == NULL)
    return fail (error, TAMBO_HQ_ERROR_INVALID, "the manifest has no key for the answer");
  procedure = procedure_for (enrolment, error);
  if (procedure == NULL)
    return FALSE;
  checks = tambo_check_enrolment (enrolment, procedure, NULL);
  objection = tambo_check_first_open (checks);
  if (was_forgotten)
    return leave_pending (hq, opened, enrolment,
                          "it was here before this headquarters was restored: see that no document"
                          " was ordered then",
                          error);
  if (hq->practice && objection != NULL) {
    g_autofree char *reason = g_strdup_printf ("%s: %s", objection->rule, objection->detail);

    return refuse (hq, opened, enrolment, reason, objection->rule, error);
  }
  if (hq->practice)
    return issue (hq, opened, enrolment, procedure, error);
  return leave_pending (hq, opened, enrolment, objection != NULL ? objection->rule : NULL, error);
}

/* An event about an order that this station was never sent: forged, mixed up, or from before a restore. */
static gboolean check_order (TamboHq *hq, const Opened *opened, const char *kind,
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
static gboolean apply_event (TamboHq *hq, const Opened *opened, const char *kind,
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

static gboolean judge_event (TamboHq *hq, const Opened *opened, GError **error) {
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
  return work != NULL && claim (hq, opened, error)
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

/* The station learns that its record is here and of no use. What has no key for an answer gets none. */
static gboolean tell_failure (TamboHq *hq, const Opened *opened, const char *detail,
                              GError **error) {
  g_autoptr (TamboManifest) manifest = tambo_manifest_peek (opened->manifest_text, NULL);
  g_autofree char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = json_object_new ();
  TamboInboxAddress address = { .station = opened->station,
                                .epoch = opened->epoch,
                                .id = id,
                                .kind = "failure",
                                .case_id = opened->id };

  if (manifest == NULL || manifest->reply_key == NULL)
    return TRUE;
  address.reply_key = manifest->reply_key;
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "record", opened->id);
  json_object_set_string_member (object, "reason", detail);
  tambo_packet_add_json (packet, "failure", object);
  return tambo_hq_inbox_append (hq, &address, packet, error);
}

/* The words of CAUSE are kept only when they are ours: those of a parser may quote the applicant. */
static gboolean give_up (TamboHq *hq, const Opened *opened, const GError *cause, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  const char *detail = cause->domain == TAMBO_HQ_ERROR || cause->domain == TAMBO_SYNC_ERROR
                           ? cause->message
                           : "the record could not be judged; see the rules and its parts";
  g_autofree char *now = tambo_clock_now ();

  return work != NULL && claim (hq, opened, error)
         && tambo_database_run (hq->database, error,
                                "UPDATE records SET state = 'failed', detail = ? WHERE id = ?",
                                "ss", detail, opened->id)
         && tambo_database_run (hq->database, error,
                                "UPDATE cases SET state = 'failed', detail = ?, updated_at = ?"
                                " WHERE id = ?",
                                "sss", detail, now, opened->id)
         && tambo_hq_raise (hq, opened->station, "record", error, "record %s: %s", opened->id,
                            detail)
         && tell_failure (hq, opened, detail, error) && tambo_work_commit (work, error);
}

/* A full disk, a busy database or a token that is not there say nothing about the record: it is judged
 * again later. */
static gboolean is_about_this_machine (const GError *cause) {
  return cause->domain == TAMBO_TOKEN_ERROR
         || g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED)
         || g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE)
         || (cause->domain == TAMBO_BASE_ERROR && cause->code != TAMBO_BASE_ERROR_MALFORMED
             && cause->code != TAMBO_BASE_ERROR_INTEGRITY
             && cause->code != TAMBO_BASE_ERROR_FAILED);
}

static gboolean judge (TamboHq *hq, Opened *opened, GError **error) {
  if (!open_record (hq, opened, error))
    return FALSE;
  return strcmp (opened->kind, "event") == 0 ? judge_event (hq, opened, error)
                                             : judge_enrolment (hq, opened, error);
}

gboolean tambo_hq_retry_failed (TamboHq *hq, GError **error) {
  return tambo_database_run (hq->database, error,
                             "UPDATE records SET state = 'received', detail = NULL"
                             " WHERE state = 'failed'",
                             "");
}

gboolean tambo_hq_decide (TamboHq *hq, guint *out_decided, GError **error) {
  *out_decided = 0;
  for (;;) {
    g_autoptr (GError) cause = NULL;
    g_autoptr (Opened) opened = find_record (
        hq, "state = 'received' AND quarantined = 0 ORDER BY log_index LIMIT 1", NULL, &cause);

    if (cause != NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    if (opened == NULL)
      return TRUE;
    opened->is_waiting = TRUE;
    if (judge (hq, opened, &cause)) {
      (*out_decided)++;
      continue;
    }
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_EXISTS))
      continue;
    if (is_about_this_machine (cause)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    if (!give_up (hq, opened, cause, error))
      return FALSE;
  }
}

gboolean tambo_hq_decide_case (TamboHq *hq, const char *case_id, gboolean is_accepted,
                               const char *reason, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (Opened) opened = NULL;
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autoptr (TamboProcedure) procedure = NULL;
  gint64 is_pending;

  if (!tambo_database_get_int (hq->database, 0, &is_pending, error,
                               "SELECT count(*) FROM cases WHERE id = ? AND state = 'pending'", "s",
                               case_id))
    return FALSE;
  if (!is_pending)
    return fail (error, TAMBO_HQ_ERROR_STATE, "there is no pending case of that id");
  opened = find_record (hq, "id = ?", case_id, &cause);
  if (opened == NULL)
    return fail (error, TAMBO_HQ_ERROR_NOT_FOUND,
                 cause != NULL ? cause->message : "the case has no record");
  if (!open_record (hq, opened, error))
    return FALSE;
  enrolment = read_enrolment (hq, opened, error);
  if (enrolment == NULL)
    return FALSE;
  if (!is_accepted)
    return refuse (hq, opened, enrolment, reason, NULL, error);
  procedure = procedure_for (enrolment, error);
  return procedure != NULL && issue (hq, opened, enrolment, procedure, error);
}
