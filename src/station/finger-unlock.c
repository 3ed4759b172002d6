/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/finger-unlock.h"

#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "biometric/fingerprint-compare.h"
#include "biometric/minutiae.h"
#include "station/key-keeper.h"
#include "station/station-private.h"

#define FALSE_MATCH_RATE 0.0001
#define MIN_MINUTIAE 12
#define PLACE "finger-unlock"

/* What lies here opens nothing without the key that the keeper has. */
struct _TamboFingerUnlock {
  char *operator_id;
  char *day;    /* of the sign-in, by the wall clock */
  gint64 until; /* midnight of that day, by the uptime, which nobody sets */
  guint attempts_left;
  GBytes *sealed; /* the keys, then the templates */
  TamboKeyKeeper *keeper;
};

void tambo_finger_unlock_free (TamboFingerUnlock *unlock) {
  if (unlock == NULL)
    return;
  g_free (unlock->operator_id);
  g_free (unlock->day);
  g_clear_pointer (&unlock->sealed, g_bytes_unref);
  tambo_key_keeper_free (unlock->keeper);
  g_free (unlock);
}

/* ---- the time ---- */

static gint64 uptime (void) {
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec;
}

static char *dup_today (guint *out_seconds_left) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  *out_seconds_left =
      24 * 3600
      - (guint) (g_date_time_get_hour (now) * 3600 + g_date_time_get_minute (now) * 60
                 + g_date_time_get_second (now));
  return g_date_time_format (now, "%F");
}

static gboolean is_still_today (const TamboFingerUnlock *unlock) {
  guint seconds_left;
  g_autofree char *today = dup_today (&seconds_left);

  return uptime () < unlock->until && g_str_equal (today, unlock->day);
}

/* ---- what is kept ---- */

static void put_bytes (GByteArray *array, GBytes *bytes) {
  tambo_put_u32 (array, (guint32) g_bytes_get_size (bytes));
  tambo_put_bytes (array, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static GBytes *take_bytes (TamboReader *reader) {
  const guint8 *data;
  guint32 size;

  return tambo_reader_u32 (reader, &size) && tambo_reader_take (reader, size, &data)
             ? tambo_secret_new (data, size)
             : NULL;
}

static gsize parcel_size (GBytes *keys, GPtrArray *records) {
  gsize size = sizeof (guint32) + g_bytes_get_size (keys);

  for (guint i = 0; i < records->len; i++)
    size += sizeof (guint32) + g_bytes_get_size (records->pdata[i]);
  return size;
}

static GBytes *seal (GBytes *key, GBytes *keys, GPtrArray *records) {
  /* Large enough from the start: one that grows leaves copies behind. */
  g_autoptr (GByteArray) parcel = g_byte_array_sized_new ((guint) parcel_size (keys, records));
  g_autoptr (GBytes) place = g_bytes_new_static (PLACE, strlen (PLACE));
  g_autoptr (GBytes) plaintext = NULL;

  put_bytes (parcel, keys);
  for (guint i = 0; i < records->len; i++)
    put_bytes (parcel, records->pdata[i]);
  plaintext = tambo_secret_new (parcel->data, parcel->len);
  tambo_secret_wipe (parcel->data, parcel->len);
  return tambo_aead_seal (key, place, plaintext);
}

static TamboFingerUnlock *unlock_new (TamboStation *station, const char *id, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (GPtrArray) records = tambo_operators_load_fingers (store, id, error);
  g_autoptr (GBytes) keys =
      records != NULL && records->len > 0 ? tambo_operators_dup_keys (store, error) : NULL;
  g_autoptr (GBytes) random = NULL, key = NULL;
  guint seconds_left;

  if (keys == NULL)
    return NULL;
  random = tambo_random_bytes (TAMBO_KEY_KEEPER_SIZE);
  key = tambo_secret_new (g_bytes_get_data (random, NULL), TAMBO_KEY_KEEPER_SIZE);
  tambo_secret_wipe ((gpointer) g_bytes_get_data (random, NULL), TAMBO_KEY_KEEPER_SIZE);

  TamboFingerUnlock *unlock = g_new0 (TamboFingerUnlock, 1);
  unlock->operator_id = g_strdup (id);
  unlock->day = dup_today (&seconds_left);
  unlock->until = uptime () + seconds_left;
  unlock->attempts_left = TAMBO_FINGER_UNLOCK_ATTEMPTS;
  unlock->sealed = seal (key, keys, records);
  unlock->keeper = tambo_key_keeper_new (key, seconds_left, TAMBO_FINGER_UNLOCK_ATTEMPTS);
  return unlock;
}

void tambo_finger_unlock_prepare (TamboStation *station, const char *id) {
  g_autoptr (GError) error = NULL;
  TamboFingerUnlock *unlock = unlock_new (station, id, &error);

  if (error != NULL)
    g_info ("unlocking by finger is not possible: %s", error->message);
  g_mutex_lock (&station->operator_lock);
  g_clear_pointer (&station->finger_unlock, tambo_finger_unlock_free);
  station->finger_unlock = unlock;
  g_mutex_unlock (&station->operator_lock);
}

/* ---- enrolling ---- */

gboolean tambo_finger_unlock_enrol (TamboStation *station, TamboFinger finger,
                                    const TamboImage *image, GError **error) {
  g_autofree char *id = tambo_station_permit (station, TAMBO_OPERATION_OWN_FINGER, error);
  g_autoptr (TamboMinutiaeRecord) record = id != NULL ? tambo_minutiae_extract (image) : NULL;

  if (id == NULL)
    return FALSE;
  const TamboMinutiaeView *view =
      record != NULL && record->views->len > 0 ? g_ptr_array_index (record->views, 0) : NULL;
  if (view == NULL || view->minutiae->len < MIN_MINUTIAE) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "the picture has fewer than %d minutiae", MIN_MINUTIAE);
    return FALSE;
  }
  g_autoptr (GBytes) template = tambo_minutiae_record_encode (record);
  return tambo_operators_set_finger (tambo_station_get_store (station), id,
                                     tambo_finger_to_string (finger), template, id, error);
}

