/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/alerts.h"

#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "record/mrz.h"
#include "station/item.h"
#include "station/station-private.h"
#include "store/audit.h"
#include "store/feed.h"
#include "sync/alert.h"
#include "sync/exchange.h"

#define KIND "alert"

void tambo_alert_free (TamboAlert *alert) {
  if (alert == NULL)
    return;
  g_free (alert->id);
  g_free (alert->about);
  g_free (alert->reason);
  g_free (alert->action);
  g_free (alert->since);
  g_free (alert);
}

/* ---- reading ---- */

typedef struct {
  TamboAlert *alert;
  char *hash; /* of whom or what it is about */
} Found;

static TamboAlert *read_alert (const TamboFeedRow *row, char **out_hash, GError **error) {
  g_autoptr (TamboAlert) alert = g_new0 (TamboAlert, 1);
  g_autoptr (JsonObject) body = tambo_json_parse_object (row->body, -1, error);
  g_autofree char *hash = NULL;
  const struct {
    const char *member;
    char **field;
  } members[] = {
    { "about", &alert->about },
    { "reason", &alert->reason },
    { "action", &alert->action },
    { "since", &alert->since },
    { "hash", &hash },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
    const char *value =
        body != NULL ? tambo_json_get_string (body, members[i].member, error) : NULL;
    if (value == NULL)
      return NULL;
    *members[i].field = g_strdup (value);
  }
  alert->id = g_strdup (row->id);
  *out_hash = g_steal_pointer (&hash);
  return g_steal_pointer (&alert);
}

static void found_free (Found *found) {
  tambo_alert_free (found->alert);
  g_free (found->hash);
  g_free (found);
}

/* Why not every alert can be compared; the first cause that was found. */
typedef struct {
  char *name; /* of the row; NULL: there is no gap */
  char *why;
} Gap;

static void gap_clear (Gap *gap) {
  g_free (gap->name);
  g_free (gap->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gap, gap_clear)

static void gap_set (Gap *gap, const char *kind, const char *id, const char *why) {
  if (gap->name != NULL)
    return;
  gap->name = id != NULL ? g_strdup_printf ("%s/%s", kind, id) : g_strdup (kind);
  gap->why = g_strdup (why);
}

/* TRUE when there is none. */
static gboolean gap_pass (const Gap *gap, GError **error) {
  if (gap->name != NULL)
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS,
                 "applicants cannot be compared with all alerts of headquarters: %s: %s", gap->name,
                 gap->why);
  return gap->name == NULL;
}

/* A row whose kind has rotted may be an alert, unless another kind can still be read. */
static gboolean may_be_alert (const char *name) {
  return !g_str_has_prefix (name, "appointment/") && !g_str_has_prefix (name, "procedure/");
}

static gboolean look_for_rotten (TamboStation *station, Gap *gap, GError **error) {
  g_autoptr (GPtrArray) names = tambo_feed_list_rotten (tambo_station_get_store (station), error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    if (may_be_alert (names->pdata[i]))
      gap_set (gap, names->pdata[i], NULL, "the row has rotted");
  return names != NULL;
}

/* Elements are Found. */
static GPtrArray *read_all (TamboStation *station, Gap *gap, GError **error) {
  g_autoptr (GPtrArray) rows = tambo_feed_list (tambo_station_get_store (station), KIND, error);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) found_free);

  if (rows == NULL || !look_for_rotten (station, gap, error))
    return NULL;
  for (guint i = 0; i < rows->len; i++) {
    const TamboFeedRow *row = rows->pdata[i];
    g_autofree char *hash = NULL;
    g_autoptr (GError) cause = NULL;
    g_autoptr (TamboAlert) alert = read_alert (row, &hash, &cause);

    if (alert == NULL) {
      gap_set (gap, row->kind, row->id, cause->message);
      continue;
    }
    Found *found = g_new0 (Found, 1);
    found->alert = g_steal_pointer (&alert);
    found->hash = g_steal_pointer (&hash);
    g_ptr_array_add (all, found);
  }
  return g_steal_pointer (&all);
}

/* Those of ALL whose hash is one of HASHES; every one where it is NULL. */
static GPtrArray *pick (GPtrArray *all, const char *const *hashes) {
  GPtrArray *alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_alert_free);

  for (guint i = 0; i < all->len; i++) {
    Found *found = all->pdata[i];
    if (hashes == NULL || g_strv_contains (hashes, found->hash))
      g_ptr_array_add (alerts, g_steal_pointer (&found->alert));
  }
  return alerts;
}

