/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json-grammar.h"

#include <string.h>

#include "base/json.h"

static const char not_json[] = "the text is not JSON";

typedef struct {
  const char *text;
  gsize size;
  gsize position;
  const char *fault; /* the first one */
} Scan;

static gboolean fail (Scan *scan, const char *fault) {
  if (scan->fault == NULL)
    scan->fault = fault;
  return FALSE;
}

/* '\0' at the end; a real one is no part of any token either. */
static char peek (const Scan *scan) {
  return scan->position < scan->size ? scan->text[scan->position] : '\0';
}

static gboolean accept (Scan *scan, char c) {
  if (peek (scan) != c)
    return FALSE;
  scan->position++;
  return TRUE;
}

static void skip_blanks (Scan *scan) {
  while (scan->position < scan->size && strchr (" \t\n\r", peek (scan)) != NULL
         && peek (scan) != '\0')
    scan->position++;
}

static gboolean scan_literal (Scan *scan, const char *literal) {
  gsize length = strlen (literal);

  if (scan->size - scan->position < length
      || memcmp (scan->text + scan->position, literal, length) != 0)
    return fail (scan, not_json);
  scan->position += length;
  return TRUE;
}

static gboolean scan_hex4 (Scan *scan, guint *out_unit) {
  guint unit = 0;

  for (int i = 0; i < 4; i++) {
    int value = g_ascii_xdigit_value (peek (scan));

    if (value < 0)
      return fail (scan, not_json);
    unit = unit << 4 | (guint) value;
    scan->position++;
  }
  *out_unit = unit;
  return TRUE;
}

/* After "\u". */
static gboolean scan_unicode_escape (Scan *scan) {
  guint unit, low;

  if (!scan_hex4 (scan, &unit))
    return FALSE;
  if (unit == 0)
    return fail (scan, "the JSON text has a null character in a string");
  if (unit < 0xd800 || unit > 0xdfff)
    return TRUE;
  if (unit > 0xdbff || !accept (scan, '\\') || !accept (scan, 'u') || !scan_hex4 (scan, &low)
      || low < 0xdc00 || low > 0xdfff)
    return fail (scan, "the JSON text has half a surrogate pair");
  return TRUE;
}

static gboolean scan_string (Scan *scan) {
  if (!accept (scan, '"'))
    return fail (scan, not_json);
  while (scan->position < scan->size) {
    char c = scan->text[scan->position++];

    if (c == '"')
      return TRUE;
    if ((guchar) c < 0x20)
      return fail (scan, not_json);
    if (c != '\\')
      continue;
    if (accept (scan, 'u')) {
      if (!scan_unicode_escape (scan))
        return FALSE;
    } else if (peek (scan) != '\0' && strchr ("\"\\/bfnrt", peek (scan)) != NULL) {
      scan->position++;
    } else {
      return fail (scan, not_json);
    }
  }
  return fail (scan, "the JSON text ends too early");
}

static gboolean scan_digits (Scan *scan) {
  gsize start = scan->position;

  while (g_ascii_isdigit (peek (scan)))
    scan->position++;
  return scan->position > start || fail (scan, not_json);
}

static gboolean integer_fits (const char *text, gsize size) {
  char buffer[24];
  gint64 value;

  if (size >= sizeof buffer)
    return FALSE;
  memcpy (buffer, text, size);
  buffer[size] = '\0';
  return g_ascii_string_to_signed (buffer, 10, G_MININT64, G_MAXINT64, &value, NULL);
}

static gboolean scan_number (Scan *scan) {
  gsize start = scan->position;
  gboolean is_integer = TRUE;

  accept (scan, '-');
  if (!accept (scan, '0') && !scan_digits (scan))
    return FALSE;
  if (accept (scan, '.')) {
    is_integer = FALSE;
    if (!scan_digits (scan))
      return FALSE;
  }
  if (accept (scan, 'e') || accept (scan, 'E')) {
    is_integer = FALSE;
    if (!accept (scan, '+'))
      accept (scan, '-');
    if (!scan_digits (scan))
      return FALSE;
  }
  if (is_integer && !integer_fits (scan->text + start, scan->position - start))
    return fail (scan, "the JSON text has an integer of more than 64 bits");
  return TRUE;
}

static gboolean scan_value (Scan *scan, guint depth);

static gboolean scan_member (Scan *scan, guint depth) {
  if (!scan_string (scan))
    return FALSE;
  skip_blanks (scan);
  if (!accept (scan, ':'))
    return fail (scan, not_json);
  return scan_value (scan, depth);
}

/* After the opening bracket. */
static gboolean scan_container (Scan *scan, guint depth, char closing) {
  if (depth > TAMBO_JSON_MAX_DEPTH)
    return fail (scan, "the JSON text is nested too deeply");
  skip_blanks (scan);
  if (accept (scan, closing))
    return TRUE;
  do {
    skip_blanks (scan);
    if (!(closing == '}' ? scan_member (scan, depth) : scan_value (scan, depth)))
      return FALSE;
    skip_blanks (scan);
  } while (accept (scan, ','));
  return accept (scan, closing) || fail (scan, not_json);
}

/* DEPTH is that of the container around the value, 0 for none. */
static gboolean scan_value (Scan *scan, guint depth) {
  skip_blanks (scan);
  switch (peek (scan)) {
  case '{':
    scan->position++;
    return scan_container (scan, depth + 1, '}');
  case '[':
    scan->position++;
    return scan_container (scan, depth + 1, ']');
  case '"':
    return scan_string (scan);
  case 't':
    return scan_literal (scan, "true");
  case 'f':
    return scan_literal (scan, "false");
  case 'n':
    return scan_literal (scan, "null");
  default:
    return scan_number (scan);
  }
}

const char *tambo_json_grammar_fault (const char *text, gsize size) {
  Scan scan = { .text = text, .size = size };

  if (!g_utf8_validate_len (text, size, NULL))
    return "the JSON text is not UTF-8";
  if (!scan_value (&scan, 0))
    return scan.fault;
  skip_blanks (&scan);
  return scan.position == size ? NULL : not_json;
}
