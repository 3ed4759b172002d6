/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-wedge.h"

#include <string.h>

#include "base/bytes.h"
#include "base/secret.h"
#include "record/mrz.h"

#define MAX_KEYS 120 /* three lines of 30, with their ends and some to spare */
#define DISTINCT 4   /* a key that is held down is no reader */
#define END_MS 60    /* for whoever waits after the last key */
#define LINE_LEAST 30

struct _TamboWedge {
  GString *typed, *struck; /* of the keys in a row, from the first */
  guint n_keys;
  guint32 last;
  gboolean last_was_enter;
  gboolean is_reader;
  gboolean is_first;
  char *mrz, *given_back; /* to be taken */
};

TamboWedge *tambo_wedge_new (void) {
  TamboWedge *wedge = g_new0 (TamboWedge, 1);

  wedge->typed = g_string_sized_new (4 * MAX_KEYS);
  wedge->struck = g_string_sized_new (MAX_KEYS + 1);
  return wedge;
}

static void forget_keys (TamboWedge *wedge) {
  tambo_secret_wipe (wedge->typed->str, wedge->typed->len);
  tambo_secret_wipe (wedge->struck->str, wedge->struck->len);
  g_string_truncate (wedge->typed, 0);
  g_string_truncate (wedge->struck, 0);
  wedge->n_keys = 0;
  wedge->is_reader = wedge->is_first = wedge->last_was_enter = FALSE;
}

void tambo_wedge_free (TamboWedge *wedge) {
  if (wedge == NULL)
    return;
  forget_keys (wedge);
  g_string_free (wedge->typed, TRUE);
  g_string_free (wedge->struck, TRUE);
  g_clear_pointer (&wedge->mrz, tambo_secret_string_free);
  g_clear_pointer (&wedge->given_back, tambo_secret_string_free);
  g_free (wedge);
}

/* ---- what a reading is ---- */

/* 0 when it is none; 1 with a wrong check digit; 2 when all hold. */
static int weigh (const char *reading) {
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (reading, NULL, NULL);

  if (mrz == NULL)
    return 0;
  return tambo_mrz_check (mrz, NULL) ? 2 : 1;
}

static char *tidy (const char *reading) {
  g_autofree char *upper = g_ascii_strup (reading, -1);

  return g_strdup (g_strstrip (upper));
}

static void deliver (TamboWedge *wedge) {
  char *typed = tidy (wedge->typed->str), *struck = tidy (wedge->struck->str);
  int by_layout = weigh (typed), by_place = weigh (struck);

  if (by_layout == 0 && by_place == 0) {
    char *before = g_steal_pointer (&wedge->given_back);
    wedge->given_back = g_strconcat (before != NULL ? before : "", wedge->typed->str, NULL);
    tambo_secret_string_free (before);
  } else {
    g_clear_pointer (&wedge->mrz, tambo_secret_string_free);
    wedge->mrz = g_strdup (by_place > by_layout ? struck : typed);
  }
  tambo_secret_string_free (typed);
  tambo_secret_string_free (struck);
}

void tambo_wedge_end (TamboWedge *wedge) {
  if (wedge->is_reader)
    deliver (wedge);
  forget_keys (wedge);
}

/* ---- keys ---- */

static gboolean is_mrz_sign (gunichar sign) {
  return sign < 128 && (g_ascii_isalnum ((char) sign) || sign == '<' || sign == '\n');
}

/* Doc 9303-3 to -7: passports, identity cards, visas. */
static gboolean begins_document (const TamboWedgeKey *key) {
  return (key->struck != 0 && strchr ("PIACV", key->struck) != NULL)
         || (key->typed < 128 && strchr ("PIACV", g_ascii_toupper ((char) key->typed)) != NULL);
}

static gboolean follows (const TamboWedge *wedge, const TamboWedgeKey *key) {
  guint32 gap = key->time - wedge->last;

  return wedge->n_keys > 0
         && gap <= (wedge->last_was_enter ? TAMBO_WEDGE_LINE_GAP_MS : TAMBO_WEDGE_GAP_MS)
         && (is_mrz_sign (key->typed) || key->struck != 0) && wedge->n_keys < MAX_KEYS;
}

static gboolean is_varied (const char *text) {
  char seen[DISTINCT];
  gsize n = 0;

  for (; *text != '\0' && n < DISTINCT; text++)
    if (memchr (seen, *text, n) == NULL)
      seen[n++] = *text;
  return n == DISTINCT;
}

static void add_key (TamboWedge *wedge, const TamboWedgeKey *key) {
  g_string_append_unichar (wedge->typed, key->typed);
  g_string_append_c (wedge->struck, key->struck != 0 ? key->struck : '?');
  wedge->n_keys++;
  wedge->last = key->time;
  wedge->last_was_enter = key->typed == '\n';
}

TamboWedgeVerdict tambo_wedge_key (TamboWedge *wedge, const TamboWedgeKey *key) {
  if (key->typed == 0 || !follows (wedge, key)) {
    tambo_wedge_end (wedge);
    if (key->typed == 0 || !begins_document (key))
      return TAMBO_WEDGE_PASS;
    add_key (wedge, key);
    wedge->is_first = TRUE;
    return TAMBO_WEDGE_PASS;
  }
  wedge->is_first = FALSE;
  /* Enter ends a line of a zone; the clerk's own is left alone. */
  if (key->typed == '\n' && !wedge->is_reader) {
    forget_keys (wedge);
    return TAMBO_WEDGE_PASS;
  }
  add_key (wedge, key);
  if (wedge->is_reader)
    return TAMBO_WEDGE_SWALLOW;
  if (wedge->n_keys < TAMBO_WEDGE_RECOGNISED || !is_varied (wedge->struck->str))
    return TAMBO_WEDGE_PASS;
  wedge->is_reader = TRUE;
  return TAMBO_WEDGE_RECOGNISE;
}

gboolean tambo_wedge_is_first (const TamboWedge *wedge) {
  return wedge->is_first;
}

guint tambo_wedge_get_patience (const TamboWedge *wedge) {
  if (!wedge->is_reader)
    return 0;
  /* Another line may follow one that is long enough to be one. */
  return wedge->last_was_enter || wedge->n_keys >= LINE_LEAST ? TAMBO_WEDGE_LINE_GAP_MS + END_MS
                                                              : END_MS;
}

gboolean tambo_wedge_take (TamboWedge *wedge, char **out_mrz, char **out_typed) {
  if (wedge->mrz == NULL && wedge->given_back == NULL)
    return FALSE;
  *out_mrz = g_steal_pointer (&wedge->mrz);
  *out_typed = g_steal_pointer (&wedge->given_back);
  return TRUE;
}

char tambo_wedge_struck (guint code, gboolean has_shift) {
  /* linux/input-event-codes.h: KEY_1 is 2, KEY_Q 16, KEY_A 30, KEY_Z 44, KEY_COMMA 51, KEY_102ND 86. */
  static const char top[] = "1234567890", upper[] = "QWERTYUIOP", middle[] = "ASDFGHJKL",
                    lower[] = "ZXCVBNM";

  if (code >= 2 && code < 2 + sizeof top - 1)
    return has_shift ? 0 : top[code - 2];
  if (code >= 16 && code < 16 + sizeof upper - 1)
    return upper[code - 16];
  if (code >= 30 && code < 30 + sizeof middle - 1)
    return middle[code - 30];
  if (code >= 44 && code < 44 + sizeof lower - 1)
    return lower[code - 44];
  if (code == 28 || code == 96)
    return '\n';
  return (code == 51 && has_shift) || code == 86 ? '<' : 0;
}
