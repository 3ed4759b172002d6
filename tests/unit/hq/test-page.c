/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/page-figure.h"
#include "hq/page.h"

#include <string.h>

/* The document from its first element on. */
static char *end_page (TamboPage *page) {
  g_autoptr (GBytes) bytes = tambo_page_end (page);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  const char *start = memchr (data, '\n', size);

  return g_strndup (start + 1, size - (gsize) (start + 1 - data));
}

static char *make_element (const char *text, const char *name, const char *value) {
  g_autoptr (TamboPage) page = tambo_page_new (TAMBO_LANGUAGE_ENGLISH);

  tambo_page_element (page, "p", text, name, value, NULL);
  return end_page (page);
}

/* What somebody may call themselves, to become a part of the page. */
static const char *const hostile[] = {
  "<script>alert(1)</script>",
  "\"><img src=x onerror=alert(1)>",
  "'><svg onload=alert(1)>",
  "</title></head><body>",
  "<!--",
  "]]>",
  "&lt;script&gt;",
  "a\" onmouseover=\"alert(1)",
  "` onclick=alert(1)",
  "\xc0\xbcscript\xc0\xbe", /* overlong */
  "\xff\xfe<\x00s",         /* no UTF-8 */
  "+ADw-script+AD4-",       /* UTF-7 */
  "\xe2\x80\xae"
  "evil\x1b[2J\x07", /* turned round, and for a terminal */
};

/* Between the tags of the element there is no tag, no quote, no reference that was not made here. */
static void assert_harmless (const char *html) {
  const char *text = strchr (html, '>') + 1;
  const char *end = g_strrstr (html, "</p>");

  g_assert_true (g_str_has_prefix (html, "<p title=\""));
  g_assert_true (g_utf8_validate (html, -1, NULL));
  for (const char *p = text; p < end; p++) {
    g_assert_null (strchr ("<>\"'\x1b\x07", *p));
    if (*p == '&')
      g_assert_true (g_str_has_prefix (p, "&amp;") || g_str_has_prefix (p, "&lt;")
                     || g_str_has_prefix (p, "&gt;") || g_str_has_prefix (p, "&quot;")
                     || g_str_has_prefix (p, "&#39;"));
  }
}

static void test_hostile (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++) {
    g_autofree char *html = make_element (hostile[i], "title", hostile[i]);
    const char *value = html + strlen ("<p title=\"");
    const char *quote = strchr (value, '"');

    assert_harmless (html);
    g_assert_cmpint (quote[1], ==, '>'); /* the value ends where the attribute does */
  }
}

static void test_exact (void) {
  g_autofree char *html = make_element ("5 < 6 & \"7\"", "title", "it's");

  g_assert_cmpstr (html, ==, "<p title=\"it&#39;s\">5 &lt; 6 &amp; &quot;7&quot;</p>\n");
}

/* Addresses lead home or nowhere. */
static void test_addresses (void) {
  static const struct {
    const char *address, *is;
  } cases[] = {
    { "/cases?before=1", "/cases?before=1" },
    { "#content", "#content" },
    { "?q=1", "?q=1" },
    { "javascript:alert(1)", "#" },
    { " javascript:alert(1)", "#" },
    { "https://evil.example/", "#" },
    { "//evil.example/", "#" },
    { "/\\evil.example/", "#" },
    { "data:text/html,x", "#" },
    { "", "#" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TamboPage) page = tambo_page_new (TAMBO_LANGUAGE_ENGLISH);
    g_autofree char *html = NULL;
    g_autofree char *wanted = g_strdup_printf ("<a href=\"%s\">x</a>\n", cases[i].is);

    tambo_page_element (page, "a", "x", "href", cases[i].address, NULL);
    html = end_page (page);
    g_assert_cmpstr (html, ==, wanted);
  }
}

