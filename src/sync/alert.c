/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/alert.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crypto.h"

/* Letters and digits alone, in capitals; other scripts and accents as they stand. */
static void append_plain (GString *text, const char *word) {
  for (const char *c = word != NULL ? word : ""; *c != '\0'; c++)
    if (g_ascii_isalnum (*c) || (guchar) *c >= 0x80)
      g_string_append_c (text, g_ascii_toupper (*c));
  g_string_append_c (text, '|');
}

static char *hash_words (GBytes *salt, GString *words) {
  g_autoptr (GBytes) hash = tambo_hmac_sha256 (salt, words->str, words->len);
  gsize size;
  gconstpointer data = g_bytes_get_data (hash, &size);

  tambo_secret_wipe (words->str, words->len);
  g_string_free (words, TRUE);
  return tambo_hex_encode (data, size);
}

char *tambo_alert_hash_document (GBytes *salt, const char *issuing_state, const char *document_type,
                                 const char *number) {
  GString *words = g_string_new ("document|");
  /* A passport is not an identity card; which kind of one is written in many ways. */
  char kind[2] = { document_type != NULL ? *document_type : '\0', '\0' };

  append_plain (words, issuing_state);
  append_plain (words, kind);
  append_plain (words, number);
  return hash_words (salt, words);
}

char *tambo_alert_hash_person (GBytes *salt, const char *surname, const char *given_names,
                               const char *birth_date) {
  GString *words = g_string_new ("person|");

  append_plain (words, surname);
  append_plain (words, given_names);
  append_plain (words, birth_date);
  return hash_words (salt, words);
}
