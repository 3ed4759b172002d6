/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-language.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

#include "base/place.h"

#define MAX_RANGES 32

void tambo_language_set_up (void) {
  g_autofree char *folder = tambo_place_find ("TAMBO_LOCALEDIR", TAMBO_LOCALEDIR, "../../po");

  /* The catalogue is the Spanish one whatever the server speaks; what is said in English is not looked up.
   * In the locale "C" there would be no catalogue at all. */
  g_setenv ("LANGUAGE", "es", TRUE);
  setlocale (LC_MESSAGES, "C.UTF-8");
  bindtextdomain ("tambo", folder);
  bind_textdomain_codeset ("tambo", "UTF-8");
}

/* "en-GB;q=0.8": how much it is wanted, from 0 to 1000. */
static int read_quality (const char *range) {
  const char *quality = strstr (range, "q=");
  gdouble value = quality != NULL ? g_ascii_strtod (quality + 2, NULL) : 1;

  return value >= 0 && value <= 1 ? (int) (value * 1000) : 0;
}

static gboolean names (const char *range, const char *tag) {
  gsize length = strlen (tag);

  return g_ascii_strncasecmp (range, tag, length) == 0 && !g_ascii_isalnum (range[length]);
}

TamboLanguage tambo_language_pick (const char *accepted) {
  g_auto (GStrv) ranges = g_strsplit (accepted != NULL ? accepted : "", ",", MAX_RANGES);
  int spanish = 0, english = 0;

  for (char **range = ranges; *range != NULL; range++) {
    const char *name = g_strstrip (*range);

    if (names (name, "es"))
      spanish = MAX (spanish, read_quality (name));
    else if (names (name, "en"))
      english = MAX (english, read_quality (name));
  }
  return english > spanish ? TAMBO_LANGUAGE_ENGLISH : TAMBO_LANGUAGE_SPANISH;
}

const char *tambo_language_tag (TamboLanguage language) {
  return language == TAMBO_LANGUAGE_ENGLISH ? "en" : "es";
}

const char *tambo_language_text (TamboLanguage language, const char *message) {
  /* The translation of nothing is the catalogue's own header. */
  return language == TAMBO_LANGUAGE_ENGLISH || *message == '\0' ? message
                                                                : dgettext ("tambo", message);
}