/* ---- unlocking ---- */

void tambo_finger_unlock_lock (TamboStation *station) {
  tambo_store_lock (tambo_station_get_store (station));
  tambo_station_leave (station);
}

char *tambo_finger_unlock_dup_operator (TamboStation *station) {
  g_mutex_lock (&station->operator_lock);
  const TamboFingerUnlock *unlock = station->finger_unlock;
  gboolean may = unlock != NULL && unlock->keeper != NULL && unlock->attempts_left > 0
                 && station->operator_id == NULL && is_still_today (unlock);
  char *id = may ? g_strdup (unlock->operator_id) : NULL;
  g_mutex_unlock (&station->operator_lock);
  return id;
}

/* Taken out, so that no other thread tries at the same time; NULL when a password is wanted. */
static TamboFingerUnlock *take_unlock (TamboStation *station, GError **error) {
  g_autofree char *id = tambo_finger_unlock_dup_operator (station);
  TamboFingerUnlock *unlock = NULL;

  g_mutex_lock (&station->operator_lock);
  if (id != NULL)
    unlock = g_steal_pointer (&station->finger_unlock);
  else
    g_clear_pointer (&station->finger_unlock, tambo_finger_unlock_free);
  g_mutex_unlock (&station->operator_lock);
  if (unlock == NULL)
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN,
                         "the station wants a password");
  return unlock;
}

static GBytes *open_parcel (const TamboFingerUnlock *unlock) {
  g_autoptr (GBytes) key = tambo_key_keeper_ask (unlock->keeper);
  g_autoptr (GBytes) place = g_bytes_new_static (PLACE, strlen (PLACE));

  return key != NULL ? tambo_aead_open (key, place, unlock->sealed, NULL) : NULL;
}

/* The best score of the finger and each template that is left in READER. */
static int compare (const TamboFingerprint *finger, TamboReader *reader) {
  int best = 0;

  while (tambo_reader_left (reader) > 0) {
    g_autoptr (GBytes) record = take_bytes (reader);
    g_autoptr (TamboFingerprint) known =
        record != NULL ? tambo_fingerprint_from_record (record, NULL) : NULL;

    if (record == NULL)
      break;
    if (known != NULL)
      best = MAX (best, tambo_fingerprint_compare (finger, known));
  }
  return best;
}

/* The keys, when the finger is the operator's. */
static GBytes *match (const TamboFingerUnlock *unlock, const TamboFingerprint *finger,
                      GError **error) {
  g_autoptr (GBytes) parcel = open_parcel (unlock);

  if (parcel == NULL) {
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN,
                         "the station wants a password");
    return NULL;
  }
  TamboReader reader = tambo_reader_for_bytes (parcel);
  g_autoptr (GBytes) keys = take_bytes (&reader);
  int score = compare (finger, &reader);
  if (keys != NULL && tambo_match_false_match_rate (score) <= FALSE_MATCH_RATE)
    return g_steal_pointer (&keys);
  g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD,
                       "the finger is not the operator's");
  return NULL;
}

gboolean tambo_finger_unlock_try (TamboStation *station, const TamboImage *image, GError **error) {
  /* A picture that shows no finger is no try. */
  g_autoptr (TamboFingerprint) finger = tambo_fingerprint_from_image (image, error);
  TamboFingerUnlock *unlock = finger != NULL ? take_unlock (station, error) : NULL;
  g_autoptr (TamboOperatorRow) row = NULL;

  if (unlock == NULL)
    return FALSE;
  unlock->attempts_left--;
  g_autoptr (GBytes) keys = match (unlock, finger, error);
  if (keys != NULL)
    row = tambo_operators_reopen (tambo_station_get_store (station), unlock->operator_id, keys,
                                  error);
  if (row != NULL) {
    tambo_station_sit_down (station, row->id);
    tambo_finger_unlock_prepare (station, row->id);
    tambo_finger_unlock_free (unlock);
    return TRUE;
  }
  g_mutex_lock (&station->operator_lock);
  g_clear_pointer (&station->finger_unlock, tambo_finger_unlock_free);
  station->finger_unlock = unlock;
  g_mutex_unlock (&station->operator_lock);
  return FALSE;
}
