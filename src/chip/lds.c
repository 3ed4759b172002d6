/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/lds.h"

#include "base/bytes.h"

/* Doc 9303-10 table 38 and sections 4.6 and 4.7, in the order of TamboLdsFile. */
static const struct {
  const char *name;
  guint8 tag;
  guint16 id;
} files[TAMBO_LDS_N_FILES] = {
  { "COM", 0x60, 0x011E },  { "DG1", 0x61, 0x0101 },  { "DG2", 0x75, 0x0102 },
  { "DG3", 0x63, 0x0103 },  { "DG4", 0x76, 0x0104 },  { "DG5", 0x65, 0x0105 },
  { "DG6", 0x66, 0x0106 },  { "DG7", 0x67, 0x0107 },  { "DG8", 0x68, 0x0108 },
  { "DG9", 0x69, 0x0109 },  { "DG10", 0x6A, 0x010A }, { "DG11", 0x6B, 0x010B },
  { "DG12", 0x6C, 0x010C }, { "DG13", 0x6D, 0x010D }, { "DG14", 0x6E, 0x010E },
  { "DG15", 0x6F, 0x010F }, { "DG16", 0x70, 0x0110 }, { "SOD", 0x77, 0x011D },
};

const char *tambo_lds_file_name (TamboLdsFile file) {
  g_return_val_if_fail (file < TAMBO_LDS_N_FILES, NULL);
  return files[file].name;
}

gboolean tambo_lds_file_from_name (const char *name, TamboLdsFile *out_file) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (g_ascii_strcasecmp (files[i].name, name) == 0) {
      *out_file = i;
      return TRUE;
    }
  }
  return FALSE;
}

guint8 tambo_lds_file_tag (TamboLdsFile file) {
  g_return_val_if_fail (file < TAMBO_LDS_N_FILES, 0);
  return files[file].tag;
}

guint16 tambo_lds_file_id (TamboLdsFile file) {
  g_return_val_if_fail (file < TAMBO_LDS_N_FILES, 0);
  return files[file].id;
}

gboolean tambo_lds_file_from_tag (guint8 tag, TamboLdsFile *out_file) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (files[i].tag == tag) {
      *out_file = i;
      return TRUE;
    }
  }
  return FALSE;
}

TamboLds *tambo_lds_new (void) {
  return g_new0 (TamboLds, 1);
}

void tambo_lds_free (TamboLds *lds) {
  if (!lds)
    return;
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++)
    g_clear_pointer (&lds->files[i], g_bytes_unref);
  g_free (lds);
}

void tambo_lds_set (TamboLds *lds, TamboLdsFile file, GBytes *bytes) {
  g_return_if_fail (file < TAMBO_LDS_N_FILES);

  GBytes *old = lds->files[file];
  lds->files[file] = bytes ? g_bytes_ref (bytes) : NULL;
  g_clear_pointer (&old, g_bytes_unref);
}

gboolean tambo_lds_equal (const TamboLds *a, const TamboLds *b) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (!a->files[i] != !b->files[i])
      return FALSE;
    if (a->files[i] && !g_bytes_equal (a->files[i], b->files[i]))
      return FALSE;
  }
  return TRUE;
}

GBytes *tambo_lds_encode (const TamboLds *lds) {
  g_autoptr (GByteArray) array = g_byte_array_new ();

  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (!lds->files[i])
      continue;
    gsize size;
    gconstpointer data = g_bytes_get_data (lds->files[i], &size);
    tambo_put_u8 (array, (guint8) i);
    tambo_put_u32 (array, (guint32) size);
    tambo_put_bytes (array, data, size);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

TamboLds *tambo_lds_parse (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  g_autoptr (TamboLds) lds = tambo_lds_new ();

  while (tambo_reader_left (&reader) > 0) {
    guint8 file;
    guint32 size;
    const guint8 *data;
    if (!tambo_reader_u8 (&reader, &file) || !tambo_reader_u32 (&reader, &size)
        || !tambo_reader_take (&reader, size, &data)) {
      g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                           "the archive of data groups is cut off");
      return NULL;
    }
    if (file >= TAMBO_LDS_N_FILES || lds->files[file]) {
      g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                   "the archive of data groups names file %u, which is unknown or there twice",
                   file);
      return NULL;
    }
    lds->files[file] = g_bytes_new (data, size);
  }
  return g_steal_pointer (&lds);
}
