/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Type 9 with the INCITS 378 block: fields 126 to 137 (NIST SP 500-290e2, 8.9.7).
 */
#include <math.h>

#include "format/an2k-records.h"
#include "format/format-error.h"

enum {
  FIELD_IMPRESSION = 3,
  FIELD_FORMAT = 4,
  FIELD_CBEFF = 126,
  FIELD_EQUIPMENT = 127,
  FIELD_WIDTH = 128,
  FIELD_HEIGHT = 129,
  FIELD_SCALE = 130,
  FIELD_RESOLUTION_X = 131,
  FIELD_RESOLUTION_Y = 132,
  FIELD_VIEW = 133,
  FIELD_POSITION = 134,
  FIELD_QUALITY = 135,
  FIELD_COUNT = 136,
  FIELD_MINUTIAE = 137,
};

#define SCALE_PER_CENTIMETRE 2
#define QUALITY_MAX 100
#define QUALITY_FAILED 255 /* 254: none was made */
#define DEGREES_PER_STEP 2 /* of INCITS 378; ISO/IEC 19794-2 has 256 steps */
#define ANGLES_MAX 179
#define ANGLE_TO_ISO(a) ((guint8) lround ((a) *DEGREES_PER_STEP * 256.0 / 360.0))
#define ANGLE_FROM_ISO(a) ((int) lround ((a) *360.0 / 256.0 / DEGREES_PER_STEP) % 180)

/* INCITS 378 of 2004 as a CBEFF format (IBIA registry): owner 001B, type 0201. */
#define CBEFF_FORMAT "27\037513\0370"
#define EQUIPMENT_UNKNOWN "NONE\0370"

static void add_minutiae (TamboAn2kRecord *record, const GArray *minutiae) {
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < minutiae->len; i++) {
    const TamboMinutia *m = &g_array_index (minutiae, TamboMinutia, i);
    g_string_append_printf (text, "%s%u\037%u\037%u\037%d\037%u\037%u", i > 0 ? "\036" : "", i + 1,
                            m->x, m->y, ANGLE_FROM_ISO (m->angle), m->type, m->quality);
  }
  if (minutiae->len > 0)
    tambo_an2k_record_add (record, FIELD_MINUTIAE, text->str);
}

void tambo_an2k_add_type9 (TamboAn2k *an2k, const TamboMinutiaeRecord *minutiae, guint index) {
  const TamboMinutiaeView *view = g_ptr_array_index (minutiae->views, index);
  TamboAn2kRecord *record = tambo_an2k_add_record (an2k, 9, NULL);

  tambo_an2k_record_add_int (record, FIELD_IMPRESSION, view->impression);
  tambo_an2k_record_add (record, FIELD_FORMAT, "U");
  tambo_an2k_record_add (record, FIELD_CBEFF, CBEFF_FORMAT);
  tambo_an2k_record_add (record, FIELD_EQUIPMENT, EQUIPMENT_UNKNOWN);
  tambo_an2k_record_add_int (record, FIELD_WIDTH, minutiae->width);
  tambo_an2k_record_add_int (record, FIELD_HEIGHT, minutiae->height);
  tambo_an2k_record_add_int (record, FIELD_SCALE, SCALE_PER_CENTIMETRE);
  tambo_an2k_record_add_int (record, FIELD_RESOLUTION_X, minutiae->per_centimetre_x);
  tambo_an2k_record_add_int (record, FIELD_RESOLUTION_Y, minutiae->per_centimetre_y);
  tambo_an2k_record_add_int (record, FIELD_VIEW, view->view);
  tambo_an2k_record_add_int (record, FIELD_POSITION, view->position);
  tambo_an2k_record_add_int (record, FIELD_QUALITY, view->quality);
  tambo_an2k_record_add_int (record, FIELD_COUNT, (int) view->minutiae->len);
  add_minutiae (record, view->minutiae);
}

/* ---- in ---- */

static gboolean get_item (const TamboAn2kRecord *record, guint subfield, guint item, guint max,
                          guint *out_value) {
  g_autofree char *text = tambo_an2k_record_dup_item (record, FIELD_MINUTIAE, subfield, item);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, max, &value, NULL))
    return FALSE;
  *out_value = (guint) value;
  return TRUE;
}

