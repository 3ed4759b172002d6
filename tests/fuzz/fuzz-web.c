/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What anybody may send to headquarters' pages. The first byte says as what the rest is read.
 */
#include <string.h>

#include "base/crypto.h"
#include "fuzz.h"
#include "hq/document-code.h"
#include "hq/osia-token.h"
#include "hq/page.h"
#include "hq/web-form.h"

static void read_form (const char *text, gsize size) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboForm) form = tambo_form_parse (text, size, &error);
  g_autoptr (TamboForm) again = NULL;
  g_autofree char *encoded = NULL;

  fuzz_outcome (form, error);
  if (form == NULL)
    return;
  g_assert_true (g_utf8_validate (tambo_form_get (form, "q"), -1, NULL));
  encoded = tambo_form_encode (form);
  again = tambo_form_parse (encoded, strlen (encoded), NULL);
  g_assert_cmpstr (tambo_form_get (form, "q"), ==, tambo_form_get (again, "q"));
}

/* Nobody has the key. */
static void read_token (const char *text) {
  static TamboKey *key;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOsiaToken) token = NULL;

  if (key == NULL)
    key = tambo_key_generate ();
  token = tambo_osia_token_verify (text, key, 1795000000, &error);
  g_assert_null (token);
  g_assert_nonnull (error);
}

static GBytes *write_link (const char *text, const char *title, const char *address) {
  g_autoptr (TamboPage) page = tambo_page_new (TAMBO_LANGUAGE_ENGLISH);

  tambo_page_element (page, "a", text, "href", address, "title", title, NULL);
  return tambo_page_end (page);
}

/* Wherever it stands in a page, it makes no element, no attribute and no address of elsewhere. */
static void write_page (const char *text) {
  g_autoptr (GBytes) bytes = write_link (text, text, text);
  gsize size, n_tags = 0, n_quotes = 0;
  const char *html = g_bytes_get_data (bytes, &size);
  const char *address = html + strlen ("<!DOCTYPE html>\n<a href=\"");

  g_assert_true (g_utf8_validate (html, (gssize) size, NULL));
  for (gsize i = 0; i < size; i++) {
    n_tags += html[i] == '<';
    n_quotes += html[i] == '"';
    g_assert_cmpint (html[i], !=, '\'');
  }
  g_assert_cmpuint (n_tags, ==, 3); /* <!DOCTYPE>, <a>, </a> */
  g_assert_cmpuint (n_quotes, ==, 4);
  g_assert_true (*address == '#' || *address == '?' || (*address == '/' && address[1] != '/'));
}

static void read_code (const char *text) {
  g_autofree char *hash = tambo_document_code_hash (text);

  g_assert_true (hash == NULL || strlen (hash) == 64);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autofree char *text = size > 0 ? g_strndup ((const char *) data + 1, size - 1) : NULL;

  if (text == NULL)
    return 0;
  switch (data[0]) {
  case 'f':
    read_form ((const char *) data + 1, size - 1);
    break;
  case 't':
    read_token (text);
    break;
  case 'p':
    write_page (text);
    break;
  case 'c':
    read_code (text);
    break;
  case 'l':
    tambo_language_pick (text);
    break;
  default:
    break;
  }
  return 0;
}
