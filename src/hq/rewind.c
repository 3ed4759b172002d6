/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/rewind.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/id.h"
#include "hq/envelope-keys.h"
#include "hq/feed.h"

/* The highest sequence of a station that was forgotten. */
static char *dup_setting_name (const char *station, gint64 epoch) {
  return g_strdup_printf ("forgotten/%s/%" G_GINT64_FORMAT, station, epoch);
}

static gboolean load_highest (TamboHq *hq, const char *station, gint64 epoch, gint64 *out_highest,
                              GError **error) {
  g_autofree char *name = dup_setting_name (station, epoch);
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = tambo_database_dup_setting (hq->database, name, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  *out_highest = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
  return TRUE;
}

gboolean tambo_hq_was_forgotten (TamboHq *hq, const char *station, gint64 epoch, gint64 sequence,
                                 gboolean *out_was_forgotten, GError **error) {
  gint64 highest;

  if (!load_highest (hq, station, epoch, &highest, error))
    return FALSE;
  *out_was_forgotten = sequence <= highest;
  return TRUE;
}

/* The very receipt: the same record that was taken in a second time has another place in the log. */
static gboolean is_known (TamboHq *hq, const TamboStationRow *station, const TamboClaim *claim,
                          gboolean *out_is_known, GError **error) {
  gint64 count;

  if (!tambo_database_get_int (hq->database, 0, &count, error,
                               "SELECT count(*) FROM records WHERE station = ? AND epoch = ?"
                               " AND sequence = ? AND sha256 = ? AND log_index = ?",
                               "siisi", station->code, station->epoch, claim->sequence,
                               claim->sha256, claim->log_index))
    return FALSE;
  *out_is_known = count > 0;
  return TRUE;
}

/* Once for each record, however often the station says it. */
static gboolean raise_lost (TamboHq *hq, const TamboStationRow *station, const TamboClaim *claim,
                            GError **error) {
  g_autofree char *detail =
      g_strdup_printf ("the record of sequence %" G_GINT64_FORMAT ", SHA-256 %s, was receipted, is"
                       " not known here any more, and the station has not kept its bytes",
                       claim->sequence, claim->sha256);
  gint64 told;

  return tambo_database_get_int (hq->database, 0, &told, error,
                                 "SELECT count(*) FROM alarms WHERE station = ? AND kind = 'lost'"
                                 " AND detail = ?",
                                 "ss", station->code, detail)
         && (told > 0 || tambo_hq_raise (hq, station->code, "lost", error, "%s", detail));
}

/* In one transaction with what it is about. The same loss again rings no second bell. */
static gboolean note_loss (TamboHq *hq, const TamboStationRow *station, guint n, gint64 highest,
                           GError **error) {
  g_autofree char *name = dup_setting_name (station->code, station->epoch);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, highest);
  gint64 before;

  if (!load_highest (hq, station->code, station->epoch, &before, error))
    return FALSE;
  return highest <= before
         || (tambo_database_set_setting (hq->database, name, text, error)
             && tambo_hq_raise (hq, station->code, "rewound", error,
                                "the station holds receipts for %u records or more that are not"
                                " known here, up to the sequence %" G_GINT64_FORMAT
                                ": this database was restored from an older backup",
                                n, highest));
}

static gboolean find_unknown (TamboHq *hq, const TamboStationRow *station,
                              const TamboClaims *claims, TamboClaimsAnswer *answer,
                              GError **error) {
  for (guint i = 0; i < claims->receipts->len; i++) {
    const TamboClaim *claim = claims->receipts->pdata[i];
    gboolean known;

    if (!is_known (hq, station, claim, &known, error))
      return FALSE;
    if (!known)
      g_array_append_val (answer->unknown, claim->sequence);
  }
  return TRUE;
}

static gboolean is_listed (const TamboClaimsAnswer *answer, gint64 sequence) {
  for (guint i = 0; i < answer->unknown->len; i++)
    if (g_array_index (answer->unknown, gint64, i) == sequence)
      return TRUE;
  return FALSE;
}

/* In one transaction: the bells, and from where on a person has to look. */
static gboolean note_unknown (TamboHq *hq, const TamboStationRow *station,
                              const TamboClaims *claims, const TamboClaimsAnswer *answer,
                              GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  gint64 highest = 0;

  if (work == NULL)
    return FALSE;
  for (guint i = 0; i < claims->receipts->len; i++) {
    const TamboClaim *claim = claims->receipts->pdata[i];

    if (!is_listed (answer, claim->sequence))
      continue;
    highest = MAX (highest, claim->sequence);
    if (!claim->is_kept && !raise_lost (hq, station, claim, error))
      return FALSE;
  }
  return note_loss (hq, station, answer->unknown->len, highest, error)
         && tambo_work_commit (work, error);
}

/* ---- the inbox ---- */

/* Stands in the place of a message that was forgotten. */
#define GAP "gap"

/* Whether the message of that number is the one that the station has. */
static gboolean is_same_message (TamboHq *hq, const TamboStationRow *station,
                                 const TamboInboxClaim *claim, gboolean *out_is_same,
                                 GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT kind, manifest FROM inbox WHERE station = ? AND epoch = ? AND number = ?", "sii",
      station->code, station->epoch, claim->number);
  g_autoptr (GBytes) manifest = NULL;
  g_autofree char *hash = NULL;

  if (query == NULL)
    return FALSE;
  *out_is_same = FALSE;
  if (tambo_query_next (query, &cause)) {
    const char *text = tambo_query_text (query, 1);

    manifest = g_bytes_new (text, strlen (text));
    hash = tambo_sha256_hex (manifest);
    *out_is_same =
        strcmp (hash, claim->sha256) == 0 || strcmp (tambo_query_text (query, 0), GAP) == 0;
  }
  return *out_is_same || tambo_error_pass (&cause, error);
}

