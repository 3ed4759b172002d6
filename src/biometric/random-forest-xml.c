/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/random-forest-private.h"

#include "format/format-error.h"

#include <string.h>

#define KEY_MAX 63
#define TEXT_MAX (64 * 1024)

/* Whether an element is a map or a value shows when the next one begins. The outermost, opencv_storage, is
 * left out. */
typedef struct {
  const TamboForestSink *sink; /* borrowed */
  int depth;
  gboolean pending;
  char key[KEY_MAX + 1]; /* of the pending element */
  GString *text;         /* and what stands in it */
} Reader;

static const char *pending_key (const Reader *self) {
  return strcmp (self->key, "_") != 0 ? self->key : NULL;
}

static void on_element_started_cb (GMarkupParseContext *context, const char *name,
                                   const char **attributes, const char **values, gpointer data,
                                   GError **error) {
  Reader *self = data;

  if (self->pending && !self->sink->begin (self->sink->data, pending_key (self), error))
    return;
  self->pending = self->depth++ > 0;
  g_strlcpy (self->key, name, sizeof self->key);
  g_string_truncate (self->text, 0);
}

static void on_element_ended_cb (GMarkupParseContext *context, const char *name, gpointer data,
                                 GError **error) {
  Reader *self = data;

  self->depth--;
  if (self->pending) {
    self->pending = FALSE;
    self->sink->value (self->sink->data, pending_key (self), g_strstrip (self->text->str), error);
  } else if (self->depth > 0) {
    self->sink->end (self->sink->data, error);
  }
}

static void on_text_found_cb (GMarkupParseContext *context, const char *text, gsize size,
                              gpointer data, GError **error) {
  Reader *self = data;

  if (!self->pending)
    return;
  if (self->text->len + size > TEXT_MAX)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "%s is too long",
                 self->key);
  else
    g_string_append_len (self->text, text, (gssize) size);
}

gboolean tambo_random_forest_read_xml (const char *text, gsize size, const TamboForestSink *sink,
                                       GError **error) {
  const GMarkupParser parser = { .start_element = on_element_started_cb,
                                 .end_element = on_element_ended_cb,
                                 .text = on_text_found_cb };
  Reader reader = { .sink = sink, .text = g_string_new (NULL) };
  g_autoptr (GError) cause = NULL;
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (
      &parser, G_MARKUP_TREAT_CDATA_AS_TEXT | G_MARKUP_PREFIX_ERROR_POSITION, &reader, NULL);
  gboolean read = g_markup_parse_context_parse (context, text, (gssize) size, &cause)
                  && g_markup_parse_context_end_parse (context, &cause);

  g_string_free (reader.text, TRUE);
  if (!read)
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, cause->message);
  return read;
}
