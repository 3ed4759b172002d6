/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/intake.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "hq/envelope-keys.h"
#include "hq/intake-log.h"
#include "hq/recent.h"

/* A record as it is known already. */
typedef struct {
  char *id, *sha256, *station, *state, *manifest, *kind, *case_id, *receipt;
  char *manifest_hash, *previous;
  gint64 epoch, sequence, size;
} Known;

static void known_free (Known *known) {
  g_free (known->id);
  g_free (known->sha256);
  g_free (known->station);
  g_free (known->state);
  g_free (known->manifest);
  g_free (known->kind);
  g_free (known->case_id);
  g_free (known->receipt);
  g_free (known->manifest_hash);
  g_free (known->previous);
  g_free (known);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Known, known_free)

void tambo_intake_state_clear (TamboIntakeState *state) {
  g_clear_pointer (&state->receipt, g_free);
}

#define KNOWN                                                                                      \
  "SELECT id, sha256, station, state, manifest, kind, case_id, receipt, epoch, sequence, size,"    \
  " manifest_hash, previous FROM records WHERE "

static Known *known_from_query (TamboQuery *query) {
  Known *known = g_new0 (Known, 1);

  known->id = tambo_query_dup_text (query, 0);
  known->sha256 = tambo_query_dup_text (query, 1);
  known->station = tambo_query_dup_text (query, 2);
  known->state = tambo_query_dup_text (query, 3);
  known->manifest = tambo_query_dup_text (query, 4);
  known->kind = tambo_query_dup_text (query, 5);
  known->case_id = tambo_query_dup_text (query, 6);
  known->receipt = tambo_query_dup_text (query, 7);
  known->epoch = tambo_query_int (query, 8);
  known->sequence = tambo_query_int (query, 9);
  known->size = tambo_query_int (query, 10);
  known->manifest_hash = tambo_query_dup_text (query, 11);
  known->previous = tambo_query_dup_text (query, 12);
  return known;
}

/* NULL without an error when there is none. */
static Known *find (TamboHq *hq, const char *sha256, GError **error) {
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, error, KNOWN "sha256 = ?", "s", sha256);

  return query != NULL && tambo_query_next (query, error) ? known_from_query (query) : NULL;
}

static gboolean invalid (GError **error, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, message);
  return FALSE;
}

/* The manifest, signed by this station's key and about these bytes; otherwise NULL. */
static TamboManifest *read_manifest (TamboHq *hq, const TamboStationRow *station,
                                     const char *sha256, const char *text, GError **error) {
  g_autoptr (TamboManifest) manifest = NULL;
  g_autoptr (GError) cause = NULL;

  manifest = tambo_manifest_verify (text, station->key, &cause);
  if (manifest == NULL) {
    invalid (error, cause->message);
    return NULL;
  }
  if (strcmp (manifest->sender, station->code) != 0) {
    invalid (error, "the manifest names another station");
    return NULL;
  }
  if (strcmp (manifest->sha256, sha256) != 0) {
    invalid (error, "the manifest is about other bytes");
    return NULL;
  }
  if (!tambo_hq_check_envelope_key (hq, manifest->recipient, &cause)) {
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND))
      invalid (error, cause->message);
    else /* the record stays where it is until the disk answers */
      g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (strcmp (manifest->kind, "enrolment") != 0 && strcmp (manifest->kind, "event") != 0) {
    invalid (error, "headquarters takes no records of this kind");
    return NULL;
  }
  return g_steal_pointer (&manifest);
}

/* Keeps the manifest of what was not taken and marks what was; both wait for a person. */
static gboolean quarantine (TamboHq *hq, const TamboManifest *manifest, const char *text,
                            const Known *known, const char *reason, GError **error) {
  g_autofree char *now = tambo_clock_now ();

  if (!tambo_database_run (hq->database, error,
                           "INSERT INTO quarantine"
                           " (at, station, id, sha256, manifest, reason) VALUES (?, ?, ?, ?, ?, ?)"
                           " ON CONFLICT DO NOTHING",
                           "ssssss", now, manifest->sender, manifest->id, manifest->sha256, text,
                           reason))
    return FALSE;
  /* The same quarrel again rings no second bell. */
  if (tambo_database_changes (hq->database) == 0)
    return TRUE;
  return tambo_database_run (hq->database, error, "UPDATE records SET quarantined = 1 WHERE id = ?",
                             "s", known->id)
         && tambo_hq_raise (hq, manifest->sender, "conflict", error,
                            "record %s, sequence %" G_GINT64_FORMAT ": %s", manifest->id,
                            manifest->sequence, reason);
}

