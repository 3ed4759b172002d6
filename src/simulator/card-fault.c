/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-fault.h"

#include <string.h>

#include "simulator/simulator-error.h"

#define MAX_JITTER 1000

static const char *const names[TAMBO_CARD_N_FAULTS] = {
  [TAMBO_CARD_FAULT_MUTE] = "mute",
  [TAMBO_CARD_FAULT_WRONG_STATUS] = "wrong-status",
  [TAMBO_CARD_FAULT_TRUNCATE] = "truncate",
  [TAMBO_CARD_FAULT_NO_MEMORY] = "6A84",
  [TAMBO_CARD_FAULT_SM_LE_ZERO] = "sm-le-zero",
  [TAMBO_CARD_FAULT_PIECES] = "61xx",
  [TAMBO_CARD_FAULT_WRONG_LE] = "6Cxx",
  [TAMBO_CARD_FAULT_RESET] = "reset",
  [TAMBO_CARD_FAULT_WRONG_CARD] = "wrong-card",
};

static gboolean find_name (const char *name, TamboCardFault *out_fault) {
  for (int i = 0; i < TAMBO_CARD_N_FAULTS; i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0) {
      *out_fault = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean parse_number (const char *text, guint64 max, guint64 *out_number) {
  return g_ascii_string_to_unsigned (text, 10, 1, max, out_number, NULL);
}

/* NAME or NAME@N. */
static gboolean parse_place (TamboCardFaults *faults, const char *name, const char *place) {
  TamboCardFault fault;
  guint64 n = 0;

  if (!find_name (name, &fault) || (place && !parse_number (place, G_MAXINT32, &n)))
    return FALSE;
  faults->at[fault] = place ? (gint64) n : -1;
  return TRUE;
}

/* NAME=VALUE: the rates are those of ISO/IEC 14443-3 that Doc 9303-10 section 3.2 names. */
static gboolean parse_value (TamboCardFaults *faults, const char *name, const char *value) {
  static const guint speeds[] = { 106, 212, 424, 848 };
  TamboCardFault fault;
  guint64 n;

  if (!parse_number (value, G_MAXUINT32, &n))
    return FALSE;
  if (strcmp (name, "jitter") == 0 && n <= MAX_JITTER) {
    faults->jitter = (guint) n;
    return TRUE;
  }
  for (gsize i = 0; strcmp (name, "speed") == 0 && i < G_N_ELEMENTS (speeds); i++)
    if (n == speeds[i]) {
      faults->speed = speeds[i];
      return TRUE;
    }
  if (!find_name (name, &fault)
      || (fault != TAMBO_CARD_FAULT_PIECES && fault != TAMBO_CARD_FAULT_WRONG_LE))
    return FALSE;
  faults->at[fault] = -1;
  faults->seed = (guint32) n;
  return TRUE;
}

static gboolean parse_word (TamboCardFaults *faults, const char *word) {
  g_auto (GStrv) value = g_strsplit (word, "=", 2);
  g_auto (GStrv) place = g_strsplit (word, "@", 2);

  if (strcmp (word, "none") == 0) {
    *faults = (TamboCardFaults){ 0 };
    return TRUE;
  }
  if (value[0] && value[1])
    return parse_value (faults, value[0], value[1]);
  return place[0] && parse_place (faults, place[0], place[1]);
}

gboolean tambo_card_faults_parse (TamboCardFaults *faults, const char *list, GError **error) {
  g_auto (GStrv) words = g_strsplit (list, ",", -1);
  TamboCardFaults whole = *faults;

  for (guint i = 0; words[i]; i++)
    if (!parse_word (&whole, words[i])) {
      g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                   "'%s' is no fault of a card; there are mute, wrong-status, truncate, 6A84, "
                   "sm-le-zero, 61xx, 6Cxx, reset and wrong-card, each with or without @N, "
                   "61xx=SEED, 6Cxx=SEED, speed=106|212|424|848, jitter=MS, and none",
                   words[i]);
      return FALSE;
    }
  *faults = whole;
  return TRUE;
}

gboolean tambo_card_faults_has (const TamboCardFaults *faults, TamboCardFault fault,
                                guint64 count) {
  gint64 at = faults->at[fault];

  return at == -1 || (at > 0 && (guint64) at == count);
}
