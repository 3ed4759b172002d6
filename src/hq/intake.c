/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/intake.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "hq/envelope-keys.h"
#include "hq/intake-log.h"
#include "hq/uploads.h"

/* A record as it is known already. */
typedef struct {
  char *id, *sha256, *station, *state, *manifest, *kind, *case_id, *receipt;
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
  g_free (known);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Known, known_free)

void tambo_intake_state_clear (TamboIntakeState *state) {
  g_clear_pointer (&state->receipt, g_free);
}

/* NULL without an error when there is none. */
static Known *find (TamboHq *hq, const char *column, const char *value, GError **error) {
  g_autofree char *sql =
      g_strconcat ("SELECT id, sha256, station, state, manifest, kind, case_id, receipt, epoch,"
                   " sequence, size FROM records WHERE ",
                   column, " = ?", NULL);
  g_autoptr (TamboQuery) query = tambo_database_query (hq->database, error, sql, "s", value);
  Known *known;

  if (query == NULL || !tambo_query_next (query, error))
    return NULL;
  known = g_new0 (Known, 1);
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
  return known;
}

static gboolean invalid (GError **error, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, message);
  return FALSE;
}

/* The manifest, signed by this station's key and about these bytes; otherwise NULL. */
static TamboManifest *read_manifest (TamboHq *hq, const TamboStationRow *station,
                                     const char *sha256, const char *text, GError **error) {
  g_autoptr (TamboKey) key = tambo_key_new_from_pem (station->certificate, -1, error);
  g_autoptr (TamboKey) recipient = NULL;
  g_autoptr (TamboManifest) manifest = NULL;
  g_autoptr (GError) cause = NULL;

  if (key == NULL)
    return NULL;
  manifest = tambo_manifest_verify (text, key, &cause);
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
  recipient = tambo_hq_find_envelope_key (hq, manifest->recipient, NULL);
  if (recipient == NULL) {
    invalid (error, "the record is sealed for another key than headquarters'");
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
                           "INSERT OR IGNORE INTO quarantine"
                           " (at, station, id, sha256, manifest, reason) VALUES (?, ?, ?, ?, ?, ?)",
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

/* A neighbour in the station's row whose link does not hold means that its history was rewritten. The
 * record is taken all the same: it may be the true one. */
static gboolean check_chain (TamboHq *hq, const TamboManifest *manifest, gint64 epoch,
                             const char *manifest_hash, GError **error) {
  gint64 before, after;

  if (!tambo_database_get_int (hq->database, 0, &before, error,
                               "SELECT count(*) FROM records WHERE station = ? AND epoch = ?"
                               " AND sequence = ? AND manifest_hash <> ?",
                               "siis", manifest->sender, epoch, manifest->sequence - 1,
                               manifest->previous)
      || !tambo_database_get_int (hq->database, 0, &after, error,
                                  "SELECT count(*) FROM records WHERE station = ? AND epoch = ?"
                                  " AND sequence = ? AND previous <> ?",
                                  "siis", manifest->sender, epoch, manifest->sequence + 1,
                                  manifest_hash))
    return FALSE;
  if (before == 0 && after == 0 && (manifest->sequence > 1) == (*manifest->previous != '\0'))
    return TRUE;
  return tambo_hq_raise (hq, manifest->sender, "chain", error,
                         "the manifest chain does not hold at sequence %" G_GINT64_FORMAT,
                         manifest->sequence);
}

static gboolean insert (TamboHq *hq, const TamboStationRow *station, const TamboManifest *manifest,
                        const char *text, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *manifest_hash = tambo_sha256_hex (bytes);
  g_autofree char *now = tambo_clock_now ();

  return check_chain (hq, manifest, station->epoch, manifest_hash, error)
         && tambo_database_run (
             hq->database, error,
             "INSERT INTO records (id, sha256, station, epoch, sequence, kind, size, manifest,"
             " manifest_hash, previous, case_id, state, announced_at)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'announced', ?)",
             "sssiisisssss", manifest->id, manifest->sha256, station->code, station->epoch,
             manifest->sequence, manifest->kind, manifest->size, text, manifest_hash,
             manifest->previous, *manifest->case_id != '\0' ? manifest->case_id : NULL, now);
}

/* Why MANIFEST cannot be taken, given what is known already; NULL when it can. */
static const char *find_conflict (const TamboManifest *manifest, const Known *same_id,
                                  const Known *same_hash, const Known *same_sequence) {
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

static Known *find_sequence (TamboHq *hq, const TamboStationRow *station, gint64 sequence,
                             GError **error) {
  g_autofree char *id = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT id FROM records WHERE station = ? AND epoch = ? AND sequence = ?", "sii",
      station->code, station->epoch, sequence);

  if (query == NULL || !tambo_query_next (query, error))
    return NULL;
  id = tambo_query_dup_text (query, 0);
  g_clear_pointer (&query, tambo_query_free);
  return find (hq, "id", id, error);
}

/* In one transaction: the record is announced afterwards, or CONFLICT is set. */
static gboolean admit (TamboHq *hq, const TamboStationRow *station, const TamboManifest *manifest,
                       const char *text, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autoptr (Known) same_id = NULL;
  g_autoptr (Known) same_hash = NULL;
  g_autoptr (Known) same_sequence = NULL;
  g_autoptr (GError) cause = NULL;
  const char *reason;

  if (work == NULL)
    return FALSE;
  same_id = find (hq, "id", manifest->id, &cause);
  if (cause == NULL)
    same_hash = find (hq, "sha256", manifest->sha256, &cause);
  if (cause == NULL)
    same_sequence = find_sequence (hq, station, manifest->sequence, &cause);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  reason = find_conflict (manifest, same_id, same_hash, same_sequence);
  if (reason != NULL) {
    const Known *known = same_id != NULL ? same_id : same_hash != NULL ? same_hash : same_sequence;

    if (!quarantine (hq, manifest, text, known, reason, error) || !tambo_work_commit (work, error))
      return FALSE;
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_CONFLICT, reason);
    return FALSE;
  }
  if (same_id != NULL)
    return TRUE;
  return insert (hq, station, manifest, text, error) && tambo_work_commit (work, error);
}

static gboolean fill_state (TamboHq *hq, const Known *known, TamboIntakeState *out_state,
                            GError **error) {
  g_autofree char *path = tambo_hq_record_path (hq, known->sha256);
  gint64 offset = known->size;

  if (known->receipt == NULL && !g_file_test (path, G_FILE_TEST_EXISTS)
      && !tambo_uploads_offset (hq->uploads, known->sha256, &offset, error))
    return FALSE;
  *out_state = (TamboIntakeState){ .receipt = g_strdup (known->receipt),
                                   .offset = MIN (offset, known->size),
                                   .size = known->size };
  return TRUE;
}

gboolean tambo_intake_look (TamboHq *hq, const TamboStationRow *station, const char *sha256,
                            TamboIntakeState *out_state, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (Known) known = find (hq, "sha256", sha256, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (known == NULL || strcmp (known->station, station->code) != 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                         "this record was not announced");
    return FALSE;
  }
  return fill_state (hq, known, out_state, error);
}

gboolean tambo_intake_announce (TamboHq *hq, const TamboStationRow *station, const char *sha256,
                                const char *manifest, TamboIntakeState *out_state, GError **error) {
  g_autoptr (TamboManifest) read = read_manifest (hq, station, sha256, manifest, error);
  g_auto (TamboIntakeState) state = { NULL };
  g_autoptr (GError) cause = NULL;

  if (read == NULL || !admit (hq, station, read, manifest, error)
      || !tambo_intake_look (hq, station, sha256, &state, error))
    return FALSE;
  /* All bytes came, but this process ended before the receipt was made. */
  if (state.receipt == NULL && state.offset == state.size) {
    state.receipt = tambo_intake_complete (hq, sha256, &cause);
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

static char *make_receipt (TamboHq *hq, const Known *known, gint64 index, const guint8 *root,
                           const char *now) {
  g_autoptr (TamboReceipt) receipt = g_new0 (TamboReceipt, 1);

  receipt->id = g_strdup (known->id);
  receipt->sha256 = g_strdup (known->sha256);
  receipt->station = g_strdup (known->station);
  receipt->sequence = known->sequence;
  receipt->log_index = index;
  receipt->log_size = index + 1;
  receipt->log_root = tambo_hex_encode (root, TAMBO_SHA256_SIZE);
  receipt->time = g_strdup (now);
  receipt->incarnation = g_strdup (hq->incarnation);
  return tambo_receipt_sign (receipt, hq->signing_key);
}

/* The effect: log leaf, receipt and case in one transaction. */
static char *take_in (TamboHq *hq, const char *sha256, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autoptr (Known) known = work != NULL ? find (hq, "sha256", sha256, error) : NULL;
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *receipt = NULL;
  guint8 root[TAMBO_SHA256_SIZE];
  gint64 index;

  if (known == NULL)
    return NULL;
  if (known->receipt != NULL)
    return g_steal_pointer (&known->receipt);
  if (!tambo_intake_log_append (hq->database, known->id, known->manifest, &index, root, error))
    return NULL;
  receipt = make_receipt (hq, known, index, root, now);
  if (!tambo_database_run (hq->database, error,
                           "UPDATE records SET state = 'received', received_at = ?,"
                           " log_index = ?, receipt = ? WHERE id = ?",
                           "siss", now, index, receipt, known->id))
    return NULL;
  if (strcmp (known->kind, "enrolment") == 0
      && !tambo_database_run (hq->database, error,
                              "INSERT OR IGNORE INTO cases (id, station, epoch, state, created_at,"
                              " updated_at) VALUES (?, ?, ?, 'received', ?, ?)",
                              "ssiss", known->id, known->station, known->epoch, now, now))
    return NULL;
  return tambo_work_commit (work, error) ? g_steal_pointer (&receipt) : NULL;
}

char *tambo_intake_complete (TamboHq *hq, const char *sha256, GError **error) {
  g_autofree char *path = tambo_hq_record_path (hq, sha256);
  g_autoptr (GError) cause = NULL;

  if (!tambo_uploads_finish (hq->uploads, sha256, path, &cause)) {
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY)
        && !tambo_hq_raise (hq, NULL, "hash", error, "the bytes that came for %s are others",
                            sha256))
      return NULL;
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return take_in (hq, sha256, error);
}
