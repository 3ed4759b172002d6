/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/cases.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "store/audit.h"
#include "store/cases-private.h"
#include "store/db.h"
#include "store/search-private.h"

void tambo_case_row_free (TamboCaseRow *row) {
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->tracking_number);
  g_free (row->procedure_id);
  g_free (row->operator_id);
  g_free (row->created_at);
  g_free (row->updated_at);
  g_free (row);
}

static TamboCaseRow *read_row (sqlite3_stmt *statement, GError **error) {
  g_autoptr (TamboCaseRow) row = g_new0 (TamboCaseRow, 1);
  g_autofree char *state = tambo_db_dup_text (statement, 3);

  row->id = tambo_db_dup_text (statement, 0);
  row->tracking_number = tambo_db_dup_text (statement, 1);
  row->procedure_id = tambo_db_dup_text (statement, 2);
  row->practice = sqlite3_column_int (statement, 4) != 0;
  row->operator_id = tambo_db_dup_text (statement, 5);
  row->created_at = tambo_db_dup_text (statement, 6);
  row->updated_at = tambo_db_dup_text (statement, 7);
  if (!tambo_digest_check (statement, 8, "cases", row->id, error))
    return NULL;
  if (!tambo_case_state_from_string (state, &row->state)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT, "cases %s: the state is none",
                 row->id);
    return NULL;
  }
  return g_steal_pointer (&row);
}

GPtrArray *tambo_cases_read_rows (TamboStore *store, sqlite3_stmt *statement, GError **error) {
  return tambo_db_list (store, statement, (TamboDbRead) read_row,
                        (GDestroyNotify) tambo_case_row_free, error);
}

GPtrArray *tambo_cases_list (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT " TAMBO_CASE_READING " FROM cases ORDER BY created_at DESC, rowid DESC",
      "");

  return statement != NULL ? tambo_cases_read_rows (store, statement, error) : NULL;
}

gboolean tambo_cases_count (TamboStore *store, TamboCaseState state, guint *out_count,
                            GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "table of cases", error, "SELECT count (*) FROM cases WHERE state = ?",
                     "s", tambo_case_state_to_string (state));

  if (statement == NULL)
    return FALSE;
  *out_count = (guint) sqlite3_column_int64 (statement, 0);
  return TRUE;
}

TamboCaseRow *tambo_cases_get (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "case of that id", error,
                     "SELECT " TAMBO_CASE_READING " FROM cases WHERE id = ?", "s", id);

  return statement != NULL ? read_row (statement, error) : NULL;
}

/* People type tracking numbers in small letters. */
char *tambo_cases_resolve (TamboStore *store, const char *text, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *lower = g_ascii_strdown (text, -1);

  return tambo_db_resolve (store, "case",
                           "SELECT id FROM cases WHERE tracking_number = upper (?1)"
                           " UNION SELECT id FROM cases WHERE substr (id, 1, length (?1)) = ?1"
                           " LIMIT 2",
                           lower, error);
}

/* What can still become a draft again is kept. */
static gboolean has_draft (TamboCaseState state) {
  return state == TAMBO_CASE_DRAFT || tambo_case_state_may_become (state, TAMBO_CASE_DRAFT);
}

static gboolean check_has_draft (const char *id, TamboCaseState state, GError **error) {
  if (has_draft (state))
    return TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
               "the case %s is %s, and nothing of it is kept here", id,
               tambo_case_state_to_string (state));
  return FALSE;
}

static char *case_place (const char *id) {
  return g_strconcat ("cases/", id, NULL);
}

static char *sample_place (const char *id, const char *slot) {
  return g_strdup_printf ("samples/%s/%s", id, slot);
}

static TamboEnrolment *decode_case (GBytes *plaintext, GError **error) {
  g_autoptr (JsonObject) object = NULL;
  gsize size;
  const char *text = g_bytes_get_data (plaintext, &size);

  object = tambo_json_parse_object (text, (gssize) size, error);
  return object != NULL ? tambo_enrolment_from_json (object, error) : NULL;
}

static GBytes *encode_case (const TamboEnrolment *enrolment, GError **error) {
  g_autoptr (JsonObject) object = tambo_enrolment_to_json (enrolment);
  g_autoptr (GBytes) plaintext = tambo_secret_new_take_string (tambo_json_canonical (object));
  g_autoptr (TamboEnrolment) again = NULL;
  g_autoptr (GError) reason = NULL;

  /* What cannot be read back would be lost only when it is needed: better refused now. */
  again = decode_case (plaintext, &reason);
  if (again == NULL) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "the case could not be read back: %s", reason->message);
    return NULL;
  }
  return g_steal_pointer (&plaintext);
}

static GBytes *seal_case (TamboStore *store, const TamboEnrolment *enrolment, GError **error) {
  g_autoptr (GBytes) plaintext = encode_case (enrolment, error);
  g_autofree char *place = case_place (enrolment->id);

  return plaintext != NULL ? tambo_store_seal (store, place, plaintext, error) : NULL;
}

