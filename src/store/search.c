/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/search-private.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/mrz.h"
#include "store/cases-private.h"
#include "store/db.h"

#define TOKEN_SIZE 8
#define MAX_WORDS 8 /* of a question */
#define MAX_ROWS 200
#define BLANKS " \t\n\r,;"

/* ---- words ---- */

static void append_folded (GString *folded, gunichar letter) {
  char text[8] = { 0 };

  g_unichar_to_utf8 (letter, text);
  g_autofree char *form = tambo_mrz_transliterate (text);
  if (*form != '\0' && *form != '<') {
    g_autofree char *lower = g_ascii_strdown (form, -1);
    g_string_append (folded, lower);
  } else if (g_unichar_isalnum (letter)) {
    /* A script that Doc 9303 does not transliterate, or a digit. */
    g_string_append_unichar (folded, g_unichar_tolower (letter));
  }
}

/* ä is written ae, a and aa; the others likewise, and double letters come and go. */
static char *collapse (const char *folded) {
  GString *text = g_string_sized_new (strlen (folded));

  for (const char *c = folded; *c != '\0'; c++) {
    char last = text->len > 0 ? text->str[text->len - 1] : '\0';

    if (g_ascii_isalpha (*c) && (last == *c || (*c == 'e' && last != '\0' && strchr ("aou", last))))
      continue;
    g_string_append_c (text, *c);
  }
  return g_string_free (text, FALSE);
}

