/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/mrz-names.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

/* What section 6 writes otherwise than as the base letter without its marks: part A (Latin), and
 * part B (Cyrillic) without the exceptions for single languages, which nothing here knows. Where
 * part A leaves a choice, the first form stands. Upper case, in order of code point. */
static const struct {
  gunichar letter;
  const char *form;
} forms[] = {
  { 0x00c4, "AE" }, { 0x00c5, "AA" },   { 0x00c6, "AE" }, { 0x00d0, "D" },  { 0x00d6, "OE" },
  { 0x00d8, "OE" }, { 0x00dc, "UE" },   { 0x00de, "TH" }, { 0x00df, "SS" }, { 0x0110, "D" },
  { 0x0126, "H" },  { 0x0131, "I" },    { 0x0132, "IJ" }, { 0x013f, "L" },  { 0x0141, "L" },
  { 0x014a, "N" },  { 0x0152, "OE" },   { 0x0166, "T" },  { 0x0401, "E" },  { 0x0402, "D" },
  { 0x0404, "IE" }, { 0x0405, "DZ" },   { 0x0406, "I" },  { 0x0407, "I" },  { 0x0408, "J" },
  { 0x0409, "LJ" }, { 0x040a, "NJ" },   { 0x040b, "C" },  { 0x040c, "K" },  { 0x040e, "U" },
  { 0x040f, "DZ" }, { 0x0410, "A" },    { 0x0411, "B" },  { 0x0412, "V" },  { 0x0413, "G" },
  { 0x0414, "D" },  { 0x0415, "E" },    { 0x0416, "ZH" }, { 0x0417, "Z" },  { 0x0418, "I" },
  { 0x0419, "I" },  { 0x041a, "K" },    { 0x041b, "L" },  { 0x041c, "M" },  { 0x041d, "N" },
  { 0x041e, "O" },  { 0x041f, "P" },    { 0x0420, "R" },  { 0x0421, "S" },  { 0x0422, "T" },
  { 0x0423, "U" },  { 0x0424, "F" },    { 0x0425, "KH" }, { 0x0426, "TS" }, { 0x0427, "CH" },
  { 0x0428, "SH" }, { 0x0429, "SHCH" }, { 0x042a, "IE" }, { 0x042b, "Y" },  { 0x042c, "" },
  { 0x042d, "E" },  { 0x042e, "IU" },   { 0x042f, "IA" }, { 0x046a, "U" },  { 0x0474, "Y" },
  { 0x0490, "G" },  { 0x0492, "G" },    { 0x04ba, "C" },  { 0x1e9e, "SS" },
};

static const char *find_form (gunichar letter) {
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (forms[i].letter == letter)
      return forms[i].form;
  return NULL;
}

static gboolean is_separator (gunichar c) {
  /* Section 4.6: blank, hyphen and comma part components; all other punctuation is left out. */
  return g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION || c == 0x2212
         || c == ',' || c == '<';
}

static void append_separator (GString *text) {
  if (text->len > 0 && text->str[text->len - 1] != '<')
    g_string_append_c (text, '<');
}

/* FALSE when C has no form. */
static gboolean append_letter (GString *text, gunichar c) {
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  const char *form = find_form (c);
  gsize n_parts;

  if (form != NULL) {
    g_string_append (text, form);
    return TRUE;
  }
  n_parts = g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts));
  for (gsize i = 0; i < n_parts; i++) {
    gunichar part = g_unichar_toupper (parts[i]);

    if (g_unichar_ismark (part))
      continue;
    if (part < 'A' || part > 'Z')
      return FALSE;
    g_string_append_c (text, (char) part);
  }
  return TRUE;
}

char *tambo_mrz_transliterate_checked (const char *name, gboolean *out_complete) {
  g_autofree char *normal = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
  GString *text = g_string_new (NULL);
  gboolean complete = normal != NULL;

  for (const char *p = normal; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_unichar_toupper (g_utf8_get_char (p));

    if (is_separator (c))
      append_separator (text);
    else if (g_unichar_type (c) == G_UNICODE_MODIFIER_LETTER || g_unichar_ismark (c))
      continue; /* an apostrophe in disguise, or a mark without a precomposed letter */
    else if (g_unichar_isalpha (c))
      complete &= append_letter (text, c);
    else if (g_unichar_isdigit (c))
      complete = FALSE;
  }
  if (text->len > 0 && text->str[text->len - 1] == '<')
    g_string_truncate (text, text->len - 1);
  if (out_complete != NULL)
    *out_complete = complete;
  tambo_secret_string_free (g_steal_pointer (&normal));
  return g_string_free (text, FALSE);
}

