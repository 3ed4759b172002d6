/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The languages of headquarters' pages. Messages are written in English and translated to Spanish by gettext;
 * each request has its own language, though the process has one.
 */
#pragma once

#include <glib.h>

#ifndef N_
#define N_(message) (message)
#endif

typedef enum {
  TAMBO_LANGUAGE_SPANISH,
  TAMBO_LANGUAGE_ENGLISH,
} TamboLanguage;

/* For the whole process, once, before threads. */
void tambo_language_set_up (void);
/* From Accept-Language (RFC 9110, 12.5.4), which may be NULL: Spanish unless English is wanted more. */
TamboLanguage tambo_language_pick (const char *accepted);
const char *tambo_language_tag (TamboLanguage language); /* "es" */
const char *tambo_language_text (TamboLanguage language, const char *message) G_GNUC_FORMAT (2);
