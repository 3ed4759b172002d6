/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/gallery.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "hq/key-folder.h"

#define KEY_FILE "gallery.key"
#define LIMIT_SETTING "gallery_limit"
#define LIMIT 500000 /* cases; about 5.5 KB of memory each, of two fingers */
#define PAGE 2000

struct _TamboGallery {
  GMutex lock;
  GBytes *key; /* a secret */
  TamboMatchSearch *search;
  GPtrArray *cases;     /* char *, by subject; NULL for what was replaced */
  GHashTable *subjects; /* case id, borrowed from CASES, to subject + 1 */
  gint64 last;          /* number of the last row that was read */
  gboolean has_rung;    /* a row that cannot be opened rings once */
};

/* A row on its way into memory. */
typedef struct {
  char *case_id;
  GBytes *sealed;
  gboolean is_broken;
} Row;

static void row_free (Row *row) {
  g_free (row->case_id);
  g_clear_pointer (&row->sealed, g_bytes_unref);
  g_free (row);
}

void tambo_gallery_candidate_free (TamboGalleryCandidate *candidate) {
  g_free (candidate->case_id);
  g_free (candidate);
}

void tambo_gallery_free (TamboGallery *gallery) {
  if (gallery == NULL)
    return;
  g_clear_pointer (&gallery->key, g_bytes_unref);
  g_clear_pointer (&gallery->search, tambo_match_search_free);
  g_clear_pointer (&gallery->subjects, g_hash_table_unref);
  g_clear_pointer (&gallery->cases, g_ptr_array_unref);
  g_mutex_clear (&gallery->lock);
  g_free (gallery);
}

/* ---- the key ---- */

/* Made under the lock of the database, so that two processes do not make two. Where there are rows already,
 * a key that is missing is not made anew: it was lost, or this is not the user who decides. */
static GBytes *make_key (TamboHq *hq, const char *path, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autoptr (GBytes) key = NULL;
  gint64 rows;

  if (work == NULL
      || !tambo_database_get_int (hq->database, 0, &rows, error, "SELECT count(*) FROM gallery",
                                  ""))
    return NULL;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return tambo_file_read (path, TAMBO_AES256_KEY_SIZE, error);
  if (rows > 0) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED,
                 "the key of the gallery, %s, is missing", path);
    return NULL;
  }
  key = tambo_random_bytes (TAMBO_AES256_KEY_SIZE);
  return tambo_file_write_durable (path, key, 0600, error) ? g_steal_pointer (&key) : NULL;
}

static GBytes *load_key (TamboHq *hq, GError **error) {
  g_autofree char *path = tambo_key_folder_dup_decider_path (hq->folder, KEY_FILE);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) key = tambo_file_read (path, TAMBO_AES256_KEY_SIZE, &cause);
  GBytes *secret;

  if (g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND))
    key = make_key (hq, path, error);
  else if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  if (key == NULL)
    return NULL;
  if (g_bytes_get_size (key) != TAMBO_AES256_KEY_SIZE) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED, "%s is no key", path);
    return NULL;
  }
  secret = tambo_secret_new (g_bytes_get_data (key, NULL), TAMBO_AES256_KEY_SIZE);
  tambo_secret_wipe ((gpointer) g_bytes_get_data (key, NULL), TAMBO_AES256_KEY_SIZE);
  return secret;
}

static TamboGallery *get_gallery (TamboHq *hq, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hq->signer_lock);
  TamboGallery *gallery;
  GBytes *key;

  if (hq->gallery != NULL)
    return hq->gallery;
  key = load_key (hq, error);
  if (key == NULL)
    return NULL;
  gallery = g_new0 (TamboGallery, 1);
  gallery->key = key;
  g_mutex_init (&gallery->lock);
  gallery->search = tambo_match_search_new (TAMBO_SEARCH_FINGERS_MAX);
  gallery->cases = g_ptr_array_new_with_free_func (g_free);
  gallery->subjects = g_hash_table_new (g_str_hash, g_str_equal);
  hq->gallery = gallery;
  return gallery;
}

/* ---- rows ---- */

/* A row that was moved to another case does not open. */
static GBytes *binding (const char *case_id) {
  return g_bytes_new_static (case_id, strlen (case_id));
}

gboolean tambo_gallery_save (TamboHq *hq, const char *case_id, const TamboFingerSet *set,
                             GError **error) {
  TamboGallery *gallery = set->count > 0 ? get_gallery (hq, error) : NULL;
  g_autoptr (GBytes) about = binding (case_id);
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GBytes) sealed = NULL;
  gint64 last;

  if (set->count == 0)
    return TRUE;
  if (gallery == NULL)
    return FALSE;
  /* Always a higher number: who has read so far reads it next. */
  if (!tambo_database_get_int (hq->database, 0, &last, error, "SELECT max(number) FROM gallery",
                               ""))
    return FALSE;
  plain = tambo_finger_set_encode (set);
  sealed = tambo_aead_seal (gallery->key, about, plain);
  return tambo_database_run (hq->database, error, "DELETE FROM gallery WHERE case_id = ?", "s",
                             case_id)
         && tambo_database_run (hq->database, error,
                                "INSERT INTO gallery (number, case_id, sealed) VALUES (?, ?, ?)",
                                "isb", last + 1, case_id, sealed);
}