/* A manifest that came, and what is known already about its id, its bytes and its neighbourhood. */
typedef struct {
  TamboHq *hq;
  const TamboStationRow *station;
  const TamboManifest *manifest;
  const char *text;
  char *manifest_hash;
  GPtrArray *known;     /* Known */
  const char *conflict; /* why it was not taken; NULL when it was */
} Admission;

static void admission_clear (Admission *admission) {
  g_free (admission->manifest_hash);
  g_ptr_array_unref (admission->known);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Admission, admission_clear)

static gboolean ask_known (TamboWork *work, gpointer data, TamboQuery **out_query, GError **error) {
  const Admission *admission = data;
  const TamboManifest *manifest = admission->manifest;

  *out_query = tambo_work_ask (
      work, error,
      KNOWN "id = ? OR sha256 = ? OR (station = ? AND epoch = ? AND sequence BETWEEN ? AND ?)",
      "sssiii", manifest->id, manifest->sha256, admission->station->code, admission->station->epoch,
      manifest->sequence - 1, manifest->sequence + 1);
  return *out_query != NULL;
}

/* What was announced in this transaction: the questions were asked before it. */
static GPtrArray *get_announced (TamboWork *work) {
  GPtrArray *announced = tambo_work_get (work, TAMBO_SLOT_ANNOUNCED);

  if (announced == NULL) {
    announced = g_ptr_array_new_with_free_func ((GDestroyNotify) known_free);
    tambo_work_put (work, TAMBO_SLOT_ANNOUNCED, announced, (GDestroyNotify) g_ptr_array_unref);
  }
  return announced;
}

static Known *known_copy (const Known *known) {
  Known *copy = g_memdup2 (known, sizeof *known);

  copy->id = g_strdup (known->id);
  copy->sha256 = g_strdup (known->sha256);
  copy->station = g_strdup (known->station);
  copy->state = g_strdup (known->state);
  copy->manifest = g_strdup (known->manifest);
  copy->kind = g_strdup (known->kind);
  copy->case_id = g_strdup (known->case_id);
  copy->receipt = g_strdup (known->receipt);
  copy->manifest_hash = g_strdup (known->manifest_hash);
  copy->previous = g_strdup (known->previous);
  return copy;
}

static gboolean load_known (Admission *admission, TamboWork *work, GError **error) {
  TamboQuery *query = tambo_work_get_answer (work);
  GPtrArray *announced = get_announced (work);
  g_autoptr (GError) cause = NULL;

  g_ptr_array_set_size (admission->known, 0);
  while (tambo_query_next (query, &cause))
    g_ptr_array_add (admission->known, known_from_query (query));
  for (guint i = 0; i < announced->len; i++)
    g_ptr_array_add (admission->known, known_copy (announced->pdata[i]));
  return tambo_error_pass (&cause, error);
}

static const Known *known_by_id (const Admission *admission) {
  for (guint i = 0; i < admission->known->len; i++) {
    const Known *known = admission->known->pdata[i];

    if (strcmp (known->id, admission->manifest->id) == 0)
      return known;
  }
  return NULL;
}

static const Known *known_by_hash (const Admission *admission) {
  for (guint i = 0; i < admission->known->len; i++) {
    const Known *known = admission->known->pdata[i];

    if (strcmp (known->sha256, admission->manifest->sha256) == 0)
      return known;
  }
  return NULL;
}

static const Known *known_by_sequence (const Admission *admission, gint64 sequence) {
  for (guint i = 0; i < admission->known->len; i++) {
    const Known *known = admission->known->pdata[i];

    if (known->sequence == sequence && known->epoch == admission->station->epoch
        && strcmp (known->station, admission->station->code) == 0)
      return known;
  }
  return NULL;
}

/* A neighbour in the station's row whose link does not hold means that its history was rewritten. The
 * record is taken all the same: it may be the true one. */