GPtrArray *tambo_alerts_list (TamboStation *station, GError **out_gap, GError **error) {
  g_auto (Gap) gap = { NULL };
  g_autoptr (GPtrArray) all = read_all (station, &gap, error);

  if (all == NULL)
    return NULL;
  gap_pass (&gap, out_gap);
  return pick (all, NULL);
}

/* ---- comparing ---- */

/* What an applicant was held against, and how far. */
typedef struct {
  char *actor;
  GPtrArray *all;    /* Found */
  GPtrArray *alerts; /* TamboAlert: the hits */
  Gap gap;
  GBytes *salt;     /* NULL before headquarters has sent it */
  GHashTable *told; /* SHA-256 of the ids and of the gap's names that the log of the case has */
} Comparison;

static void comparison_clear (Comparison *comparison) {
  g_free (comparison->actor);
  g_clear_pointer (&comparison->all, g_ptr_array_unref);
  g_clear_pointer (&comparison->alerts, g_ptr_array_unref);
  gap_clear (&comparison->gap);
  g_clear_pointer (&comparison->salt, g_bytes_unref);
  g_clear_pointer (&comparison->told, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Comparison, comparison_clear)

static void open_salt_row (const TamboFeedRow *row, TamboKey *key, Comparison *comparison) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) secret = tambo_item_open (row, key, &cause);

  if (secret != NULL)
    comparison->salt = tambo_json_get_bytes (secret, "salt", &cause);
  if (cause != NULL)
    gap_set (&comparison->gap, row->kind, NULL, cause->message);
}

/* FALSE for what no exchange mends: a disk that cannot be read, nobody who is signed in. */
static gboolean open_salt (TamboStation *station, Comparison *comparison, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboFeedRow) row =
      tambo_feed_get (tambo_station_get_store (station), TAMBO_EXCHANGE_ALERT_KEY,
                      TAMBO_EXCHANGE_ALERT_KEY, &cause);
  g_autoptr (TamboKey) key = row != NULL ? tambo_station_open_inbox_key (station, error) : NULL;

  if (g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND))
    return TRUE;
  if (g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)) {
    gap_set (&comparison->gap, TAMBO_EXCHANGE_ALERT_KEY, NULL, cause->message);
    return TRUE;
  }
  if (key != NULL)
    open_salt_row (row, key, comparison);
  return tambo_error_pass (&cause, error) && key != NULL;
}

/* All alerts there are and, when there are any, what they are compared with. */
static gboolean load (TamboStation *station, Comparison *comparison, GError **error) {
  comparison->actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (comparison->actor == NULL || !open_salt (station, comparison, error))
    return FALSE;
  comparison->all = read_all (station, &comparison->gap, error);
  if (comparison->all == NULL)
    return FALSE;
  if (comparison->salt == NULL && comparison->all->len > 0)
    gap_set (&comparison->gap, TAMBO_EXCHANGE_ALERT_KEY, NULL,
             "the key to compare with is missing");
  return comparison->gap.name == NULL
         || tambo_feed_ask_anew (tambo_station_get_store (station), comparison->gap.name,
                                 comparison->actor, error);
}

/* Of the document and of the person, as far as they are known; NULL-terminated. */
static char **hash_applicant (GBytes *salt, const TamboApplicant *applicant) {
  g_autoptr (GStrvBuilder) hashes = g_strv_builder_new ();

  if (applicant->document_number != NULL && applicant->issuing_state != NULL
      && applicant->document_type != NULL) {
    g_autofree char *hash = tambo_alert_hash_document (
        salt, applicant->issuing_state, applicant->document_type, applicant->document_number);
    g_strv_builder_add (hashes, hash);
  }
  if (applicant->surname != NULL && applicant->birth_date != NULL) {
    g_autofree char *surname = tambo_mrz_transliterate (applicant->surname);
    g_autofree char *given_names =
        tambo_mrz_transliterate (applicant->given_names != NULL ? applicant->given_names : "");
    g_autofree char *hash =
        tambo_alert_hash_person (salt, surname, given_names, applicant->birth_date);
    g_strv_builder_add (hashes, hash);
  }
  return g_strv_builder_end (hashes);
}

static char *hash_told (const char *what) {
  g_autoptr (GBytes) bytes = g_bytes_new (what, strlen (what));

  return tambo_sha256_hex (bytes);
}

