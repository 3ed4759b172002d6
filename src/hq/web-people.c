/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-people.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/error.h"

#define LOG2_N 17 /* 128 MiB for each */
#define SALT_SIZE 16
#define KEY_SIZE 32
#define KEPT_SIZE (1 + SALT_SIZE + KEY_SIZE)
#define MIN_PASSWORD 12
#define MAX_PASSWORD 1024
#define MAX_WAITING 8

static const struct {
  TamboPersonRole role;
  const char *name;
} roles[] = {
  { TAMBO_PERSON_VIEWER, "viewer" },
  { TAMBO_PERSON_SUPERVISOR, "supervisor" },
};

/* One password at a time: each takes much memory, on purpose. */
static GMutex scrypt_lock;
static gint n_waiting;

const char *tambo_person_role_to_string (TamboPersonRole role) {
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (roles[i].role == role)
      return roles[i].name;
  return "nobody";
}

gboolean tambo_person_role_from_string (const char *text, TamboPersonRole *out_role) {
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_strcmp0 (roles[i].name, text) == 0) {
      *out_role = roles[i].role;
      return TRUE;
    }
  return FALSE;
}

static gboolean refuse (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

static gboolean is_name (const char *name) {
  gsize length = strlen (name);

  return length >= 1 && length <= 32
         && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static gboolean check_new_password (GBytes *password, GError **error) {
  gsize size = g_bytes_get_size (password);

  if (size < MIN_PASSWORD || size > MAX_PASSWORD)
    return refuse (error, TAMBO_HQ_ERROR_INVALID, "a password has 12 to 1,024 characters");
  return TRUE;
}

static GBytes *derive (GBytes *password, const guint8 *kept, GError **error) {
  g_autoptr (GBytes) salt = g_bytes_new (kept + 1, SALT_SIZE);
  GBytes *key;

  g_mutex_lock (&scrypt_lock);
  key = tambo_scrypt (password, salt, kept[0], error);
  g_mutex_unlock (&scrypt_lock);
  return key;
}

static GBytes *make_kept (GBytes *password, GError **error) {
  guint8 kept[KEPT_SIZE] = { LOG2_N };
  g_autoptr (GBytes) key = NULL;

  tambo_random (kept + 1, SALT_SIZE);
  key = derive (password, kept, error);
  if (key == NULL)
    return NULL;
  memcpy (kept + 1 + SALT_SIZE, g_bytes_get_data (key, NULL), KEY_SIZE);
  return g_bytes_new (kept, sizeof kept);
}

gboolean tambo_people_add (TamboHq *hq, const char *name, TamboPersonRole role, GBytes *password,
                           GError **error) {
  g_autoptr (GBytes) kept = NULL;
  g_autofree char *now = tambo_clock_now ();

  if (!is_name (name))
    return refuse (error, TAMBO_HQ_ERROR_INVALID,
                   "a sign-in name has 1 to 32 small letters, digits, '.', '_' or '-'");
  if (!check_new_password (password, error) || (kept = make_kept (password, error)) == NULL
      || !tambo_database_run (hq->database, error,
                              "INSERT INTO people (name, role, state, password, changed_at)"
                              " VALUES (?, ?, 'active', ?, ?) ON CONFLICT DO NOTHING",
                              "ssbs", name, tambo_person_role_to_string (role), kept, now))
    return FALSE;
  return tambo_database_changes (hq->database) == 1
         || refuse (error, TAMBO_HQ_ERROR_EXISTS, "there is a person of that name already");
}

static gboolean found_one (TamboHq *hq, GError **error) {
  return tambo_database_changes (hq->database) == 1
         || refuse (error, TAMBO_HQ_ERROR_NOT_FOUND, "there is no person of that name");
}

gboolean tambo_people_set_password (TamboHq *hq, const char *name, GBytes *password,
                                    GError **error) {
  g_autoptr (GBytes) kept = NULL;
  g_autofree char *now = tambo_clock_now ();

  return check_new_password (password, error) && (kept = make_kept (password, error)) != NULL
         && tambo_database_run (hq->database, error,
                                "UPDATE people SET password = ?, state = 'active', changed_at = ?"
                                " WHERE name = ?",
                                "bss", kept, now, name)
         && found_one (hq, error);
}

gboolean tambo_people_disable (TamboHq *hq, const char *name, GError **error) {
  g_autofree char *now = tambo_clock_now ();

  return tambo_database_run (hq->database, error,
                             "UPDATE people SET state = 'disabled', changed_at = ? WHERE name = ?",
                             "ss", now, name)
         && found_one (hq, error);
}

/* What is kept of NAME; OUT_ROLE is NOBODY and OUT_KEPT NULL when there is nothing that counts. */
static gboolean look_up (TamboHq *hq, const char *name, TamboPersonRole *out_role,
                         GBytes **out_kept, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error, "SELECT role, password FROM people WHERE name = ? AND state = 'active'",
      "s", name);

  *out_role = TAMBO_PERSON_NOBODY;
  if (query == NULL)
    return FALSE;
  if (tambo_query_next (query, &cause)
      && tambo_person_role_from_string (tambo_query_text (query, 0), out_role))
    *out_kept = tambo_query_dup_blob (query, 1);
  return tambo_error_pass (&cause, error);
}

gboolean tambo_people_get_role (TamboHq *hq, const char *name, TamboPersonRole *out_role,
                                GError **error) {
  g_autoptr (GBytes) kept = NULL;

  return look_up (hq, name, out_role, &kept, error);
}

/* For nobody's name there is a kept password that no password fits. */
static gboolean fits (GBytes *kept, GBytes *password, gboolean *out_fits, GError **error) {
  static const guint8 nobody[KEPT_SIZE] = { LOG2_N };
  gboolean is_somebody = kept != NULL && g_bytes_get_size (kept) == KEPT_SIZE;
  const guint8 *data = is_somebody ? g_bytes_get_data (kept, NULL) : nobody;
  g_autoptr (GBytes) wanted = g_bytes_new (data + 1 + SALT_SIZE, KEY_SIZE);
  g_autoptr (GBytes) key = derive (password, data, error);

  if (key == NULL)
    return FALSE;
  *out_fits = tambo_bytes_equal_secret (key, wanted) && is_somebody;
  return TRUE;
}

gboolean tambo_people_check (TamboHq *hq, const char *name, GBytes *password,
                             TamboPersonRole *out_role, GError **error) {
  g_autoptr (GBytes) kept = NULL;
  TamboPersonRole role;
  gboolean is_right = FALSE, is_done;

  if (g_bytes_get_size (password) > MAX_PASSWORD) {
    *out_role = TAMBO_PERSON_NOBODY;
    return TRUE;
  }
  if (!look_up (hq, name, &role, &kept, error))
    return FALSE;
  if (g_atomic_int_add (&n_waiting, 1) >= MAX_WAITING) {
    g_atomic_int_add (&n_waiting, -1);
    return refuse (error, TAMBO_HQ_ERROR_UNAVAILABLE, "too many sign in at once");
  }
  is_done = fits (kept, password, &is_right, error);
  g_atomic_int_add (&n_waiting, -1);
  if (is_done)
    *out_role = is_right ? role : TAMBO_PERSON_NOBODY;
  return is_done;
}