static gboolean check_chain (const Admission *admission, GError **error) {
  const TamboManifest *manifest = admission->manifest;
  const Known *before = known_by_sequence (admission, manifest->sequence - 1);
  const Known *after = known_by_sequence (admission, manifest->sequence + 1);

  if ((before == NULL || strcmp (before->manifest_hash, manifest->previous) == 0)
      && (after == NULL || strcmp (after->previous, admission->manifest_hash) == 0)
      && (manifest->sequence > 1) == (*manifest->previous != '\0'))
    return TRUE;
  return tambo_hq_raise (admission->hq, manifest->sender, "chain", error,
                         "the manifest chain does not hold at sequence %" G_GINT64_FORMAT,
                         manifest->sequence);
}

static void note_in_work (const Admission *admission, TamboWork *work) {
  const TamboManifest *manifest = admission->manifest;
  const Known known = { .id = manifest->id,
                        .sha256 = manifest->sha256,
                        .station = (char *) admission->station->code,
                        .state = (char *) "announced",
                        .manifest = (char *) admission->text,
                        .kind = manifest->kind,
                        .case_id = manifest->case_id,
                        .manifest_hash = admission->manifest_hash,
                        .previous = manifest->previous,
                        .epoch = admission->station->epoch,
                        .sequence = manifest->sequence,
                        .size = manifest->size };

  g_ptr_array_add (get_announced (work), known_copy (&known));
}

static gboolean insert (const Admission *admission, TamboWork *work, GError **error) {
  const TamboManifest *manifest = admission->manifest;
  const TamboStationRow *station = admission->station;
  g_autofree char *now = tambo_clock_now ();

  return check_chain (admission, error)
         && tambo_work_post (
             work, error,
             "INSERT INTO records (id, sha256, station, epoch, sequence, kind, size, manifest,"
             " manifest_hash, previous, case_id, state, announced_at)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'announced', ?)",
             "sssiisisssss", manifest->id, manifest->sha256, station->code, station->epoch,
             manifest->sequence, manifest->kind, manifest->size, admission->text,
             admission->manifest_hash, manifest->previous,
             *manifest->case_id != '\0' ? manifest->case_id : NULL, now);
}

/* Why the manifest cannot be taken, given what is known already, and what it quarrels with; NULL when it
 * can. */
static const char *find_conflict (const Admission *admission, const Known **out_known) {
  const TamboManifest *manifest = admission->manifest;
  const Known *same_id = known_by_id (admission);
  const Known *same_hash = known_by_hash (admission);
  const Known *same_sequence = known_by_sequence (admission, manifest->sequence);

  *out_known = same_id != NULL ? same_id : same_hash != NULL ? same_hash : same_sequence;
  if (same_id != NULL && strcmp (same_id->sha256, manifest->sha256) != 0)
    return "the same id came with another content";
  if (same_id != NULL && strcmp (same_id->station, manifest->sender) != 0)
    return "the same id came from another station";
  if (same_id == NULL && same_hash != NULL)
    return "the same content came with another id";
  if (same_id == NULL && same_sequence != NULL)
    return "the same sequence came with another record";
  return NULL;
}

/* The record is announced afterwards, or put into quarantine. */
static gboolean admit (TamboWork *work, gpointer data, GError **error) {
  Admission *admission = data;
  const Known *known;

  if (!load_known (admission, work, error))
    return FALSE;
  admission->conflict = find_conflict (admission, &known);
  if (admission->conflict != NULL)
    return quarantine (admission->hq, admission->manifest, admission->text, known,
                       admission->conflict, error);
  if (known != NULL)
    return TRUE;
  if (!insert (admission, work, error))
    return FALSE;
  note_in_work (admission, work);
  return TRUE;
}

/* Where a record of SIZE stands that has RECEIPT, or NULL. */
static gboolean fill_state (TamboHq *hq, const char *sha256, gint64 size, const char *receipt,
                            TamboIntakeState *out_state, GError **error) {
  g_autofree char *path = tambo_uploads_record_path (hq->uploads, sha256);
  gint64 offset = size;

  if (receipt == NULL && !g_file_test (path, G_FILE_TEST_EXISTS)
      && !tambo_uploads_offset (hq->uploads, sha256, &offset, error))
    return FALSE;
  *out_state = (TamboIntakeState){ .receipt = g_strdup (receipt),
                                   .offset = MIN (offset, size),
                                   .size = size };
  return TRUE;
}

