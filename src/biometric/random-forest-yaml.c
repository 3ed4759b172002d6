/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/random-forest-private.h"

#include "format/format-error.h"

#include <string.h>

#define DEPTH_MAX 16
#define TOKEN_MAX 255

/* A map or list by indentation, open until a line is indented less. */
typedef struct {
  int indent;
  gboolean item; /* of a list; otherwise a key's, which may have its list at the same indentation */
} Level;

typedef struct {
  const char *at, *end;
  int line;
  const TamboForestSink *sink; /* borrowed */
  Level levels[DEPTH_MAX];
  int depth;
  int brackets;
  char token[TOKEN_MAX + 1];
} Reader;

static gboolean fail (const Reader *self, const char *cause, GError **error) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "line %d: %s", self->line,
               cause);
  return FALSE;
}

static int peek (const Reader *self) {
  return self->at < self->end ? *self->at : '\n';
}

static void skip_blanks (Reader *self) {
  while (self->at < self->end && (*self->at == ' ' || *self->at == '\t' || *self->at == '\r'))
    self->at++;
}

static void skip_lines (Reader *self) {
  for (skip_blanks (self); self->at < self->end && *self->at == '\n'; skip_blanks (self)) {
    self->at++;
    self->line++;
  }
}

/* To what ends a plain value or a key. A colon ends a key only: numbers and names have none. */
static gboolean read_token (Reader *self, GError **error) {
  const char *start = self->at;
  gsize length = 0;

  while (self->at < self->end && strchr (":,{}[]\n", *self->at) == NULL)
    self->at++;
  length = (gsize) (self->at - start);
  while (length > 0 && g_ascii_isspace (start[length - 1]))
    length--;
  if (length >= 2 && start[0] == '"' && start[length - 1] == '"') {
    start++;
    length -= 2;
  }
  if (length == 0 || length > TOKEN_MAX || memchr (start, 0, length) != NULL)
    return fail (
        self, length == 0 ? "a name or a value is missing" : "a name or a value is no text", error);
  memcpy (self->token, start, length);
  self->token[length] = '\0';
  return TRUE;
}

/* !!opencv-matrix and the like. */
static void skip_tag (Reader *self) {
  skip_blanks (self);
  if (peek (self) != '!')
    return;
  while (self->at < self->end && !g_ascii_isspace (*self->at))
    self->at++;
  skip_blanks (self);
}

/* ---- in brackets ---- */

static gboolean read_brackets (Reader *self, const char *key, GError **error);

/* What comes behind a key or a comma. */
static gboolean read_inner (Reader *self, const char *key, GError **error) {
  skip_tag (self);
  skip_lines (self);
  if (peek (self) == '{' || peek (self) == '[')
    return read_brackets (self, key, error);
  return read_token (self, error) && self->sink->value (self->sink->data, key, self->token, error);
}

static gboolean read_pair (Reader *self, GError **error) {
  char key[TOKEN_MAX + 1];

  if (!read_token (self, error))
    return FALSE;
  g_strlcpy (key, self->token, sizeof key);
  if (peek (self) != ':')
    return fail (self, "a colon is missing", error);
  self->at++;
  return read_inner (self, key, error);
}

static gboolean read_brackets (Reader *self, const char *key, GError **error) {
  gboolean map = *self->at++ == '{';
  char closing = map ? '}' : ']';

  if (self->depth + ++self->brackets > DEPTH_MAX)
    return fail (self, "too deep", error);
  if (!self->sink->begin (self->sink->data, key, error))
    return FALSE;
  for (skip_lines (self); peek (self) != closing; skip_lines (self)) {
    if (self->at >= self->end)
      return fail (self, "a bracket is not closed", error);
    if (!(map ? read_pair (self, error) : read_inner (self, NULL, error)))
      return FALSE;
    skip_lines (self);
    if (peek (self) == ',')
      self->at++;
    else if (self->at < self->end && peek (self) != closing)
      return fail (self, "a comma is missing", error);
  }
  self->at++;
  self->brackets--;
  return self->sink->end (self->sink->data, error);
}

/* ---- by indentation ---- */

static gboolean open_level (Reader *self, const char *key, int indent, gboolean item,
                            GError **error) {
  if (self->depth == DEPTH_MAX)
    return fail (self, "too deep", error);
  self->levels[self->depth++] = (Level){ indent, item };
  return self->sink->begin (self->sink->data, key, error);
}

static gboolean close_levels (Reader *self, int indent, gboolean item, GError **error) {
  while (self->depth > 0) {
    const Level *level = &self->levels[self->depth - 1];
    if (level->indent < indent || (level->indent == indent && item && !level->item))
      break;
    self->depth--;
    if (!self->sink->end (self->sink->data, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean end_line (Reader *self, GError **error) {
  skip_blanks (self);
  return peek (self) == '\n' || fail (self, "there is something behind a value", error);
}

static gboolean read_key_or_value (Reader *self, int indent, GError **error) {
  char key[TOKEN_MAX + 1];

  if (peek (self) == '{' || peek (self) == '[')
    return read_brackets (self, NULL, error) && end_line (self, error);
  if (!read_token (self, error))
    return FALSE;
  if (peek (self) != ':')
    return self->sink->value (self->sink->data, NULL, self->token, error) && end_line (self, error);

  self->at++;
  g_strlcpy (key, self->token, sizeof key);
  skip_tag (self);
  if (peek (self) == '\n')
    return open_level (self, key, indent, FALSE, error);
  return read_inner (self, key, error) && end_line (self, error);
}

static gboolean read_line (Reader *self, GError **error) {
  const char *start = self->at;

  skip_blanks (self);
  if (peek (self) == '\n' || peek (self) == '#')
    return TRUE;
  for (;;) {
    int indent = (int) MIN (self->at - start, G_MAXINT);
    gboolean item =
        peek (self) == '-' && (self->at + 1 == self->end || g_ascii_isspace (self->at[1]));
    if (!close_levels (self, indent, item, error))
      return FALSE;
    if (!item)
      return read_key_or_value (self, indent, error);

    self->at++;
    skip_tag (self);
    if (peek (self) == '{' || peek (self) == '[')
      return read_brackets (self, NULL, error) && end_line (self, error);
    if (!open_level (self, NULL, indent, TRUE, error))
      return FALSE;
    if (peek (self) == '\n')
      return TRUE;
  }
}

/* Begins or ends a document; there is one. */
static gboolean is_directive (const Reader *self) {
  gsize left = (gsize) (self->end - self->at);

  return *self->at == '%'
         || (left >= 3 && (memcmp (self->at, "---", 3) == 0 || memcmp (self->at, "...", 3) == 0));
}

gboolean tambo_random_forest_read_yaml (const char *text, gsize size, const TamboForestSink *sink,
                                        GError **error) {
  Reader reader = { .at = text, .end = text + size, .line = 1, .sink = sink };

  while (reader.at < reader.end) {
    if (!is_directive (&reader) && !read_line (&reader, error))
      return FALSE;
    const char *newline = memchr (reader.at, '\n', (gsize) (reader.end - reader.at));
    reader.at = newline != NULL ? newline + 1 : reader.end;
    reader.line++;
  }
  return close_levels (&reader, -1, FALSE, error);
}
