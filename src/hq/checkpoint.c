/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/checkpoint.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/merkle.h"

/* The last head that was accepted; size 0 before the first, and again after a restored station was
 * accepted. */
typedef struct {
  char *incarnation, *root, *statement;
  gint64 size;
} Accepted;

static void accepted_clear (Accepted *accepted) {
  g_free (accepted->incarnation);
  g_free (accepted->root);
  g_free (accepted->statement);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Accepted, accepted_clear)

static gboolean load_accepted (TamboHq *hq, const TamboStationRow *station, Accepted *out_accepted,
                               GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT incarnation, root, statement, size FROM checkpoints WHERE station = ? AND epoch = ?",
      "si", station->code, station->epoch);

  if (query == NULL)
    return FALSE;
  if (tambo_query_next (query, &cause)) {
    out_accepted->incarnation = tambo_query_dup_text (query, 0);
    out_accepted->root = tambo_query_dup_text (query, 1);
    out_accepted->statement = tambo_query_dup_text (query, 2);
    out_accepted->size = tambo_query_int (query, 3);
  }
  return tambo_error_pass (&cause, error);
}

static gboolean is_consistent (const Accepted *accepted, const TamboCheckpoint *offered) {
  g_autoptr (GBytes) old_root = tambo_hex_decode (accepted->root);
  g_autoptr (GBytes) new_root = tambo_hex_decode (offered->root);

  return old_root != NULL && new_root != NULL
         && tambo_merkle_verify_consistency (
             (gsize) accepted->size, g_bytes_get_data (old_root, NULL), (gsize) offered->size,
             g_bytes_get_data (new_root, NULL), offered->proof);
}

/* The proof begins at another head than ours: the answer to the last one was lost, or this database
 * was restored from a backup. */
static gboolean is_out_of_step (const Accepted *accepted, const TamboCheckpoint *offered) {
  return accepted->size > 0 && offered->old_size != accepted->size;
}

static gboolean is_other_database (const Accepted *accepted, const TamboCheckpoint *offered) {
  return accepted->incarnation != NULL && strcmp (accepted->incarnation, offered->incarnation) != 0;
}

/* What is wrong with the head; NULL when it may continue the accepted one. */
static const char *find_fork (const Accepted *accepted, const TamboCheckpoint *offered) {
  if (is_other_database (accepted, offered))
    return "the station works with another database than before";
  if (accepted->size == 0)
    return NULL;
  if (offered->size < accepted->size)
    return "the audit log is shorter than before";
  if (is_out_of_step (accepted, offered) || is_consistent (accepted, offered))
    return NULL;
  return "the audit log does not continue the last one";
}

/* The head under headquarters' own name, time and signature. */
static char *sign_head (TamboHq *hq, const TamboCheckpoint *offered, const char *now) {
  TamboCheckpoint head = { .station = offered->station,
                           .incarnation = offered->incarnation,
                           .size = offered->size,
                           .old_size = offered->old_size,
                           .root = offered->root,
                           .time = (char *) now };

  return tambo_checkpoint_sign (&head, hq->signing_key);
}

static gboolean keep_head (TamboHq *hq, const TamboStationRow *station,
                           const TamboCheckpoint *offered, const char *statement, const char *now,
                           GError **error) {
  return tambo_database_run (
      hq->database, error,
      "INSERT INTO checkpoints (station, epoch, incarnation, size, root, statement, at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (station, epoch) DO UPDATE SET"
      " size = excluded.size, root = excluded.root, statement = excluded.statement,"
      " at = excluded.at",
      "sisisss", station->code, station->epoch, offered->incarnation, offered->size, offered->root,
      statement, now);
}

static TamboCheckpoint *read_offer (const TamboStationRow *station, const char *text,
                                    GError **error) {
  g_autoptr (TamboCheckpoint) offered = NULL;
  g_autoptr (GError) cause = NULL;

  offered = tambo_checkpoint_verify (text, station->key, &cause);
  if (offered == NULL || strcmp (offered->station, station->code) != 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         cause != NULL ? cause->message : "the checkpoint names another station");
    return NULL;
  }
  return g_steal_pointer (&offered);
}

/* Which database asked last to take the place of the accepted one: this one is accepted, or none. */
static char *dup_claim_name (const TamboStationRow *station) {
  return g_strdup_printf ("claim/%s/%" G_GINT64_FORMAT, station->code, station->epoch);
}

