/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/document-code.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/hash.h"
#include "hq/web-language.h"

#define CODE_LENGTH 20 /* of 5 bits each */
#define GROUP 4
#define SHOWN 3 /* of a number's end */

/* Crockford's: without I, L, O and U. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *tambo_document_code_new (void) {
  guint8 random[CODE_LENGTH];
  char *code = g_malloc0 (CODE_LENGTH + 1);

  tambo_random (random, sizeof random);
  for (int i = 0; i < CODE_LENGTH; i++)
    code[i] = alphabet[random[i] % 32]; /* 256 is a multiple of 32 */
  return code;
}

/* 'O' is read for '0', 'I' and 'L' for '1'. */
static char normal (char c) {
  c = g_ascii_toupper (c);
  return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
}

char *tambo_document_code_hash (const char *text) {
  char code[CODE_LENGTH + 1] = "";
  g_autoptr (GBytes) bytes = NULL;
  int n = 0;

  for (; *text != '\0'; text++) {
    char c = normal (*text);

    if (c == ' ' || c == '-')
      continue;
    if (n == CODE_LENGTH || strchr (alphabet, c) == NULL)
      return NULL;
    code[n++] = c;
  }
  if (n != CODE_LENGTH)
    return NULL;
  bytes = g_bytes_new (code, CODE_LENGTH);
  return tambo_sha256_hex (bytes);
}

char *tambo_document_code_dup_words (const char *code) {
  GString *words = g_string_new (NULL);

  for (gsize i = 0; code[i] != '\0'; i++) {
    if (i > 0 && i % GROUP == 0)
      g_string_append_c (words, '-');
    g_string_append_c (words, code[i]);
  }
  return g_string_free (words, FALSE);
}

char *tambo_document_dup_public_url (TamboHq *hq, GError **error) {
  return tambo_database_dup_setting (hq->database, "public_url", error);
}

static gboolean refuse (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

gboolean tambo_document_set_public_url (TamboHq *hq, const char *url, GError **error) {
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || strcmp (g_uri_get_scheme (uri), "https") != 0 || g_uri_get_host (uri) == NULL
      || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL
      || g_str_has_suffix (url, "/"))
    return refuse (error, TAMBO_HQ_ERROR_INVALID,
                   "the public address is not of the form https://HOST, without a slash behind it");
  return tambo_database_set_setting (hq->database, "public_url", url, error);
}

gboolean tambo_document_note (TamboHq *hq, const char *order_id, const char *code,
                              const char *expiry_date, GError **error) {
  g_autofree char *hash = tambo_document_code_hash (code);
  g_autofree char *today = tambo_clock_today ();

  g_assert (hash != NULL);
  return tambo_database_run (hq->database, error,
                             "INSERT INTO documents (code_hash, order_id, issue_date, expiry_date)"
                             " VALUES (?, ?, ?, ?)",
                             "ssss", hash, order_id, today, expiry_date);
}

/* ---- asking ---- */

void tambo_document_state_free (TamboDocumentState *state) {
  if (state == NULL)
    return;
  g_free (state->order_id);
  g_free (state->type);
  g_free (state->masked_number);
  g_free (state->issue_date);
  g_free (state->expiry_date);
  g_free (state);
}

const char *tambo_document_verdict_message (TamboDocumentVerdict verdict) {
  switch (verdict) {
  case TAMBO_DOCUMENT_ORDERED:
    return N_ ("This document is being made. It is not valid yet.");
  case TAMBO_DOCUMENT_VALID:
    return N_ ("This document is valid.");
  case TAMBO_DOCUMENT_EXPIRED:
    return N_ ("This document has expired.");
  case TAMBO_DOCUMENT_ANNULLED:
    return N_ ("This document was annulled. Do not accept it.");
  case TAMBO_DOCUMENT_UNKNOWN:
    break;
  }
  return N_ ("No document has this code.");
}