char *tambo_search_fold (const char *text) {
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autoptr (GString) folded = g_string_new (NULL);

  for (const char *p = normal; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    append_folded (folded, g_utf8_get_char (p));
  /* A number is what it is. */
  char *collapsed =
      strpbrk (folded->str, "0123456789") != NULL ? g_strdup (folded->str) : collapse (folded->str);
  tambo_secret_wipe (folded->str, folded->len);
  tambo_secret_string_free (g_steal_pointer (&normal));
  return collapsed;
}

char *tambo_search_fold_date (const char *text) {
  unsigned first, second, third;
  char separator[2];
  int end = 0;

  if (sscanf (text, "%4u%1[-./]%2u%*1[-./]%4u%n", &first, separator, &second, &third, &end) != 4
      || text[end] != '\0')
    return NULL;
  if (first > 999 && third <= 31)
    return g_strdup_printf ("%04u-%02u-%02u", first, second, third);
  if (first <= 31 && third > 999)
    return g_strdup_printf ("%04u-%02u-%02u", third, second, first);
  return NULL;
}

/* ---- tokens ---- */

static GBytes *search_key (TamboStore *store, GError **error) {
  g_autoptr (GBytes) data_key = tambo_db_ref_data_key (store, error);
  g_autoptr (GBytes) info = g_bytes_new_static ("tambo search", 12);

  return data_key != NULL ? tambo_hkdf_expand (data_key, info, TAMBO_AES256_KEY_SIZE) : NULL;
}

static GBytes *make_token (GBytes *key, char kind, const char *folded) {
  g_autofree char *text = g_strdup_printf ("%c:%s", kind, folded);
  g_autoptr (GBytes) mac = tambo_hmac_sha256 (key, text, strlen (text));

  tambo_secret_wipe (text, strlen (text));
  return g_bytes_new_from_bytes (mac, 0, TOKEN_SIZE);
}

static void add_token (GPtrArray *tokens, GBytes *key, char kind, const char *folded) {
  g_autoptr (GBytes) token = NULL;

  if (folded == NULL || *folded == '\0')
    return;
  token = make_token (key, kind, folded);
  for (guint i = 0; i < tokens->len; i++)
    if (g_bytes_equal (tokens->pdata[i], token))
      return;
  g_ptr_array_add (tokens, g_steal_pointer (&token));
}

/* A name's parts, and the parts of a part: García-Márquez is found by each and by both. */
static void add_names (GPtrArray *tokens, GBytes *key, const char *names) {
  g_auto (GStrv) words = g_strsplit_set (names != NULL ? names : "", BLANKS, -1);

  for (char **word = words; *word != NULL; word++) {
    g_auto (GStrv) parts = g_strsplit_set (*word, "-'", -1);
    g_autofree char *whole = tambo_search_fold (*word);

    add_token (tokens, key, 'w', whole);
    for (char **part = parts; *part != NULL; part++) {
      g_autofree char *folded = tambo_search_fold (*part);

      add_token (tokens, key, 'w', folded);
    }
  }
}

/* Numbers are found with and without their blanks and dashes. */
static void add_number (GPtrArray *tokens, GBytes *key, const char *number) {
  g_autofree char *folded = number != NULL ? tambo_search_fold (number) : NULL;

  add_token (tokens, key, 'w', folded);
}

static gint compare_tokens (gconstpointer a, gconstpointer b) {
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

/* Sorted, so that their order says nothing of what they stand for. */
static GPtrArray *tokens_of (const TamboEnrolment *enrolment, GBytes *key) {
  const TamboApplicant *applicant = enrolment->applicant;
  GPtrArray *tokens = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  add_names (tokens, key, applicant->surname);
  add_names (tokens, key, applicant->given_names);
  for (char **name = applicant->other_names; name != NULL && *name != NULL; name++)
    add_names (tokens, key, *name);
  add_number (tokens, key, applicant->document_number);
  add_number (tokens, key, applicant->personal_number);
  add_token (tokens, key, 'd', applicant->birth_date);
  g_ptr_array_sort (tokens, compare_tokens);
  return tokens;
}

static GBytes *join_tokens (GPtrArray *tokens) {
  GByteArray *joined = g_byte_array_new ();

  for (guint i = 0; i < tokens->len; i++)
    tambo_put_bytes (joined, g_bytes_get_data (tokens->pdata[i], NULL), TOKEN_SIZE);
  return g_byte_array_free_to_bytes (joined);
}

/* ---- the index ---- */

/* What is indexed of the case; empty when nothing is. */
static GBytes *read_tokens (TamboStore *store, const char *id, GError **error) {
  g_autoptr (sqlite3_stmt) row = tambo_db_find (store, "case of that id", error,
                                                "SELECT tokens FROM cases WHERE id = ?", "s", id);

  return row != NULL ? tambo_db_dup_blob (row, 0) : NULL;
}

static gboolean delete_tokens (TamboStore *store, const char *id, GBytes *joined, GError **error) {
  for (gsize at = 0; at + TOKEN_SIZE <= g_bytes_get_size (joined); at += TOKEN_SIZE) {
    g_autoptr (GBytes) token = g_bytes_new_from_bytes (joined, at, TOKEN_SIZE);

    if (!tambo_db_run (store, error,
                       "DELETE FROM search_tokens WHERE token = ?1 AND case_id = ?2"
                       " AND created_at = (SELECT created_at FROM cases WHERE id = ?2)",
                       "bs", token, id))
      return FALSE;
  }
  return TRUE;
}

static gboolean set_tokens (TamboStore *store, const char *id, GBytes *joined, GError **error) {
  return tambo_db_run (store, error, "UPDATE cases SET tokens = ? WHERE id = ?", "bs", joined, id);
}

gboolean tambo_search_index (TamboStore *store, const TamboEnrolment *enrolment, GError **error) {
  g_autoptr (GBytes) key = search_key (store, error);
  g_autoptr (GBytes) before = key != NULL ? read_tokens (store, enrolment->id, error) : NULL;
  g_autoptr (GPtrArray) tokens = NULL;
  g_autoptr (GBytes) joined = NULL;

  if (before == NULL)
    return FALSE;
  tokens = tokens_of (enrolment, key);
  joined = join_tokens (tokens);
  /* Each sample saves its case again, and what it is found by seldom changes. */
  if (g_bytes_get_size (joined) > 0 && g_bytes_equal (before, joined))
    return TRUE;
  if (!delete_tokens (store, enrolment->id, before, error)
      || !set_tokens (store, enrolment->id, joined, error))
    return FALSE;
  for (guint i = 0; i < tokens->len; i++)
    if (!tambo_db_run (store, error,
                       "INSERT INTO search_tokens (token, created_at, case_id)"
                       " SELECT ?, created_at, id FROM cases WHERE id = ?",
                       "bs", tokens->pdata[i], enrolment->id))
      return FALSE;
  return TRUE;
}

gboolean tambo_search_forget (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GBytes) before = read_tokens (store, id, error);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  return before != NULL && delete_tokens (store, id, before, error)
         && set_tokens (store, id, nothing, error);
}

/* A draft of a version that had no index yet; *OUT_ID is NULL when there is none left. */
static gboolean find_older (TamboStore *store, char **out_id, GError **error) {
  g_autoptr (sqlite3_stmt) row = tambo_db_prepare (
      store, error, "SELECT id FROM cases WHERE tokens IS NULL AND sealed IS NOT NULL LIMIT 1", "");
  TamboDbStep step = row != NULL ? tambo_db_step (store, row, error) : TAMBO_DB_FAILED;

  if (step == TAMBO_DB_FAILED)
    return FALSE;
  *out_id = step == TAMBO_DB_ROW ? tambo_db_dup_text (row, 0) : NULL;
  return TRUE;
}

/* One that has rotted, or was closed meanwhile, stands in nobody's way; tambo_store_verify names the rotten. A
 * disk that fails, or a store that is busy, says nothing of the draft: it is not counted as indexed. */
static gboolean index_draft (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GError) reason = NULL;
  g_autoptr (TamboEnrolment) enrolment = tambo_cases_load (store, id, &reason);

  if (enrolment != NULL)
    return tambo_search_index (store, enrolment, error);
  if (!g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)
      && !g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE)) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  return tambo_db_run (store, error,
                       "UPDATE cases SET tokens = x'' WHERE id = ? AND tokens IS NULL", "s", id);
}