/* The newest message that both know. */
static gboolean find_common (TamboHq *hq, const TamboStationRow *station, const TamboClaims *claims,
                             gint64 *out_number, GError **error) {
  *out_number = 0;
  for (guint i = 0; i < claims->inbox->len; i++) {
    const TamboInboxClaim *claim = claims->inbox->pdata[i];
    gboolean is_same;

    if (!is_same_message (hq, station, claim, &is_same, error))
      return FALSE;
    if (is_same) {
      *out_number = claim->number;
      return TRUE;
    }
  }
  return TRUE;
}

typedef struct {
  char *manifest;
  GBytes *sealed;
} Message;

static void message_free (Message *message) {
  g_free (message->manifest);
  g_clear_pointer (&message->sealed, g_bytes_unref);
  g_free (message);
}

static GPtrArray *list_messages (TamboHq *hq, const TamboStationRow *station, gint64 after,
                                 GError **error) {
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) message_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT manifest, sealed FROM inbox WHERE station = ? AND epoch = ? AND number > ?"
      " ORDER BY number",
      "sii", station->code, station->epoch, after);

  while (query != NULL && tambo_query_next (query, &cause)) {
    Message *message = g_new0 (Message, 1);

    message->manifest = tambo_query_dup_text (query, 0);
    message->sealed = tambo_query_dup_blob (query, 1);
    g_ptr_array_add (messages, message);
  }
  if (query == NULL || cause != NULL) {
    if (cause != NULL)
      g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&messages);
}

static gboolean insert (TamboHq *hq, const TamboStationRow *station, gint64 number, const char *id,
                        const char *kind, const char *case_id, const char *manifest, GBytes *sealed,
                        GError **error) {
  return tambo_database_run (hq->database, error,
                             "INSERT INTO inbox (station, epoch, number, id, kind, case_id,"
                             " manifest, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                             "siissssb", station->code, station->epoch, number, id, kind, case_id,
                             manifest, sealed);
}

/* MESSAGE under a new number, signed anew. */
static gboolean renumber (TamboHq *hq, const TamboStationRow *station, const Message *message,
                          gint64 number, GError **error) {
  g_autoptr (TamboManifest) manifest = tambo_manifest_peek (message->manifest, error);
  g_autofree char *text = NULL;

  if (manifest == NULL)
    return FALSE;
  manifest->sequence = number;
  text = tambo_manifest_sign (manifest, hq->signing_key);
  return insert (hq, station, number, manifest->id, manifest->kind,
                 *manifest->case_id != '\0' ? manifest->case_id : NULL, text, message->sealed,
                 error);
}

/* The station will never ask for a number that it has. The last one of them is taken, by nothing, so that
 * the next message stands behind it. */
static gboolean go_on_behind (TamboHq *hq, const TamboStationRow *station, gint64 common,
                              gint64 last, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autoptr (GPtrArray) messages = work != NULL ? list_messages (hq, station, common, error) : NULL;
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autofree char *id = tambo_id_new ();

  if (messages == NULL
      || !tambo_database_run (hq->database, error,
                              "DELETE FROM inbox WHERE station = ? AND epoch = ? AND number > ?",
                              "sii", station->code, station->epoch, common)
      || !insert (hq, station, last, id, GAP, NULL, "{}", nothing, error))
    return FALSE;
  for (guint i = 0; i < messages->len; i++)
    if (!renumber (hq, station, messages->pdata[i], last + 1 + i, error))
      return FALSE;
  return tambo_hq_raise (hq, station->code, "inbox", error,
                         "the station has %" G_GINT64_FORMAT " messages, of which %" G_GINT64_FORMAT
                         " are known here; %u that were written since have other numbers now",
                         last, common, messages->len)
         && tambo_work_commit (work, error);
}

static gboolean check_inbox (TamboHq *hq, const TamboStationRow *station, const TamboClaims *claims,
                             TamboClaimsAnswer *answer, GError **error) {
  gint64 last;

  if (claims->inbox->len == 0)
    return TRUE;
  last = ((TamboInboxClaim *) claims->inbox->pdata[0])->number;
  if (!find_common (hq, station, claims, &answer->inbox, error))
    return FALSE;
  return answer->inbox == last || !claims->is_whole
         || go_on_behind (hq, station, answer->inbox, last, error);
}

TamboClaimsAnswer *tambo_hq_check_claims (TamboHq *hq, const TamboStationRow *station,
                                          const TamboClaims *claims, GError **error) {
  g_autoptr (TamboClaimsAnswer) answer = tambo_claims_answer_new ();

  if (!find_unknown (hq, station, claims, answer, error)
      || (answer->unknown->len > 0 && !note_unknown (hq, station, claims, answer, error))
      || !check_inbox (hq, station, claims, answer, error)
      || !tambo_hq_get_reference_version (hq, &answer->reference, error)
      || !tambo_hq_feed_get_version (hq, station, &answer->changes, error))
    return NULL;
  return g_steal_pointer (&answer);
}