static void note_announced (TamboHq *hq, const TamboStationRow *station,
                            const TamboManifest *manifest, const char *text) {
  const TamboRecentRecord record = { .id = manifest->id,
                                     .station = station->code,
                                     .kind = manifest->kind,
                                     .manifest = (char *) text,
                                     .epoch = station->epoch,
                                     .sequence = manifest->sequence,
                                     .size = manifest->size };

  tambo_recent_put_record (hq->recent, manifest->sha256, &record);
}

static gboolean announce (TamboHq *hq, const TamboStationRow *station,
                          const TamboManifest *manifest, const char *text,
                          TamboIntakeState *out_state, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_auto (Admission)
      admission = { .hq = hq,
                    .station = station,
                    .manifest = manifest,
                    .text = text,
                    .manifest_hash = tambo_sha256_hex (bytes),
                    .known = g_ptr_array_new_with_free_func ((GDestroyNotify) known_free) };
  const Known *known;

  if (!tambo_database_share_asking (hq->database, ask_known, admit, &admission, error))
    return FALSE;
  if (admission.conflict != NULL) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_CONFLICT, admission.conflict);
    return FALSE;
  }
  known = known_by_id (&admission);
  if (known == NULL || known->receipt == NULL)
    note_announced (hq, station, manifest, text);
  return fill_state (hq, manifest->sha256, manifest->size, known != NULL ? known->receipt : NULL,
                     out_state, error);
}

gboolean tambo_intake_look (TamboHq *hq, const TamboStationRow *station, const char *sha256,
                            TamboIntakeState *out_state, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (Known) known = find (hq, sha256, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (known == NULL || strcmp (known->station, station->code) != 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                         "this record was not announced");
    return FALSE;
  }
  return fill_state (hq, sha256, known->size, known->receipt, out_state, error);
}

/* What was announced here a moment ago need not be looked up. Should it have a receipt from another receiver
 * meanwhile, it comes once more and gets the same. */
gboolean tambo_intake_begin (TamboHq *hq, const TamboStationRow *station, const char *sha256,
                             gint64 offset, TamboUpload **out_upload, GError **error) {
  g_auto (TamboIntakeState) state = { NULL };

  *out_upload = NULL;
  if (!tambo_recent_get_size (hq->recent, sha256, station->code, &state.size)
      && !tambo_intake_look (hq, station, sha256, &state, error))
    return FALSE;
  if (state.receipt != NULL)
    return TRUE;
  *out_upload = tambo_upload_begin (hq->uploads, sha256, offset, state.size, error);
  return *out_upload != NULL;
}

gboolean tambo_intake_announce (TamboHq *hq, const TamboStationRow *station, const char *sha256,
                                const char *manifest, TamboIntakeState *out_state, GError **error) {
  g_autoptr (TamboManifest) read = read_manifest (hq, station, sha256, manifest, error);
  g_auto (TamboIntakeState) state = { NULL };
  g_autoptr (GError) cause = NULL;

  if (read == NULL || !announce (hq, station, read, manifest, &state, error))
    return FALSE;
  /* All bytes came, but this process ended before the receipt was made. */
  if (state.receipt == NULL && state.offset == state.size) {
    state.receipt = tambo_intake_complete (hq, sha256, NULL, &cause);
    /* Somebody else goes on with it in this moment: that is no quarrel about the record. */
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE))
      return tambo_intake_look (hq, station, sha256, out_state, error);
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY)) {
      state.offset = 0;
    } else if (cause != NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  }
  *out_state = state;
  state.receipt = NULL;
  return TRUE;
}

/* What is taken in: of a record that was announced here it is known without a question. */
typedef struct {
  TamboHq *hq;
  const char *sha256;
  TamboRecentRecord *record; /* NULL: it is looked up */
  char *receipt;
} Taking;