static gboolean get_minutia (const TamboAn2kRecord *record, guint index,
                             const TamboMinutiaeRecord *bounds, TamboMinutia *minutia) {
  guint x, y, angle, type, quality;

  if (!get_item (record, index, 1, bounds->width - 1u, &x)
      || !get_item (record, index, 2, bounds->height - 1u, &y)
      || !get_item (record, index, 3, ANGLES_MAX, &angle)
      || !get_item (record, index, 4, TAMBO_MINUTIA_BIFURCATION, &type)
      || !get_item (record, index, 5, QUALITY_MAX, &quality))
    return FALSE;
  *minutia = (TamboMinutia){ .type = (guint8) type,
                             .angle = ANGLE_TO_ISO (angle),
                             .quality = (guint8) quality,
                             .x = (guint16) x,
                             .y = (guint16) y };
  return TRUE;
}

static gboolean get_header (const TamboAn2kRecord *record, TamboMinutiaeRecord *minutiae) {
  guint width, height, scale, x, y;

  if (!tambo_an2k_record_get_int (record, FIELD_WIDTH, G_MAXUINT16, &width)
      || !tambo_an2k_record_get_int (record, FIELD_HEIGHT, G_MAXUINT16, &height)
      || !tambo_an2k_record_get_int (record, FIELD_SCALE, SCALE_PER_CENTIMETRE, &scale)
      || !tambo_an2k_record_get_int (record, FIELD_RESOLUTION_X, G_MAXUINT16, &x)
      || !tambo_an2k_record_get_int (record, FIELD_RESOLUTION_Y, G_MAXUINT16, &y) || width == 0
      || height == 0 || scale == 0 || x == 0 || y == 0)
    return FALSE;
  double per_centimetre = scale == SCALE_PER_CENTIMETRE ? 1 : 1 / 2.54;
  minutiae->width = (guint16) width;
  minutiae->height = (guint16) height;
  minutiae->per_centimetre_x = (guint16) MAX (1, lround (x * per_centimetre));
  minutiae->per_centimetre_y = (guint16) MAX (1, lround (y * per_centimetre));
  return TRUE;
}

static gboolean get_view (const TamboAn2kRecord *record, const TamboMinutiaeRecord *bounds,
                          TamboMinutiaeView *view) {
  guint impression, number, position, quality, count;

  if (!tambo_an2k_record_get_int (record, FIELD_IMPRESSION, 15, &impression)
      || !tambo_an2k_record_get_int (record, FIELD_VIEW, 15, &number)
      || !tambo_an2k_record_get_int (record, FIELD_POSITION, 10, &position)
      || !tambo_an2k_record_get_int (record, FIELD_QUALITY, QUALITY_FAILED, &quality)
      || !tambo_an2k_record_get_int (record, FIELD_COUNT, TAMBO_MINUTIAE_MAX, &count))
    return FALSE;
  view->impression = (guint8) impression;
  view->view = (guint8) number;
  view->position = (guint8) position;
  view->quality = (guint8) (quality <= QUALITY_MAX ? quality : 0);
  for (guint i = 0; i < count; i++) {
    TamboMinutia minutia;
    if (!get_minutia (record, i, bounds, &minutia))
      return FALSE;
    g_array_append_val (view->minutiae, minutia);
  }
  return TRUE;
}

TamboMinutiaeRecord *tambo_an2k_record_get_minutiae (const TamboAn2kRecord *record,
                                                     GError **error) {
  g_autoptr (TamboMinutiaeRecord) minutiae = tambo_minutiae_record_new ();
  g_autoptr (TamboMinutiaeView) view = tambo_minutiae_view_new ();

  if (record->type != 9 || tambo_an2k_record_get_bytes (record, FIELD_COUNT) == NULL) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                         "ANSI/NIST record: no minutiae in the form of INCITS 378");
    return NULL;
  }
  if (!get_header (record, minutiae) || !get_view (record, minutiae, view)) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                         "ANSI/NIST record: a minutiae field is missing or out of its range");
    return NULL;
  }
  g_ptr_array_add (minutiae->views, g_steal_pointer (&view));
  return g_steal_pointer (&minutiae);
}