static gboolean note_claim (TamboHq *hq, const TamboStationRow *station, const Accepted *accepted,
                            const TamboCheckpoint *offered, GError **error) {
  g_autofree char *name = dup_claim_name (station);

  return !is_other_database (accepted, offered)
         || tambo_database_set_setting (hq->database, name, offered->incarnation, error);
}

/* A station that is refused asks again and again: a database is told of once for each head that it does not
 * continue. */
static gboolean raise_fork (TamboHq *hq, const TamboStationRow *station, const Accepted *accepted,
                            const TamboCheckpoint *offered, const char *fork, GError **error) {
  g_autofree char *name = g_strdup_printf ("fork/%s/%" G_GINT64_FORMAT "/%s", station->code,
                                           station->epoch, offered->incarnation);
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT " %s", accepted->size, fork);
  g_autoptr (GError) cause = NULL;
  g_autofree char *told = tambo_database_dup_setting (hq->database, name, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  return g_strcmp0 (told, value) == 0
         || (tambo_hq_raise (hq, station->code, "fork", error,
                             "%s: %" G_GINT64_FORMAT " entries offered, %" G_GINT64_FORMAT
                             " accepted",
                             fork, offered->size, accepted->size)
             && tambo_database_set_setting (hq->database, name, value, error));
}

char *tambo_hq_countersign (TamboHq *hq, const TamboStationRow *station, const char *text,
                            GError **error) {
  g_autoptr (TamboCheckpoint) offered = read_offer (station, text, error);
  g_autoptr (TamboWork) work = NULL;
  g_auto (Accepted) accepted = { NULL };
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *statement = NULL;
  const char *fork;

  if (offered == NULL || (work = tambo_work_begin (hq->database, error)) == NULL
      || !load_accepted (hq, station, &accepted, error))
    return NULL;
  fork = find_fork (&accepted, offered);
  if (fork != NULL) {
    if (note_claim (hq, station, &accepted, offered, error)
        && raise_fork (hq, station, &accepted, offered, fork, error)
        && tambo_work_commit (work, error))
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FORK, fork);
    return NULL;
  }
  /* The station learns our head, compares it with its log and proves from there. */
  if (is_out_of_step (&accepted, offered))
    return g_steal_pointer (&accepted.statement);
  statement = sign_head (hq, offered, now);
  if (!keep_head (hq, station, offered, statement, now, error) || !tambo_work_commit (work, error))
    return NULL;
  return g_steal_pointer (&statement);
}

/* An empty claim is one that was settled. */
static char *load_claim (TamboHq *hq, const TamboStationRow *station, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *name = dup_claim_name (station);
  g_autofree char *claim = tambo_database_dup_setting (hq->database, name, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (claim == NULL || *claim == '\0') {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                 "the station %s has not come with another database", station->code);
    return NULL;
  }
  return g_steal_pointer (&claim);
}

/* Its next head begins a log anew; the old one is remembered among the alarms. */
static gboolean replace_database (TamboHq *hq, const TamboStationRow *station,
                                  const Accepted *accepted, const char *incarnation,
                                  GError **error) {
  g_autofree char *name = dup_claim_name (station);

  return tambo_database_run (hq->database, error,
                             "UPDATE checkpoints SET incarnation = ?, size = 0, root = '',"
                             " statement = '' WHERE station = ? AND epoch = ?",
                             "ssi", incarnation, station->code, station->epoch)
         && tambo_database_set_setting (hq->database, name, "", error)
         && tambo_hq_raise (hq, station->code, "restored", error,
                            "the database %s was accepted in the place of %s, whose log ended with "
                            "%" G_GINT64_FORMAT " entries and the root %s",
                            incarnation, accepted->incarnation, accepted->size, accepted->root);
}

gboolean tambo_hq_accept_restore (TamboHq *hq, const char *code, char **out_incarnation,
                                  GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autoptr (TamboStationRow) station = NULL;
  g_auto (Accepted) accepted = { NULL };
  g_autofree char *incarnation = NULL;

  if (work == NULL || (station = tambo_stations_get (hq, code, error)) == NULL
      || !load_accepted (hq, station, &accepted, error))
    return FALSE;
  incarnation = load_claim (hq, station, error);
  if (incarnation == NULL || !replace_database (hq, station, &accepted, incarnation, error)
      || !tambo_work_commit (work, error))
    return FALSE;
  *out_incarnation = g_steal_pointer (&incarnation);
  return TRUE;
}