char *tambo_mrz_transliterate (const char *name) {
  return tambo_mrz_transliterate_checked (name, NULL);
}

/* A component of a name and how many of its letters are written. */
typedef struct {
  const char *text; /* borrowed */
  gsize size;
  gsize written;
} Component;

/* The components of both identifiers; the first N_PRIMARY are the primary one's. */
typedef struct {
  GArray *components;
  guint n_primary;
} Names;

static Component *component_at (const Names *names, guint i) {
  return &g_array_index (names->components, Component, i);
}

static void add_components (Names *names, const char *text) {
  while (*text != '\0') {
    gsize size = strcspn (text, "<");
    Component component = { .text = text, .size = size, .written = size };

    if (size > 0)
      g_array_append_val (names->components, component);
    text += size + (text[size] == '<');
  }
}

/* How many fillers stand before component I. */
static gsize fillers_before (const Names *names, guint i) {
  return i == 0 ? 0 : i == names->n_primary ? 2 : 1;
}

/* Of the first N_COMPONENTS, as written. */
static gsize length_of (const Names *names, guint n_components) {
  gsize length = 0;

  for (guint i = 0; i < n_components; i++)
    length += fillers_before (names, i) + component_at (names, i)->written;
  return length;
}

static char *join (const Names *names) {
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->components->len; i++) {
    const Component *component = component_at (names, i);

    g_string_append_len (text, "<<", (gssize) fillers_before (names, i));
    g_string_append_len (text, component->text, (gssize) component->written);
  }
  return g_string_free (text, FALSE);
}

/* Makes the primary identifier leave room for "<<" and one letter of the secondary: its components
 * become initials, the last first, as in example a) of section 4.2.3.3; after that the last ones
 * are dropped, and at the very end the first one is cut. What is then left over goes back to those
 * that were cut. */
static void shorten_primary (Names *names, gsize width) {
  gsize room = width - 3;

  for (guint i = names->n_primary; i > 1 && length_of (names, names->n_primary) > room; i--)
    component_at (names, i - 1)->written = 1;
  while (names->n_primary > 1 && length_of (names, names->n_primary) > room) {
    names->n_primary--;
    g_array_remove_index (names->components, names->n_primary);
  }
  if (length_of (names, names->n_primary) > room)
    component_at (names, 0)->written = room;

  for (guint i = 0; i < names->n_primary; i++) {
    Component *component = component_at (names, i);

    while (component->written < component->size
           && length_of (names, names->components->len) < width)
      component->written++;
  }
}

/* Takes a letter from the last component that begins before POSITION of the joined text and can
 * spare one; FALSE when none can. */
static gboolean spare_letter (Names *names, gsize position) {
  for (guint i = names->components->len; i > 0; i--) {
    Component *component = component_at (names, i - 1);

    if (length_of (names, i) - component->written < position && component->written > 1) {
      component->written--;
      return TRUE;
    }
  }
  return FALSE;
}

/* A letter in the last position says that the name was cut. */
static char *cut (Names *names, gsize width) {
  char *text = join (names);

  while (strlen (text) > width && text[width - 1] == '<' && spare_letter (names, width)) {
    g_free (text);
    text = join (names);
  }
  if (strlen (text) > width)
    text[width] = '\0';
  return text;
}

char *tambo_mrz_name_field (const char *primary, const char *secondary, gsize width) {
  Names names = { .components = g_array_new (FALSE, FALSE, sizeof (Component)) };
  g_autofree char *text = NULL;
  char *field = g_strnfill (width, '<');

  add_components (&names, primary);
  names.n_primary = names.components->len;
  add_components (&names, secondary);
  if (length_of (&names, names.components->len) > width && names.components->len > names.n_primary)
    shorten_primary (&names, width);
  text = cut (&names, width);
  memcpy (field, text, strlen (text));
  g_array_unref (names.components);
  return field;
}

gboolean tambo_mrz_names_are_cut_from (const char *cut_primary, const char *cut_secondary,
                                       const char *primary, const char *secondary) {
  static const gsize widths[] = { TAMBO_MRZ_NAMES_TD1, TAMBO_MRZ_NAMES_TD2, TAMBO_MRZ_NAMES_TD3 };
  gsize length = strlen (cut_primary);

  if (*cut_secondary != '\0')
    length += 2 + strlen (cut_secondary);
  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++) {
    g_autofree char *field = NULL;
    g_autofree char *whole = NULL;

    /* A field that is not full was not cut. */
    if (length != widths[i])
      continue;
    field = tambo_mrz_name_field (cut_primary, cut_secondary, widths[i]);
    whole = tambo_mrz_name_field (primary, secondary, widths[i]);
    return strcmp (field, whole) == 0;
  }
  return FALSE;
}