static gboolean index_older (TamboStore *store, GError **error) {
  for (;;) {
    g_autofree char *id = NULL;
    g_autoptr (TamboTransaction) transaction = NULL;

    if (!find_older (store, &id, error))
      return FALSE;
    if (id == NULL)
      return TRUE;
    /* Read within the transaction: another process may be saving it. */
    transaction = tambo_transaction_begin (store, error);
    if (transaction == NULL || !index_draft (store, id, error)
        || !tambo_transaction_commit (transaction, error))
      return FALSE;
  }
}

/* ---- questions ---- */

typedef enum {
  WORD_TOKEN, /* of a name or a number */
  WORD_DATE,  /* of birth, or of the case */
  WORD_STATE,
  WORD_TRACKING, /* of one case; whatever else it may be */
} WordKind;

typedef struct {
  WordKind kind;
  GBytes *token;
  char *text, *end; /* a state, a tracking number; a date, and what follows it */
  gint64 n_cases;   /* that have it; MANY or more are all the same */
} Word;

#define MANY 1000

static void word_clear (gpointer data) {
  Word *word = data;

  g_clear_pointer (&word->token, g_bytes_unref);
  g_clear_pointer (&word->text, g_free);
  g_clear_pointer (&word->end, g_free);
}

/* The cases of a word, newest first. TOKEN and STATE are read in the order of their index, so that a LIMIT
 * ends the reading; the others are few. */
static const char *const sources[] = {
  [WORD_TOKEN] = "SELECT case_id, created_at AS at FROM search_tokens WHERE token = ?",
  [WORD_DATE] = "SELECT case_id, created_at AS at FROM search_tokens WHERE token = ?"
                " UNION SELECT id, created_at FROM cases WHERE created_at >= ? AND created_at < ?",
  [WORD_STATE] = "SELECT id AS case_id, created_at AS at FROM cases WHERE state = ?",
  [WORD_TRACKING] = "SELECT id AS case_id, created_at AS at FROM cases WHERE tracking_number = ?"
                    " UNION SELECT case_id, created_at FROM search_tokens WHERE token = ?",
};

#define HAS_TOKEN                                                                                  \
  "EXISTS (SELECT 1 FROM search_tokens t WHERE t.token = ? AND t.created_at = d.at"                \
  " AND t.case_id = d.case_id)"

/* Whether the case d has a word. */
static const char *const filters[] = {
  [WORD_TOKEN] = HAS_TOKEN,
  [WORD_DATE] = "(" HAS_TOKEN " OR (d.at >= ? AND d.at < ?))",
  [WORD_STATE] = "state = ?",
  [WORD_TRACKING] = "(tracking_number = ? OR " HAS_TOKEN ")",
};

