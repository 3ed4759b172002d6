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

    if (!tambo_db_run (store, error, "DELETE FROM search_tokens WHERE token = ? AND case_id = ?",
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
    if (!tambo_db_run (store, error, "INSERT INTO search_tokens (token, case_id) VALUES (?, ?)",
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

/* Drafts of a version that had no index yet. */
static gboolean index_older (TamboStore *store, GError **error) {
  for (;;) {
    g_autoptr (sqlite3_stmt) row = tambo_db_prepare (
        store, error, "SELECT id FROM cases WHERE tokens IS NULL AND sealed IS NOT NULL LIMIT 1",
        "");
    TamboDbStep step = row != NULL ? tambo_db_step (store, row, error) : TAMBO_DB_FAILED;
    g_autofree char *id = NULL;
    g_autoptr (TamboEnrolment) enrolment = NULL;
    g_autoptr (TamboTransaction) transaction = NULL;
    g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

    if (step != TAMBO_DB_ROW)
      return step == TAMBO_DB_DONE;
    id = tambo_db_dup_text (row, 0);
    g_clear_pointer (&row, sqlite3_finalize);
    enrolment = tambo_cases_load (store, id, NULL);
    transaction = tambo_transaction_begin (store, error);
    if (transaction == NULL
        /* One that has rotted stands in nobody's way; tambo_store_verify names it. */
        || (enrolment != NULL ? !tambo_search_index (store, enrolment, error)
                              : !set_tokens (store, id, nothing, error))
        || !tambo_transaction_commit (transaction, error))
      return FALSE;
  }
}

/* ---- questions ---- */

typedef struct {
  GString *where;
  GPtrArray *values; /* GBytes for tokens, in the order of the "?" */
  GString *types;
} Question;

static void add_value (Question *question, char type, gconstpointer data, gsize size) {
  g_string_append_c (question->types, type);
  g_ptr_array_add (question->values, g_bytes_new (data, size));
}

static void add_text_value (Question *question, const char *text) {
  add_value (question, 's', text, strlen (text) + 1);
}

/* What WORD may be: a state, a date, a tracking number, or a word of the case. A state alone is read from
 * its index; beside another word, which fewer cases have, that word's is the better one. */
static void add_condition (Question *question, GBytes *key, const char *word, gboolean is_alone) {
  g_autofree char *lower = g_ascii_strdown (word, -1);
  g_autofree char *upper = g_ascii_strup (word, -1);
  g_autofree char *date = tambo_search_fold_date (word);
  g_autofree char *folded = tambo_search_fold (word);
  g_autoptr (GBytes) token = NULL;
  TamboCaseState state;

  g_string_append (question->where, question->where->len > 0 ? " AND " : "");
  if (tambo_case_state_from_string (lower, &state)) {
    g_string_append (question->where, is_alone ? "state = ?" : "+state = ?");
    add_text_value (question, lower);
    return;
  }
  g_string_append (question->where, "id IN (SELECT case_id FROM search_tokens WHERE token = ? ");
  token = date != NULL ? make_token (key, 'd', date) : make_token (key, 'w', folded);
  add_value (question, 'b', g_bytes_get_data (token, NULL), TOKEN_SIZE);
  if (date != NULL) {
    g_autofree char *end = g_strconcat (date, "U", NULL);

    g_string_append (question->where,
                     "UNION SELECT id FROM cases WHERE created_at >= ? AND created_at < ?)");
    add_text_value (question, date);
    add_text_value (question, end);
  } else {
    g_string_append (question->where, "UNION SELECT id FROM cases WHERE tracking_number = ?)");
    add_text_value (question, upper);
  }
}

static int bind_values (sqlite3_stmt *statement, const Question *question) {
  int result = SQLITE_OK;

  for (guint i = 0; result == SQLITE_OK && i < question->values->len; i++) {
    gsize size;
    gconstpointer data = g_bytes_get_data (question->values->pdata[i], &size);

    result = question->types->str[i] == 'b'
                 ? sqlite3_bind_blob64 (statement, (int) i + 1, data, size, SQLITE_TRANSIENT)
                 : sqlite3_bind_text (statement, (int) i + 1, data, -1, SQLITE_TRANSIENT);
  }
  return result;
}

static GPtrArray *run_question (TamboStore *store, const Question *question, GError **error) {
  g_autofree char *sql = g_strdup_printf ("SELECT " TAMBO_CASE_READING " FROM cases WHERE %s"
                                          " ORDER BY created_at DESC, rowid DESC LIMIT %d",
                                          question->where->str, MAX_ROWS);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error, sql, "");
  int result = statement != NULL ? bind_values (statement, question) : SQLITE_OK;

  if (result != SQLITE_OK)
    tambo_db_set_error (store, result, error);
  return statement != NULL && result == SQLITE_OK ? tambo_cases_read_rows (store, statement, error)
                                                  : NULL;
}

GPtrArray *tambo_cases_search (TamboStore *store, const char *text, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (GBytes) key = search_key (store, error);
  g_auto (GStrv) words = g_strsplit_set (text, BLANKS, -1);
  Question question = { g_string_new (NULL),
                        g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref),
                        g_string_new (NULL) };
  GPtrArray *rows = NULL;
  guint n_words = 0, count = 0;

  for (char **word = words; *word != NULL; word++)
    n_words += **word != '\0';

  if (key != NULL && index_older (store, error)) {
    for (char **word = words; *word != NULL && count < MAX_WORDS; word++)
      if (**word != '\0') {
        add_condition (&question, key, *word, n_words == 1);
        count++;
      }
    rows = count > 0 ? run_question (store, &question, error) : tambo_cases_list (store, error);
  }
  g_string_free (question.where, TRUE);
  g_string_free (question.types, TRUE);
  g_ptr_array_unref (question.values);
  return rows;
}