static void test_nesting (void) {
  g_autoptr (TamboPage) page = tambo_page_new (TAMBO_LANGUAGE_ENGLISH);
  g_autofree char *html = NULL;

  tambo_page_open (page, "form", "action", "/x", NULL);
  tambo_page_open (page, "input", "name", "a", "required", TAMBO_PAGE_IF (FALSE, ""), "value",
                   "1\"", NULL);
  tambo_page_format (page, "%s of %d", "<b>", 3);
  tambo_page_close (page);
  html = end_page (page);
  g_assert_cmpstr (
      html, ==, "<form action=\"/x\"><input name=\"a\" value=\"1&quot;\">&lt;b&gt; of 3</form>\n");
}

/* A name that comes from outside would be a fault of the program. */
static void test_names (void) {
  static const char *const names[] = { "onclick", "style", "a b", "a=\"", "", "ONLOAD" };

  if (g_test_subprocess ()) {
    g_autoptr (TamboPage) page = tambo_page_new (TAMBO_LANGUAGE_ENGLISH);

    tambo_page_open (page, "p", g_getenv ("NAME"), "1", NULL);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_setenv ("NAME", names[i], TRUE);
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed ();
  }
}

/* What is drawn of a code is what was to be drawn: the finder patterns are there, and as much is dark. */
static void test_qr (void) {
  g_autoptr (TamboPage) page = tambo_page_new (TAMBO_LANGUAGE_ENGLISH);
  g_autofree char *html = NULL;
  g_autofree char *long_text = g_strnfill (5000, 'A');

  g_assert_true (tambo_page_qr (page, "label", "7K3M9QXW2FHD"));
  g_assert_false (tambo_page_qr (page, "label", long_text));
  html = end_page (page);
  g_assert_nonnull (strstr (html, "role=\"img\" aria-label=\"label\" viewBox=\"-4 -4 29 29\""));
  g_assert_nonnull (strstr (html, "d=\"M0 0h7v1h-7z"));
  g_assert_nonnull (strstr (html, "M14 0h7v1h-7z"));
  g_assert_nonnull (strstr (html, "M0 20h7v1h-7z"));
}

static void test_bars (void) {
  static const gint64 counts[] = { 0, 5, 10 };
  g_autoptr (TamboPage) page = tambo_page_new (TAMBO_LANGUAGE_ENGLISH);
  g_autofree char *html = NULL;

  tambo_page_bars (page, "label", counts, 3);
  html = end_page (page);
  g_assert_nonnull (strstr (html, "x=\"2\" y=\"200\" width=\"12\" height=\"0\""));
  g_assert_nonnull (strstr (html, "x=\"18\" y=\"100\" width=\"12\" height=\"100\""));
  g_assert_nonnull (strstr (html, "x=\"34\" y=\"0\" width=\"12\" height=\"200\""));
}

static void test_language (void) {
  static const struct {
    const char *accepted;
    TamboLanguage is;
  } cases[] = {
    { NULL, TAMBO_LANGUAGE_SPANISH },
    { "", TAMBO_LANGUAGE_SPANISH },
    { "es-PE,es;q=0.9,en;q=0.8", TAMBO_LANGUAGE_SPANISH },
    { "en-GB,en;q=0.9", TAMBO_LANGUAGE_ENGLISH },
    { "qu", TAMBO_LANGUAGE_SPANISH },
    { "en;q=0.3, es;q=0.7", TAMBO_LANGUAGE_SPANISH },
    { "en;q=nan", TAMBO_LANGUAGE_SPANISH },
    { "english", TAMBO_LANGUAGE_SPANISH },
    { "de,en;q=0.1", TAMBO_LANGUAGE_ENGLISH },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (tambo_language_pick (cases[i].accepted), ==, cases[i].is);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/page/hostile", test_hostile);
  g_test_add_func ("/hq/page/exact", test_exact);
  g_test_add_func ("/hq/page/addresses", test_addresses);
  g_test_add_func ("/hq/page/nesting", test_nesting);
  g_test_add_func ("/hq/page/names", test_names);
  g_test_add_func ("/hq/page/qr", test_qr);
  g_test_add_func ("/hq/page/bars", test_bars);
  g_test_add_func ("/hq/page/language", test_language);
  return g_test_run ();
}
