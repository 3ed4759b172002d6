/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/command-template.h"

#include <string.h>

#include "base/bytes.h"
#include "format/tlv.h"

#define MAX_DEPTH 8
#define HEADER_SIZE 4

/* One reading of a template. */
typedef struct {
  const char *at;
  const TamboTemplateValues *values;
} Expansion;

static gboolean put_secret (GByteArray *array, GBytes *bytes) {
  gsize size;
  gconstpointer data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  if (data)
    tambo_put_bytes (array, data, size);
  return data != NULL;
}

static gboolean put_text (GByteArray *array, const char *text) {
  if (text)
    tambo_put_bytes (array, text, strlen (text));
  return text != NULL;
}

static gboolean put_value (const TamboTemplateValues *values, const char *name, GByteArray *array) {
  if (strcmp (name, "fid") == 0)
    tambo_put_u16 (array, values->fid);
  else if (strcmp (name, "sfi") == 0)
    tambo_put_u8 (array, (guint8) ((values->fid & 0x1F) << 3));
  else if (strcmp (name, "size") == 0)
    tambo_put_u16 (array, values->size);
  else if (strcmp (name, "offset") == 0)
    tambo_put_u16 (array, (guint16) values->offset);
  else if (strcmp (name, "offset3") == 0) {
    tambo_put_u8 (array, (guint8) (values->offset >> 16));
    tambo_put_u16 (array, (guint16) values->offset);
  } else if (strcmp (name, "block") == 0)
    tambo_put_u8 (array, values->block);
  else if (strcmp (name, "reference") == 0)
    tambo_put_u8 (array, values->reference);
  else if (strcmp (name, "data") == 0)
    tambo_put_bytes (array, values->data, values->data_size);
  else if (strcmp (name, "number") == 0)
    return put_text (array, values->number);
  else if (strcmp (name, "birth") == 0)
    return put_text (array, values->birth);
  else if (strcmp (name, "expiry") == 0)
    return put_text (array, values->expiry);
  else if (strcmp (name, "k_enc") == 0)
    return put_secret (array, values->k_enc);
  else if (strcmp (name, "k_mac") == 0)
    return put_secret (array, values->k_mac);
  else if (strcmp (name, "modulus") == 0)
    return put_secret (array, values->modulus);
  else if (strcmp (name, "exponent") == 0)
    return put_secret (array, values->exponent);
  else
    return FALSE;
  return TRUE;
}

static gboolean expand_name (Expansion *expansion, GByteArray *array) {
  const char *end = strchr (expansion->at, '}');

  if (!end)
    return FALSE;
  g_autofree char *name = g_strndup (expansion->at + 1, (gsize) (end - expansion->at) - 1);
  expansion->at = end + 1;
  return put_value (expansion->values, name, array);
}

static gboolean expand_octet (Expansion *expansion, GByteArray *array) {
  int high = g_ascii_xdigit_value (expansion->at[0]);
  int low = high < 0 ? -1 : g_ascii_xdigit_value (expansion->at[1]);

  if (low < 0)
    return FALSE;
  tambo_put_u8 (array, (guint8) (high << 4 | low));
  expansion->at += 2;
  return TRUE;
}

static void put_length (GByteArray *array, gsize size) {
  if (size > 0xFF) {
    tambo_put_u8 (array, 0x82);
    tambo_put_u16 (array, (guint16) size);
    return;
  }
  if (size > 0x7F)
    tambo_put_u8 (array, 0x81);
  tambo_put_u8 (array, (guint8) size);
}

/* Up to a colon, the end of the group, or the end of the text. */
static gboolean expand (Expansion *expansion, guint depth, GByteArray *array) {
  while (*expansion->at && *expansion->at != ':' && *expansion->at != ')') {
    if (*expansion->at == ' ') {
      expansion->at++;
    } else if (*expansion->at == '{') {
      if (!expand_name (expansion, array))
        return FALSE;
    } else if (*expansion->at == '(') {
      g_autoptr (GByteArray) inner = g_byte_array_new ();
      expansion->at++;
      gboolean whole = depth < MAX_DEPTH && expand (expansion, depth + 1, inner)
                       && *expansion->at++ == ')' && inner->len <= G_MAXUINT16;
      if (whole) {
        put_length (array, inner->len);
        tambo_put_bytes (array, inner->data, inner->len);
      }
      tambo_secret_wipe (inner->data, inner->len);
      if (!whole)
        return FALSE;
    } else if (!expand_octet (expansion, array)) {
      return FALSE;
    }
  }
  return depth > 0 || *expansion->at != ')';
}

gboolean tambo_command_template_expand (const char *text, const TamboTemplateValues *values,
                                        GByteArray *data, TamboCommand *out_command) {
  Expansion expansion = { text, values };
  g_autoptr (GByteArray) header = g_byte_array_new ();
  g_autoptr (GByteArray) le = g_byte_array_new ();

  if (!expand (&expansion, 0, header) || header->len != HEADER_SIZE)
    return FALSE;
  if (*expansion.at == ':') {
    expansion.at++;
    if (!expand (&expansion, 0, data))
      return FALSE;
  }
  if (*expansion.at == ':') {
    expansion.at++;
    if (!expand (&expansion, 0, le) || le->len != 1)
      return FALSE;
  }
  if (*expansion.at)
    return FALSE;
  *out_command = (TamboCommand){ .cla = header->data[0],
                                 .ins = header->data[1],
                                 .p1 = header->data[2],
                                 .p2 = header->data[3],
                                 .data = data->data,
                                 .size = data->len,
                                 .le = TAMBO_LE_NONE };
  if (le->len == 1)
    out_command->le = le->data[0] ? le->data[0] : 256;
  return TRUE;
}