static gboolean insert_case (TamboStore *store, const TamboEnrolment *enrolment, GBytes *sealed,
                             GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *hash = tambo_sha256_hex (sealed);

  if (enrolment->state != TAMBO_CASE_DRAFT) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the case %s is new, and a new case is a draft", enrolment->id);
    return FALSE;
  }
  return tambo_db_run (store, error,
                       "INSERT INTO cases (" TAMBO_CASE_COLUMNS ", sealed, sha256)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       "ssssisssbs", enrolment->id, enrolment->tracking_number,
                       enrolment->procedure_id, tambo_case_state_to_string (enrolment->state),
                       enrolment->practice ? 1 : 0, enrolment->operator_id, enrolment->created_at,
                       now, sealed, hash);
}

static gboolean update_case (TamboStore *store, const TamboEnrolment *enrolment, GBytes *sealed,
                             GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *hash = tambo_sha256_hex (sealed);

  return tambo_db_run (store, error,
                       "UPDATE cases SET updated_at = ?, sealed = ?, sha256 = ? WHERE id = ?",
                       "sbss", now, sealed, hash, enrolment->id);
}

/* Writes the case and, when it is new, its audit entry. */
static gboolean write_case (TamboStore *store, const TamboEnrolment *enrolment, const char *actor,
                            GBytes **out_sealed, gboolean *out_is_new, GError **error) {
  g_autoptr (GBytes) sealed = seal_case (store, enrolment, error);
  g_autoptr (GError) reason = NULL;
  g_autoptr (TamboCaseRow) row = NULL;
  gboolean is_new;

  if (sealed == NULL)
    return FALSE;
  row = tambo_cases_get (store, enrolment->id, &reason);
  is_new = g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  if (row == NULL && !is_new) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (is_new) {
    if (!insert_case (store, enrolment, sealed, error)
        || !tambo_audit_append (store, actor, "case.new", enrolment->id, sealed, error))
      return FALSE;
  } else if (!check_has_draft (row->id, row->state, error)
             || !update_case (store, enrolment, sealed, error)) {
    return FALSE;
  }
  if (!tambo_search_index (store, enrolment, error))
    return FALSE;
  *out_sealed = g_steal_pointer (&sealed);
  *out_is_new = is_new;
  return TRUE;
}

gboolean tambo_cases_save (TamboStore *store, const TamboEnrolment *enrolment, const char *actor,
                           GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (GBytes) sealed = NULL;
  gboolean is_new;

  if (transaction == NULL || !write_case (store, enrolment, actor, &sealed, &is_new, error))
    return FALSE;
  /* The hash of what is sealed: one of the open text could be guessed at. */
  if (!is_new && !tambo_audit_append (store, actor, "case.save", enrolment->id, sealed, error))
    return FALSE;
  return tambo_transaction_commit (transaction, error);
}

static GBytes *read_sealed_case (TamboStore *store, const char *id, const char *place,
                                 TamboCaseState *out_state, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_find (
      store, "case of that id", error,
      "SELECT " TAMBO_CASE_READING ", sealed, sha256 FROM cases WHERE id = ?", "s", id);
  g_autoptr (TamboCaseRow) row = NULL;

  if (statement == NULL)
    return NULL;
  row = read_row (statement, error);
  if (row == NULL || !check_has_draft (id, row->state, error))
    return NULL;
  *out_state = row->state;
  return tambo_db_dup_checked_blob (statement, 9, 10, place, error);
}

TamboEnrolment *tambo_cases_load (TamboStore *store, const char *id, GError **error) {
  g_autofree char *place = case_place (id);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) plaintext = NULL;
  g_autoptr (GError) reason = NULL;
  TamboEnrolment *enrolment;
  TamboCaseState state;

  sealed = read_sealed_case (store, id, place, &state, error);
  if (sealed == NULL)
    return NULL;
  plaintext = tambo_store_unseal (store, place, sealed, error);
  if (plaintext == NULL)
    return NULL;
  enrolment = decode_case (plaintext, &reason);
  if (enrolment == NULL) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT, "%s: %s", place,
                 reason->message);
    return NULL;
  }
  enrolment->state = state;
  return enrolment;
}

gboolean tambo_cases_write_slot (TamboStore *store, const char *id, const char *slot, GBytes *bytes,
                                 const char *action, const char *actor, GError **error) {
  g_autofree char *place = sample_place (id, slot);
  g_autofree char *subject = g_strdup_printf ("%s/%s", id, slot);
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *hash = NULL;
  g_autoptr (GBytes) sealed = tambo_store_seal (store, place, bytes, error);

  if (sealed == NULL)
    return FALSE;
  hash = tambo_sha256_hex (sealed);
  return tambo_db_run (store, error,
                       "INSERT INTO samples (case_id, slot, saved_at, sha256, sealed)"
                       " VALUES (?, ?, ?, ?, ?) ON CONFLICT (case_id, slot) DO UPDATE"
                       " SET saved_at = excluded.saved_at, sha256 = excluded.sha256,"
                       " sealed = excluded.sealed",
                       "ssssb", id, slot, now, hash, sealed)
         && (action == NULL || tambo_audit_append (store, actor, action, subject, sealed, error));
}

