/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-form.h"

#include <string.h>

#include "base/bytes.h"
#include "hq/hq-error.h"

typedef struct {
  char *name, *value;
} Field;

struct _TamboForm {
  GArray *fields; /* Field */
};

static void field_clear (gpointer data) {
  Field *field = data;

  g_free (field->name);
  tambo_secret_string_free (field->value);
}

TamboForm *tambo_form_new (void) {
  TamboForm *form = g_new0 (TamboForm, 1);

  form->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (form->fields, field_clear);
  return form;
}

void tambo_form_free (TamboForm *form) {
  if (form == NULL)
    return;
  g_array_unref (form->fields);
  g_free (form);
}

static gboolean is_clean (const char *text) {
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (g_unichar_iscntrl (c) && c != '\n' && c != '\r' && c != '\t')
      return FALSE;
  }
  return TRUE;
}

/* NULL when it is malformed. */
static char *decode (const char *text, gsize size) {
  GString *plain = g_string_sized_new (size);

  for (gsize i = 0; i < size; i++) {
    char c = text[i];

    if (c == '+') {
      c = ' ';
    } else if (c == '%') {
      int high = i + 2 < size ? g_ascii_xdigit_value (text[i + 1]) : -1;
      int low = high >= 0 ? g_ascii_xdigit_value (text[i + 2]) : -1;

      if (high < 0 || low < 0)
        return g_string_free (plain, TRUE);
      c = (char) (high << 4 | low);
      i += 2;
    }
    if (c == '\0')
      return g_string_free (plain, TRUE);
    g_string_append_c (plain, c);
  }
  if (!is_clean (plain->str))
    return g_string_free (plain, TRUE);
  return g_string_free (plain, FALSE);
}

static gboolean refuse (GError **error, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, message);
  return FALSE;
}

static gboolean add_pair (TamboForm *form, const char *pair, gsize size, GError **error) {
  const char *equals = memchr (pair, '=', size);
  gsize name_size = equals != NULL ? (gsize) (equals - pair) : size;
  Field field = { NULL };

  if (form->fields->len == TAMBO_FORM_MAX_FIELDS)
    return refuse (error, "the form has too many fields");
  field.name = decode (pair, name_size);
  field.value = equals != NULL ? decode (equals + 1, size - name_size - 1) : g_strdup ("");
  if (field.name == NULL || field.value == NULL || strlen (field.value) > TAMBO_FORM_MAX_VALUE) {
    field_clear (&field);
    return refuse (error, "a field of the form is malformed or too long");
  }
  g_strstrip (field.value);
  g_array_append_val (form->fields, field);
  return TRUE;
}

TamboForm *tambo_form_parse (const char *text, gsize size, GError **error) {
  g_autoptr (TamboForm) form = tambo_form_new ();

  while (size > 0) {
    const char *end = memchr (text, '&', size);
    gsize length = end != NULL ? (gsize) (end - text) : size;

    if (length > 0 && !add_pair (form, text, length, error))
      return NULL;
    length += end != NULL;
    text += length;
    size -= length;
  }
  return g_steal_pointer (&form);
}

const char *tambo_form_get (const TamboForm *form, const char *name) {
  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = &g_array_index (form->fields, Field, i);

    if (strcmp (field->name, name) == 0)
      return field->value;
  }
  return "";
}

const char **tambo_form_dup_all (const TamboForm *form, const char *name) {
  GPtrArray *values = g_ptr_array_new ();

  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = &g_array_index (form->fields, Field, i);

    if (strcmp (field->name, name) == 0)
      g_ptr_array_add (values, field->value);
  }
  g_ptr_array_add (values, NULL);
  return (const char **) g_ptr_array_free (values, FALSE);
}

void tambo_form_set (TamboForm *form, const char *name, const char *value) {
  Field field = { .name = g_strdup (name), .value = g_strdup (value) };

  for (guint i = form->fields->len; i > 0; i--)
    if (strcmp (g_array_index (form->fields, Field, i - 1).name, name) == 0)
      g_array_remove_index (form->fields, i - 1);
  g_array_append_val (form->fields, field);
}

char *tambo_form_encode (const TamboForm *form) {
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < form->fields->len; i++) {
    const Field *field = &g_array_index (form->fields, Field, i);
    g_autofree char *name = g_uri_escape_string (field->name, NULL, FALSE);
    g_autofree char *value = g_uri_escape_string (field->value, NULL, FALSE);

    g_string_append_printf (text, "%s%s=%s", i > 0 ? "&" : "", name, value);
  }
  return g_string_free (text, FALSE);
}