static void taking_clear (Taking *taking) {
  g_clear_pointer (&taking->record, tambo_recent_record_free);
  g_clear_pointer (&taking->receipt, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taking, taking_clear)

static char *make_receipt (const Taking *taking, gint64 index, const guint8 *root,
                           const char *now) {
  g_autoptr (TamboReceipt) receipt = g_new0 (TamboReceipt, 1);

  receipt->id = g_strdup (taking->record->id);
  receipt->sha256 = g_strdup (taking->sha256);
  receipt->station = g_strdup (taking->record->station);
  receipt->sequence = taking->record->sequence;
  receipt->log_index = index;
  receipt->log_size = index + 1;
  receipt->log_root = tambo_hex_encode (root, TAMBO_SHA256_SIZE);
  receipt->time = g_strdup (now);
  receipt->incarnation = g_strdup (taking->hq->incarnation);
  return tambo_receipt_sign (receipt, taking->hq->signing_key);
}

/* A case begins with its enrolment. */
static gboolean begin_case (TamboWork *work, const TamboRecentRecord *record, const char *now,
                            GError **error) {
  return strcmp (record->kind, "enrolment") != 0
         || tambo_work_post (work, error,
                             "INSERT INTO cases (id, station, epoch, state, created_at, updated_at)"
                             " VALUES (?, ?, ?, 'received', ?, ?) ON CONFLICT DO NOTHING",
                             "ssiss", record->id, record->station, record->epoch, now, now);
}

/* Log leaf, receipt and case. That no record has two leaves is the database's to see (intake_log_by_record):
 * whoever takes in what another receiver took in meanwhile fails, and looks. */
static gboolean take_in (TamboWork *work, gpointer data, GError **error) {
  Taking *taking = data;
  const TamboRecentRecord *record = taking->record;
  g_autofree char *now = tambo_clock_now ();
  guint8 root[TAMBO_SHA256_SIZE];
  gint64 index;

  g_clear_pointer (&taking->receipt, g_free);
  if (!tambo_intake_log_append (taking->hq->database, work, record->id, record->manifest, &index,
                                root, error))
    return FALSE;
  taking->receipt = make_receipt (taking, index, root, now);
  return tambo_work_post (work, error,
                          "UPDATE records SET state = 'received', received_at = ?, log_index = ?,"
                          " receipt = ? WHERE id = ?",
                          "siss", now, index, taking->receipt, record->id)
         && begin_case (work, record, now, error);
}

static TamboRecentRecord *record_of (const Known *known) {
  TamboRecentRecord *record = g_new0 (TamboRecentRecord, 1);

  record->id = g_strdup (known->id);
  record->station = g_strdup (known->station);
  record->kind = g_strdup (known->kind);
  record->manifest = g_strdup (known->manifest);
  record->epoch = known->epoch;
  record->sequence = known->sequence;
  return record;
}

/* The same after a look at what is known: it may have its receipt. */
static gboolean look_and_take_in (TamboWork *work, gpointer data, GError **error) {
  Taking *taking = data;
  g_autoptr (GError) cause = NULL;
  g_autoptr (Known) known = find (taking->hq, taking->sha256, &cause);

  if (known == NULL) {
    if (cause != NULL)
      g_propagate_error (error, g_steal_pointer (&cause));
    else
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                           "this record was not announced");
    return FALSE;
  }
  if (known->receipt != NULL) {
    g_free (taking->receipt);
    taking->receipt = g_strdup (known->receipt);
    return TRUE;
  }
  g_clear_pointer (&taking->record, tambo_recent_record_free);
  taking->record = record_of (known);
  return take_in (work, taking, error);
}

/* The effect, in one transaction. */
static gboolean have_effect (Taking *taking, GError **error) {
  TamboDatabase *database = taking->hq->database;

  taking->record = tambo_recent_get_record (taking->hq->recent, taking->sha256);
  return (taking->record != NULL
          && tambo_database_share_asking (database, tambo_intake_log_ask, take_in, taking, NULL))
         || tambo_database_share_asking (database, tambo_intake_log_ask, look_and_take_in, taking,
                                         error);
}

char *tambo_intake_complete (TamboHq *hq, const char *sha256, TamboUpload *upload, GError **error) {
  g_auto (Taking) taking = { .hq = hq, .sha256 = sha256 };
  g_autoptr (GError) cause = NULL;

  if (!tambo_uploads_finish (hq->uploads, sha256, upload, &cause)) {
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY)
        && !tambo_hq_raise (hq, NULL, "hash", error, "the bytes that came for %s are others",
                            sha256))
      return NULL;
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (!have_effect (&taking, error))
    return NULL;
  tambo_recent_forget_record (hq->recent, sha256);
  return g_steal_pointer (&taking.receipt);
}
