/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/page.h"

#include <stdarg.h>
#include <string.h>

const char tambo_page_absent[] = "";

struct _TamboPage {
  TamboLanguage language;
  GString *html;
  GPtrArray *open; /* const char *: elements, the innermost last */
};

/* HTML, 13.1.2: these have no end tag; and what SVG draws has no content here. */
static const char *const void_elements[] = { "br",   "circle", "hr",   "img",  "input",
                                             "line", "link",   "meta", "path", "rect" };
static const char *const addresses[] = { "action", "formaction", "href", "src" };

static gboolean is_one_of (const char *name, const char *const *names, gsize n) {
  for (gsize i = 0; i < n; i++)
    if (strcmp (name, names[i]) == 0)
      return TRUE;
  return FALSE;
}

TamboPage *tambo_page_new (TamboLanguage language) {
  TamboPage *page = g_new0 (TamboPage, 1);

  page->language = language;
  page->html = g_string_new ("<!DOCTYPE html>\n");
  page->open = g_ptr_array_new ();
  return page;
}

void tambo_page_free (TamboPage *page) {
  if (page == NULL)
    return;
  if (page->html != NULL)
    g_string_free (page->html, TRUE);
  g_ptr_array_unref (page->open);
  g_free (page);
}

TamboLanguage tambo_page_get_language (const TamboPage *page) {
  return page->language;
}

/* Controls and what is not Unicode become U+FFFD: neither a browser nor a terminal gets to interpret them. */
static void append_escaped (GString *html, const char *text) {
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    switch (c) {
    case '&':
      g_string_append (html, "&amp;");
      break;
    case '<':
      g_string_append (html, "&lt;");
      break;
    case '>':
      g_string_append (html, "&gt;");
      break;
    case '"':
      g_string_append (html, "&quot;");
      break;
    case '\'':
      g_string_append (html, "&#39;");
      break;
    default:
      g_string_append_unichar (html, g_unichar_iscntrl (c) && c != '\n' && c != '\t' ? 0xfffd : c);
    }
  }
}

static gboolean is_name (const char *name) {
  return *name != '\0'
         && strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
                == strlen (name);
}

/* A path of this site, a place in the page or a question to the same page; "//host" is another site. */
static gboolean leads_home (const char *address) {
  return address[0] == '#' || address[0] == '?'
         || (address[0] == '/' && address[1] != '/' && address[1] != '\\');
}

static void append_attribute (GString *html, const char *name, const char *value) {
  g_assert (is_name (name) && g_ascii_strncasecmp (name, "on", 2) != 0
            && strcmp (name, "style") != 0);
  if (value == tambo_page_absent)
    return;
  if (is_one_of (name, addresses, G_N_ELEMENTS (addresses)) && !leads_home (value))
    value = "#";
  g_string_append_printf (html, " %s=\"", name);
  append_escaped (html, value);
  g_string_append_c (html, '"');
}

static void open_element (TamboPage *page, const char *element, va_list attributes) {
  const char *name;

  g_assert (is_name (element) && strcmp (element, "script") != 0 && strcmp (element, "style") != 0);
  g_string_append_printf (page->html, "<%s", element);
  while ((name = va_arg (attributes, const char *)) != NULL)
    append_attribute (page->html, name, va_arg (attributes, const char *));
  g_string_append_c (page->html, '>');
  if (!is_one_of (element, void_elements, G_N_ELEMENTS (void_elements)))
    g_ptr_array_add (page->open, (char *) element);
  else if (page->open->len > 0
           && g_ptr_array_find_with_equal_func (page->open, "svg", g_str_equal, NULL))
    g_string_append_printf (page->html, "</%s>", element);
}

void tambo_page_open (TamboPage *page, const char *element, ...) {
  va_list attributes;

  va_start (attributes, element);
  open_element (page, element, attributes);
  va_end (attributes);
}

void tambo_page_close (TamboPage *page) {
  g_assert (page->open->len > 0);
  g_string_append_printf (page->html, "</%s>\n",
                          (const char *) page->open->pdata[page->open->len - 1]);
  g_ptr_array_set_size (page->open, (int) page->open->len - 1);
}

void tambo_page_text (TamboPage *page, const char *text) {
  append_escaped (page->html, text);
}

void tambo_page_say (TamboPage *page, const char *message) {
  append_escaped (page->html, tambo_language_text (page->language, message));
}

void tambo_page_format (TamboPage *page, const char *message, ...) {
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, message);
  text = g_strdup_vprintf (tambo_language_text (page->language, message), arguments);
  va_end (arguments);
  append_escaped (page->html, text);
}

void tambo_page_element (TamboPage *page, const char *element, const char *text, ...) {
  va_list attributes;

  va_start (attributes, text);
  open_element (page, element, attributes);
  va_end (attributes);
  append_escaped (page->html, text);
  tambo_page_close (page);
}

void tambo_page_say_element (TamboPage *page, const char *element, const char *message, ...) {
  va_list attributes;

  va_start (attributes, message);
  open_element (page, element, attributes);
  va_end (attributes);
  tambo_page_say (page, message);
  tambo_page_close (page);
}

GBytes *tambo_page_end (TamboPage *page) {
  g_assert (page->open->len == 0);
  return g_string_free_to_bytes (g_steal_pointer (&page->html));
}