/* At most a page; OUT_LAST moves on. */
static GPtrArray *read_rows (TamboHq *hq, gint64 *last, GError **error) {
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, error,
                            "SELECT number, case_id, sealed FROM gallery WHERE number > ?"
                            " ORDER BY number LIMIT ?",
                            "ii", *last, (gint64) PAGE);

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause)) {
    Row *row = g_new0 (Row, 1);

    *last = tambo_query_int (query, 0);
    row->case_id = tambo_query_dup_text (query, 1);
    row->sealed = tambo_query_dup_blob (query, 2);
    g_ptr_array_add (rows, row);
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&rows);
}

typedef struct {
  TamboGallery *gallery;
  GPtrArray *rows;
} Page;

/* On several threads at once. */
static void open_row (guint index, TamboMinutiaeRecord **out_fingers, gpointer data) {
  Page *page = data;
  Row *row = page->rows->pdata[index];
  g_autoptr (GBytes) about = binding (row->case_id);
  g_autoptr (GBytes) plain = tambo_aead_open (page->gallery->key, about, row->sealed, NULL);
  g_autoptr (TamboFingerSet) set = plain != NULL ? tambo_finger_set_parse (plain, NULL) : NULL;

  row->is_broken = set == NULL;
  for (guint i = 0; i < TAMBO_SEARCH_FINGERS_MAX; i++)
    out_fingers[i] = set != NULL ? g_steal_pointer (&set->records[i]) : NULL;
}

static void forget (TamboGallery *gallery, const char *case_id) {
  guint subject = GPOINTER_TO_UINT (g_hash_table_lookup (gallery->subjects, case_id));

  if (subject == 0)
    return;
  g_hash_table_remove (gallery->subjects, case_id);
  tambo_match_search_remove (gallery->search, subject - 1);
  g_clear_pointer (&gallery->cases->pdata[subject - 1], g_free);
}

static guint add_page (TamboGallery *gallery, GPtrArray *rows) {
  Page page = { gallery, rows };
  guint broken = 0;
  guint first;

  for (guint i = 0; i < rows->len; i++)
    forget (gallery, ((Row *) rows->pdata[i])->case_id);
  first = tambo_match_search_add_many (gallery->search, rows->len, 0, open_row, &page);
  g_assert (first == gallery->cases->len);
  for (guint i = 0; i < rows->len; i++) {
    Row *row = rows->pdata[i];

    broken += row->is_broken;
    g_ptr_array_add (gallery->cases, row->case_id);
    g_hash_table_insert (gallery->subjects, row->case_id, GUINT_TO_POINTER (first + i + 1));
    row->case_id = NULL;
  }
  return broken;
}

static gboolean ring (TamboHq *hq, TamboGallery *gallery, guint broken, GError **error) {
  if (broken == 0 || gallery->has_rung)
    return TRUE;
  gallery->has_rung = TRUE;
  return tambo_hq_raise (hq, NULL, "gallery", error,
                         "the fingers of %u cases cannot be opened and are not searched", broken);
}

static gboolean check_limit (TamboHq *hq, GError **error) {
  gint64 rows, limit;

  if (!tambo_database_get_int (hq->database, LIMIT, &limit, error,
                               "SELECT CAST(value AS INTEGER) FROM settings"
                               " WHERE name = '" LIMIT_SETTING "'",
                               "")
      || !tambo_database_get_int (hq->database, 0, &rows, error, "SELECT count(*) FROM gallery",
                                  ""))
    return FALSE;
  if (rows <= limit)
    return TRUE;
  g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
               "the gallery has more than %" G_GINT64_FORMAT " cases", limit);
  return FALSE;
}

/* What was added since the last time, by whomever. */
static gboolean refresh (TamboHq *hq, TamboGallery *gallery, GError **error) {
  guint broken = 0;

  for (;;) {
    g_autoptr (GPtrArray) rows = read_rows (hq, &gallery->last, error);

    if (rows == NULL)
      return FALSE;
    if (rows->len > 0)
      broken += add_page (gallery, rows);
    if (rows->len < PAGE)
      return ring (hq, gallery, broken, error);
  }
}

GPtrArray *tambo_gallery_search (TamboHq *hq, const TamboFingerSet *set, const char *case_id,
                                 guint count, GError **error) {
  TamboGallery *gallery = get_gallery (hq, error);
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_gallery_candidate_free);
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GArray) ranked = NULL;

  if (gallery == NULL || !check_limit (hq, error))
    return NULL;
  locker = g_mutex_locker_new (&gallery->lock);
  if (!refresh (hq, gallery, error))
    return NULL;
  /* One more: the case itself may be among them. */
  ranked =
      tambo_match_search_run (gallery->search, (const TamboMinutiaeRecord *const *) set->records,
                              count + 1, 0, NULL, error);
  if (ranked == NULL)
    return NULL;
  for (guint i = 0; i < ranked->len && found->len < count; i++) {
    const TamboMatchCandidate *match = &g_array_index (ranked, TamboMatchCandidate, i);
    const char *other = gallery->cases->pdata[match->subject];
    TamboGalleryCandidate *candidate;

    if (match->evidence < TAMBO_FUSION_THRESHOLD || other == NULL || strcmp (other, case_id) == 0)
      continue;
    candidate = g_new0 (TamboGalleryCandidate, 1);
    candidate->case_id = g_strdup (other);
    candidate->evidence = match->evidence;
    g_ptr_array_add (found, candidate);
  }
  return g_steal_pointer (&found);
}
