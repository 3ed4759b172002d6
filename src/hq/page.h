/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one place where HTML is made. Whatever is given as text or as an attribute's value is escaped here, so
 * that no page can forget to; names of elements and attributes come from the program alone, and those that
 * carry programs or styles (script, style, on…) do not exist here. An address leads into the same site.
 */
#pragma once

#include "hq/web-language.h"

typedef struct _TamboPage TamboPage;

/* The value of an attribute that is left out. */
extern const char tambo_page_absent[];
#define TAMBO_PAGE_IF(condition, value) ((condition) ? (value) : tambo_page_absent)

TamboPage *tambo_page_new (TamboLanguage language);
void tambo_page_free (TamboPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPage, tambo_page_free)
TamboLanguage tambo_page_get_language (const TamboPage *page);

/* Pairs of an attribute's name and its value, then NULL. An element that has no content ("input") is closed
 * at once; any other one by tambo_page_close, the innermost first. */
void tambo_page_open (TamboPage *page, const char *element, ...) G_GNUC_NULL_TERMINATED;
void tambo_page_close (TamboPage *page);
/* As it is, and in the page's language. */
void tambo_page_text (TamboPage *page, const char *text);
void tambo_page_say (TamboPage *page, const char *message);
void tambo_page_format (TamboPage *page, const char *message, ...) G_GNUC_PRINTF (2, 3);
/* An element with nothing but text in it; pairs as above. */
void tambo_page_element (TamboPage *page, const char *element, const char *text,
                         ...) G_GNUC_NULL_TERMINATED;
void tambo_page_say_element (TamboPage *page, const char *element, const char *message,
                             ...) G_GNUC_NULL_TERMINATED;

/* The whole document. Every element has to be closed. */
GBytes *tambo_page_end (TamboPage *page);