gboolean tambo_cases_save_sample (TamboStore *store, TamboEnrolment *enrolment,
                                  const TamboSample *sample, GBytes *bytes, const char *actor,
                                  GError **error) {
  g_autoptr (TamboEnrolment) changed = tambo_enrolment_copy (enrolment);
  g_autoptr (TamboSample) saved = tambo_sample_copy (sample);
  g_autofree char *slot = tambo_sample_dup_slot (sample);
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (GBytes) sealed = NULL;
  gboolean is_new;

  g_free (saved->sha256);
  saved->sha256 = tambo_sha256_hex (bytes);
  saved->size = (gint64) g_bytes_get_size (bytes);
  tambo_enrolment_take_sample (changed, tambo_sample_copy (saved));

  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL || !write_case (store, changed, actor, &sealed, &is_new, error)
      || (tambo_enrolment_find_sample (enrolment, slot) != NULL
          && !tambo_aside_put (store, enrolment, slot, actor, error))
      || !tambo_cases_write_slot (store, enrolment->id, slot, bytes, "sample.save", actor, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  tambo_enrolment_take_sample (enrolment, g_steal_pointer (&saved));
  return TRUE;
}

static GBytes *read_sealed_sample (TamboStore *store, const char *id, const char *slot,
                                   const char *place, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "sample of that case in that slot", error,
                     "SELECT sealed, sha256, " TAMBO_IS_SOUND (
                         TAMBO_DIGESTED_SAMPLES) " FROM samples WHERE case_id = ? AND slot = ?",
                     "ss", id, slot);

  if (statement == NULL || !tambo_digest_check (statement, 2, "samples", place, error))
    return NULL;
  return tambo_db_dup_checked_blob (statement, 0, 1, place, error);
}

GBytes *tambo_cases_read_slot (TamboStore *store, const char *id, const char *slot,
                               GError **error) {
  g_autofree char *place = sample_place (id, slot);
  g_autoptr (GBytes) sealed = read_sealed_sample (store, id, slot, place, error);

  return sealed != NULL ? tambo_store_unseal (store, place, sealed, error) : NULL;
}

GBytes *tambo_cases_load_sample (TamboStore *store, const TamboEnrolment *enrolment,
                                 const char *slot, GError **error) {
  const TamboSample *sample = tambo_enrolment_find_sample (enrolment, slot);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *actual = NULL;

  if (sample == NULL) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND,
                 "the case has nothing in the slot %s", slot);
    return NULL;
  }
  bytes = tambo_cases_read_slot (store, enrolment->id, slot, error);
  if (bytes == NULL)
    return NULL;
  actual = tambo_sha256_hex (bytes);
  if (g_strcmp0 (actual, sample->sha256) != 0) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "samples/%s/%s: the bytes are not those that the case names", enrolment->id, slot);
    return NULL;
  }
  return g_steal_pointer (&bytes);
}

static gboolean write_state (TamboStore *store, const char *id, TamboCaseState state,
                             const char *actor, GError **error) {
  g_autofree char *action = g_strconcat ("case.", tambo_case_state_to_string (state), NULL);
  g_autofree char *now = tambo_clock_now ();

  if (!tambo_db_run (store, error, "UPDATE cases SET state = ?, updated_at = ? WHERE id = ?", "sss",
                     tambo_case_state_to_string (state), now, id))
    return FALSE;
  if (!has_draft (state)
      && (!tambo_db_run (store, error, "DELETE FROM samples WHERE case_id = ?", "s", id)
          || !tambo_db_run (store, error,
                            "UPDATE cases SET sealed = NULL, sha256 = NULL WHERE id = ?", "s", id)))
    return FALSE;
  /* What was thrown away is not even found any more. */
  if (state == TAMBO_CASE_DISCARDED && !tambo_search_forget (store, id, error))
    return FALSE;
  return tambo_audit_append (store, actor, action, id, NULL, error);
}

gboolean tambo_cases_set_state (TamboStore *store, const char *id, TamboCaseState state,
                                const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (TamboCaseRow) row = NULL;

  if (transaction == NULL)
    return FALSE;
  row = tambo_cases_get (store, id, error);
  if (row == NULL)
    return FALSE;
  if (!tambo_case_state_may_become (row->state, state)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the case %s is %s and cannot become %s", id,
                 tambo_case_state_to_string (row->state), tambo_case_state_to_string (state));
    return FALSE;
  }
  return write_state (store, id, state, actor, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_cases_advance (TamboStore *store, const char *id, TamboCaseState state,
                              GError **error) {
  g_autoptr (GError) reason = NULL;
  g_autoptr (TamboCaseRow) row = tambo_cases_get (store, id, &reason);

  if (row != NULL)
    return !tambo_case_state_may_become (row->state, state)
           || write_state (store, id, state, "sync", error);
  /* A case of another station, or one whose row has rotted: the message is kept all the same. */
  if (g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND)
      || g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