static gboolean load_told (TamboStore *store, const TamboEnrolment *enrolment,
                           Comparison *comparison, GError **error) {
  g_autoptr (GPtrArray) entries = NULL;
  gint64 first, end;

  comparison->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (comparison->alerts->len == 0 && comparison->gap.name == NULL)
    return TRUE;
  if (tambo_audit_find_time (store, enrolment->created_at, &first, &end, error))
    entries = tambo_audit_list_acts (store, "case.alert", first, end, error);
  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    const TamboAuditEntry *entry = entries->pdata[i];

    if (strcmp (entry->subject, enrolment->id) == 0)
      g_hash_table_add (comparison->told, g_strdup (entry->details));
  }
  return entries != NULL;
}

static gboolean compare (TamboStation *station, const TamboEnrolment *enrolment,
                         Comparison *comparison, GError **error) {
  if (!load (station, comparison, error))
    return FALSE;
  g_auto (GStrv) hashes = comparison->salt != NULL
                              ? hash_applicant (comparison->salt, enrolment->applicant)
                              : g_new0 (char *, 1);
  comparison->alerts = pick (comparison->all, (const char *const *) hashes);
  return load_told (tambo_station_get_store (station), enrolment, comparison, error);
}

static gboolean is_told (const Comparison *comparison, const char *what) {
  g_autofree char *hash = hash_told (what);

  return g_hash_table_contains (comparison->told, hash);
}

/* Found by either: the details of the one are the other's id. */
static gboolean note_hit (TamboStore *store, const char *actor, const TamboAlert *alert,
                          const TamboEnrolment *enrolment, GError **error) {
  g_autoptr (GBytes) alert_id = g_bytes_new (alert->id, strlen (alert->id));
  g_autoptr (GBytes) case_id = g_bytes_new (enrolment->id, strlen (enrolment->id));
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL
         && tambo_audit_append (store, actor, "alert.hit", alert->id, case_id, error)
         && tambo_audit_append (store, actor, "case.alert", enrolment->id, alert_id, error)
         && tambo_transaction_commit (transaction, error);
}

static gboolean note_gap (TamboStore *store, const Comparison *comparison,
                          const TamboEnrolment *enrolment, GError **error) {
  const char *name = comparison->gap.name;
  g_autoptr (GBytes) details = g_bytes_new (name, strlen (name));

  return tambo_audit_append (store, comparison->actor, "case.alert-gap", enrolment->id, details,
                             error);
}

static gboolean has_untold_gap (const Comparison *comparison) {
  return comparison->gap.name != NULL && !is_told (comparison, comparison->gap.name);
}

gboolean tambo_alerts_can_check (TamboStation *station, GError **error) {
  g_auto (Comparison) comparison = { NULL };

  return load (station, &comparison, error) && gap_pass (&comparison.gap, error);
}

GPtrArray *tambo_alerts_check (TamboStation *station, const TamboEnrolment *enrolment,
                               GError **out_gap, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_auto (Comparison) comparison = { NULL };

  if (!compare (station, enrolment, &comparison, error))
    return NULL;
  for (guint i = 0; i < comparison.alerts->len; i++) {
    const TamboAlert *alert = comparison.alerts->pdata[i];
    if (!is_told (&comparison, alert->id)
        && !note_hit (store, comparison.actor, alert, enrolment, error))
      return NULL;
  }
  if (has_untold_gap (&comparison) && !note_gap (store, &comparison, enrolment, error))
    return NULL;
  gap_pass (&comparison.gap, out_gap);
  return g_steal_pointer (&comparison.alerts);
}

gboolean tambo_alerts_check_told (TamboStation *station, const TamboEnrolment *enrolment,
                                  GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_auto (Comparison) comparison = { NULL };

  if (!compare (station, enrolment, &comparison, error))
    return FALSE;
  for (guint i = 0; i < comparison.alerts->len; i++) {
    const TamboAlert *alert = comparison.alerts->pdata[i];
    if (is_told (&comparison, alert->id))
      continue;
    if (note_hit (store, comparison.actor, alert, enrolment, error))
      g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERT,
                   "headquarters warns of this %s: %s; %s", alert->about, alert->reason,
                   alert->action);
    return FALSE;
  }
  return !has_untold_gap (&comparison)
         || (note_gap (store, &comparison, enrolment, error) && gap_pass (&comparison.gap, error));
}