static int bind_text (sqlite3_stmt *statement, int index, const char *text) {
  return sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

/* Binds what sources and filters ask for, from NEXT on. */
static void bind_word (sqlite3_stmt *statement, int *next, const Word *word) {
  if (word->kind == WORD_TRACKING || word->kind == WORD_STATE)
    bind_text (statement, (*next)++, word->text);
  if (word->kind != WORD_STATE)
    sqlite3_bind_blob64 (statement, (*next)++, g_bytes_get_data (word->token, NULL), TOKEN_SIZE,
                         SQLITE_STATIC);
  if (word->kind == WORD_DATE) {
    bind_text (statement, (*next)++, word->text);
    bind_text (statement, (*next)++, word->end);
  }
}

/* ---- what a word is ---- */

static gboolean look_for_tracking_number (TamboStore *store, const char *text, gboolean *out_found,
                                          GError **error) {
  g_autoptr (sqlite3_stmt) row =
      tambo_db_prepare (store, error, "SELECT 1 FROM cases WHERE tracking_number = ?", "s", text);
  TamboDbStep step = row != NULL ? tambo_db_step (store, row, error) : TAMBO_DB_FAILED;

  *out_found = step == TAMBO_DB_ROW;
  return step != TAMBO_DB_FAILED;
}

static gboolean read_word (TamboStore *store, GBytes *key, const char *text, Word *word,
                           GError **error) {
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_autofree char *upper = g_ascii_strup (text, -1);
  g_autofree char *date = tambo_search_fold_date (text);
  g_autofree char *folded = tambo_search_fold (text);
  TamboCaseState state;

  if (tambo_case_state_from_string (lower, &state)) {
    word->kind = WORD_STATE;
    word->text = g_steal_pointer (&lower);
  } else if (date != NULL) {
    word->kind = WORD_DATE;
    word->token = make_token (key, 'd', date);
    word->end = g_strconcat (date, "U", NULL);
    word->text = g_steal_pointer (&date);
  } else {
    gboolean is_tracking;

    if (!look_for_tracking_number (store, upper, &is_tracking, error))
      return FALSE;
    word->kind = is_tracking ? WORD_TRACKING : WORD_TOKEN;
    word->token = make_token (key, 'w', folded);
    word->text = g_steal_pointer (&upper);
  }
  return TRUE;
}

static gboolean count_cases (TamboStore *store, Word *word, GError **error) {
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM (SELECT 1 FROM (%s) LIMIT %d)",
                                          sources[word->kind], MANY);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error, sql, "");
  int next = 1;

  if (statement == NULL)
    return FALSE;
  bind_word (statement, &next, word);
  if (tambo_db_step (store, statement, error) != TAMBO_DB_ROW)
    return FALSE;
  word->n_cases = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* The words of TEXT; the one that the fewest cases have is the first. */
static GArray *read_words (TamboStore *store, GBytes *key, const char *text, GError **error) {
  g_auto (GStrv) parts = g_strsplit_set (text, BLANKS, -1);
  g_autoptr (GArray) words = g_array_new (FALSE, TRUE, sizeof (Word));

  g_array_set_clear_func (words, word_clear);
  for (char **part = parts; *part != NULL && words->len < MAX_WORDS; part++) {
    Word word = { 0 };

    if (**part == '\0')
      continue;
    if (!read_word (store, key, *part, &word, error))
      return NULL;
    g_array_append_val (words, word);
  }
  for (guint i = 0; words->len > 1 && i < words->len; i++) {
    Word *first = &g_array_index (words, Word, 0), *word = &g_array_index (words, Word, i);

    if (!count_cases (store, word, error))
      return NULL;
    if (word->n_cases < first->n_cases) {
      Word rarer = *word;

      *word = *first;
      *first = rarer;
    }
  }
  return g_steal_pointer (&words);
}

/* ---- answers ---- */

/* From the newest case of the first word on, each that has the others too. */
static char *dup_sql (GArray *words) {
  GString *sql = g_string_new ("SELECT " TAMBO_CASE_READING " FROM (");

  g_string_append (sql, words->len > 0 ? sources[g_array_index (words, Word, 0).kind]
                                       : "SELECT id AS case_id, created_at AS at FROM cases");
  g_string_append (sql, ") d CROSS JOIN cases ON id = d.case_id");
  for (guint i = 1; i < words->len; i++)
    g_string_append_printf (sql, " %s %s", i == 1 ? "WHERE" : "AND",
                            filters[g_array_index (words, Word, i).kind]);
  g_string_append_printf (sql, " ORDER BY d.at DESC, cases.rowid DESC LIMIT %d", MAX_ROWS);
  return g_string_free (sql, FALSE);
}

static GPtrArray *answer (TamboStore *store, GArray *words, GError **error) {
  g_autofree char *sql = dup_sql (words);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error, sql, "");
  int next = 1;

  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < words->len; i++)
    bind_word (statement, &next, &g_array_index (words, Word, i));
  return tambo_cases_read_rows (store, statement, error);
}

GPtrArray *tambo_cases_search (TamboStore *store, const char *text, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (GBytes) key = search_key (store, error);
  g_autoptr (GArray) words = NULL;

  if (key == NULL || !tambo_db_enlarge_cache (store, error) || !index_older (store, error))
    return NULL;
  words = read_words (store, key, text, error);
  return words != NULL ? answer (store, words, error) : NULL;
}
