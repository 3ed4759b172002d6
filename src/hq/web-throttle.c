/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-throttle.h"

#define MAX_KEYS 20000
#define FIRST_WAIT 15 /* seconds; it doubles */
#define LAST_WAIT 900
#define FORGET_AFTER 3600

typedef struct {
  guint tries;
  gint64 last, free_at;
} Entry;

struct _TamboThrottle {
  GMutex lock;
  GHashTable *entries; /* char * -> Entry * */
};

TamboThrottle *tambo_throttle_new (void) {
  TamboThrottle *throttle = g_new0 (TamboThrottle, 1);

  g_mutex_init (&throttle->lock);
  throttle->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return throttle;
}

void tambo_throttle_free (TamboThrottle *throttle) {
  if (throttle == NULL)
    return;
  g_hash_table_unref (throttle->entries);
  g_mutex_clear (&throttle->lock);
  g_free (throttle);
}

static gboolean is_stale (gpointer key, gpointer value, gpointer data) {
  const Entry *entry = value;

  return *(gint64 *) data - entry->last > FORGET_AFTER;
}

/* NULL when the table is full of those that count. */
static Entry *get_entry (TamboThrottle *throttle, const char *key, gint64 now) {
  Entry *entry = g_hash_table_lookup (throttle->entries, key);

  if (entry != NULL && is_stale (NULL, entry, &now))
    *entry = (Entry){ 0 };
  if (entry != NULL)
    return entry;
  if (g_hash_table_size (throttle->entries) >= MAX_KEYS)
    g_hash_table_foreach_remove (throttle->entries, is_stale, &now);
  if (g_hash_table_size (throttle->entries) >= MAX_KEYS)
    return NULL;
  entry = g_new0 (Entry, 1);
  g_hash_table_insert (throttle->entries, g_strdup (key), entry);
  return entry;
}

guint tambo_throttle_try (TamboThrottle *throttle, const char *key, guint n_free, gint64 now) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&throttle->lock);
  Entry *entry = get_entry (throttle, key, now);
  guint over;

  if (entry == NULL)
    return LAST_WAIT;
  if (entry->free_at > now)
    return (guint) (entry->free_at - now);
  entry->tries++;
  entry->last = now;
  if (entry->tries < n_free)
    return 0;
  over = MIN (entry->tries - n_free, 10);
  entry->free_at = now + MIN (FIRST_WAIT << over, LAST_WAIT);
  return 0;
}

void tambo_throttle_forget (TamboThrottle *throttle, const char *key) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&throttle->lock);

  g_hash_table_remove (throttle->entries, key);
}
