/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/second-finger.h"

#include "biometric/fingerprint-compare.h"
#include "station/operator-desk.h"
#include "station/station-private.h"
#include "store/audit.h"

#define FALSE_MATCH_RATE 0.0001

/* ---- who is known by a finger ---- */

typedef struct {
  char *operator_id;
  GPtrArray *records; /* GBytes */
} Known;

static void known_free (Known *known) {
  g_free (known->operator_id);
  g_ptr_array_unref (known->records);
  g_free (known);
}

/* The one at the desk as well: a finger of one's own is told apart from a stranger's. */
static gboolean may_be_known (const TamboOperatorRow *row, const char *own) {
  return g_str_equal (row->id, own)
         || (!row->disabled && !row->is_first_password && (row->role & TAMBO_ROLES_TRUSTED) != 0);
}

/* Elements are Known. */
static GPtrArray *load_known (TamboStation *station, const char *own, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (GPtrArray) rows = tambo_operators_list (store, error);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) known_free);

  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++) {
    const TamboOperatorRow *row = rows->pdata[i];
    if (!may_be_known (row, own))
      continue;
    GPtrArray *records = tambo_operators_load_fingers (store, row->id, error);
    if (records == NULL)
      return NULL;
    Known *known = g_new0 (Known, 1);
    known->operator_id = g_strdup (row->id);
    known->records = records;
    g_ptr_array_add (all, known);
  }
  return g_steal_pointer (&all);
}

static gboolean may_try (TamboStation *station) {
  g_mutex_lock (&station->operator_lock);
  gboolean may = station->second_finger_failures < TAMBO_SECOND_FINGER_ATTEMPTS;
  g_mutex_unlock (&station->operator_lock);
  return may;
}

gboolean tambo_second_finger_is_possible (TamboStation *station) {
  g_autofree char *own = tambo_station_dup_operator (station);
  g_autoptr (GPtrArray) all =
      own != NULL && may_try (station) ? load_known (station, own, NULL) : NULL;

  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Known *known = all->pdata[i];
    if (known->records->len > 0 && !g_str_equal (known->operator_id, own))
      return TRUE;
  }
  return FALSE;
}

/* ---- whose it is ---- */

static int compare (const TamboFingerprint *finger, GPtrArray *records) {
  int best = 0;

  for (guint i = 0; i < records->len; i++) {
    g_autoptr (TamboFingerprint) known = tambo_fingerprint_from_record (records->pdata[i], NULL);
    if (known != NULL)
      best = MAX (best, tambo_fingerprint_compare (finger, known));
  }
  return best;
}

/* NULL when it is nobody's. The more are asked for, the surer it has to be. */
static const char *find_whose (GPtrArray *all, const TamboFingerprint *finger) {
  const char *whose = NULL;
  guint n_records = 0;
  int best = 0;

  for (guint i = 0; i < all->len; i++) {
    const Known *known = all->pdata[i];
    int score = compare (finger, known->records);
    n_records += known->records->len;
    if (score > best) {
      best = score;
      whose = known->operator_id;
    }
  }
  return tambo_match_false_match_rate (best) <= FALSE_MATCH_RATE / MAX (n_records, 1) ? whose
                                                                                      : NULL;
}

static void set_refused (TamboStation *station, const char *whose, const char *own,
                         GError **error) {
  g_mutex_lock (&station->operator_lock);
  station->second_finger_failures++;
  g_mutex_unlock (&station->operator_lock);
  if (!tambo_audit_append (tambo_station_get_store (station), own, "operator.second-refused", whose,
                           NULL, error))
    return;
  if (whose != NULL)
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
                         "the second person has to be somebody else");
  else
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD,
                         "the finger is of nobody who may be the second person");
}

gboolean tambo_second_finger_bring (TamboStation *station, const TamboImage *image,
                                    GError **error) {
  g_autofree char *own = tambo_station_dup_operator (station);

  if (own == NULL || !may_try (station)) {
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN,
                         "the second person has to come with a password");
    return FALSE;
  }
  /* A picture that shows no finger is no try. */
  g_autoptr (TamboFingerprint) finger = tambo_fingerprint_from_image (image, error);
  g_autoptr (GPtrArray) all = finger != NULL ? load_known (station, own, error) : NULL;
  if (all == NULL)
    return FALSE;
  const char *whose = find_whose (all, finger);
  if (whose == NULL || g_str_equal (whose, own)) {
    set_refused (station, whose, own, error);
    return FALSE;
  }
  if (!tambo_audit_append (tambo_station_get_store (station), whose, "operator.second-by-finger",
                           own, NULL, error))
    return FALSE;
  tambo_station_set_second (station, whose);
  return TRUE;
}