/* Enough to compare with the paper in one's hand, and not enough to know a number from the code. */
static char *mask (const char *number) {
  GString *masked = g_string_new (NULL);
  gsize length = strlen (number);

  for (gsize i = 0; i < length; i++)
    if (i == 0 || i + SHOWN >= length)
      g_string_append_c (masked, number[i]);
    else
      g_string_append (masked, "•");
  return g_string_free (masked, FALSE);
}

static TamboDocumentVerdict judge (const char *order_state, const char *expiry_date,
                                   gboolean is_annulled) {
  g_autofree char *today = tambo_clock_today ();

  if (is_annulled)
    return TAMBO_DOCUMENT_ANNULLED;
  if (strcmp (order_state, "sent") == 0)
    return TAMBO_DOCUMENT_ORDERED;
  return *expiry_date != '\0' && strcmp (expiry_date, today) < 0 ? TAMBO_DOCUMENT_EXPIRED
                                                                 : TAMBO_DOCUMENT_VALID;
}

static TamboDocumentState *find (TamboHq *hq, const char *where, const char *value,
                                 GError **error) {
  g_autofree char *sql =
      g_strconcat ("SELECT orders.id, document_type, document_number, issue_date, expiry_date,"
                   " state, annulled_at FROM documents JOIN orders ON orders.id = order_id WHERE ",
                   where, NULL);
  g_autoptr (TamboDocumentState) state = g_new0 (TamboDocumentState, 1);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (hq->database, error, sql, "s", value);

  if (query == NULL)
    return NULL;
  if (!tambo_query_next (query, &cause)) {
    if (cause == NULL)
      return g_steal_pointer (&state);
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  state->order_id = tambo_query_dup_text (query, 0);
  state->type = tambo_query_dup_text (query, 1);
  state->masked_number = mask (tambo_query_text (query, 2));
  state->issue_date = tambo_query_dup_text (query, 3);
  state->expiry_date = tambo_query_dup_text (query, 4);
  state->verdict = judge (tambo_query_text (query, 5), tambo_query_text (query, 4),
                          *tambo_query_text (query, 6) != '\0');
  return g_steal_pointer (&state);
}

TamboDocumentState *tambo_document_state_for_code (TamboHq *hq, const char *code, GError **error) {
  g_autofree char *hash = tambo_document_code_hash (code);

  return hash != NULL ? find (hq, "code_hash = ?", hash, error) : g_new0 (TamboDocumentState, 1);
}

TamboDocumentState *tambo_document_state_for_case (TamboHq *hq, const char *case_id,
                                                   GError **error) {
  return find (hq, "case_id = ?", case_id, error);
}

/* ---- annulling ---- */

static gboolean look_up_case (TamboHq *hq, const char *order_id, char **out_case, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error, "SELECT case_id FROM orders WHERE id = ?", "s", order_id);

  if (query == NULL)
    return FALSE;
  if (tambo_query_next (query, &cause)) {
    *out_case = tambo_query_dup_text (query, 0);
    return TRUE;
  }
  if (cause == NULL)
    return refuse (error, TAMBO_HQ_ERROR_NOT_FOUND, "there is no such order");
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

gboolean tambo_document_annul (TamboHq *hq, const char *order_id, const char *person,
                               char **out_case, GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *case_id = NULL;

  if (!look_up_case (hq, order_id, &case_id, error)
      || !tambo_database_run (hq->database, error,
                              "UPDATE documents SET annulled_at = ?, annulled_by = ?"
                              " WHERE order_id = ? AND annulled_at IS NULL",
                              "sss", now, person, order_id))
    return FALSE;
  if (tambo_database_changes (hq->database) != 1)
    return refuse (error, TAMBO_HQ_ERROR_STATE, "the document was annulled before, or has no code");
  if (out_case != NULL)
    *out_case = g_steal_pointer (&case_id);
  return TRUE;
}
