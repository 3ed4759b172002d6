/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-session.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/hash.h"

#define COOKIE_SIZE 32
#define MAX_SESSIONS 10000

typedef struct {
  char *person;
  gint64 began, seen;
} Session;

struct _TamboSessions {
  GMutex lock;
  GHashTable *by_hash; /* char * -> Session * */
  GBytes *key;         /* of the tokens */
};

static void session_free (gpointer data) {
  Session *session = data;

  g_free (session->person);
  g_free (session);
}

TamboSessions *tambo_sessions_new (void) {
  TamboSessions *sessions = g_new0 (TamboSessions, 1);

  g_mutex_init (&sessions->lock);
  sessions->by_hash = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, session_free);
  sessions->key = tambo_random_bytes (32);
  return sessions;
}

void tambo_sessions_free (TamboSessions *sessions) {
  if (sessions == NULL)
    return;
  g_hash_table_unref (sessions->by_hash);
  g_bytes_unref (sessions->key);
  g_mutex_clear (&sessions->lock);
  g_free (sessions);
}

static char *hash_cookie (const char *cookie) {
  g_autoptr (GBytes) bytes = g_bytes_new (cookie, strlen (cookie));

  return tambo_sha256_hex (bytes);
}

static gboolean is_over (gpointer key, gpointer value, gpointer data) {
  const Session *session = value;
  gint64 now = *(gint64 *) data;

  return now - session->seen > TAMBO_SESSION_IDLE || now - session->began > TAMBO_SESSION_LONGEST;
}

/* Signing in takes a password, so only somebody of ours can fill the table: the one unseen for longest goes. */
static void make_room (TamboSessions *sessions, gint64 now) {
  GHashTableIter iter;
  gpointer key, value, oldest = NULL;
  gint64 seen = G_MAXINT64;

  g_hash_table_foreach_remove (sessions->by_hash, is_over, &now);
  if (g_hash_table_size (sessions->by_hash) < MAX_SESSIONS)
    return;
  g_hash_table_iter_init (&iter, sessions->by_hash);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (((Session *) value)->seen < seen) {
      seen = ((Session *) value)->seen;
      oldest = key;
    }
  g_hash_table_remove (sessions->by_hash, oldest);
}

char *tambo_sessions_begin (TamboSessions *sessions, const char *person, gint64 now) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&sessions->lock);
  g_autoptr (GBytes) random = tambo_random_bytes (COOKIE_SIZE);
  char *cookie = tambo_hex_encode (g_bytes_get_data (random, NULL), COOKIE_SIZE);
  Session *session = g_new0 (Session, 1);

  session->person = g_strdup (person);
  session->began = session->seen = now;
  make_room (sessions, now);
  g_hash_table_insert (sessions->by_hash, hash_cookie (cookie), session);
  return cookie;
}

char *tambo_sessions_find (TamboSessions *sessions, const char *cookie, gint64 now) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&sessions->lock);
  g_autofree char *hash = cookie != NULL ? hash_cookie (cookie) : NULL;
  Session *session = hash != NULL ? g_hash_table_lookup (sessions->by_hash, hash) : NULL;

  if (session == NULL)
    return NULL;
  if (is_over (NULL, session, &now)) {
    g_hash_table_remove (sessions->by_hash, hash);
    return NULL;
  }
  session->seen = now;
  return g_strdup (session->person);
}

void tambo_sessions_end (TamboSessions *sessions, const char *cookie) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&sessions->lock);
  g_autofree char *hash = hash_cookie (cookie);

  g_hash_table_remove (sessions->by_hash, hash);
}

static GBytes *make_token (TamboSessions *sessions, const char *cookie, const char *action) {
  g_autofree char *text = g_strconcat (cookie, "\n", action, NULL);

  return tambo_hmac_sha256 (sessions->key, text, strlen (text));
}

char *tambo_sessions_dup_token (TamboSessions *sessions, const char *cookie, const char *action) {
  g_autoptr (GBytes) token = make_token (sessions, cookie, action);

  return tambo_hex_encode (g_bytes_get_data (token, NULL), g_bytes_get_size (token));
}

gboolean tambo_sessions_check_token (TamboSessions *sessions, const char *cookie,
                                     const char *action, const char *token) {
  g_autoptr (GBytes) wanted = make_token (sessions, cookie, action);
  g_autoptr (GBytes) given = tambo_hex_decode (token);

  return given != NULL && tambo_bytes_equal_secret (wanted, given);
}
