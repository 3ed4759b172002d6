/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/ridge-flow.h"

#include "base/bytes.h"

#include <math.h>
#include <string.h>

#define AREA_TYPE 0x0154 /* above 0x00FF: a vendor's */
#define AREA_HEADER 4
#define GRID_HEADER 4
#define VERSION 1
#define SIDE_MAX 200 /* cells: a picture of 3,200 pixels */
#define ANGLE_MAX 127
#define CELLS (TAMBO_RIDGE_FLOW_CELL / TAMBO_RIDGE_CELL)

void tambo_ridge_flow_clear (TamboRidgeFlow *flow) {
  g_clear_pointer (&flow->angles, g_free);
  flow->columns = flow->rows = 0;
}

/* The mean of the fine cells, if most of them are finger. */
static guint8 read_angle (const TamboRidgeField *field, int column, int row) {
  float cosine = 0, sine = 0;
  int inside = 0;

  for (int y = row * CELLS; y < MIN ((row + 1) * CELLS, field->rows); y++) {
    for (int x = column * CELLS; x < MIN ((column + 1) * CELLS, field->columns); x++) {
      int cell = y * field->columns + x;
      if (!field->finger[cell])
        continue;
      inside++;
      cosine += field->cosine[cell];
      sine += field->sine[cell];
    }
  }
  if (2 * inside <= CELLS * CELLS)
    return TAMBO_RIDGE_FLOW_NONE;
  return (guint8) (lrintf (-atan2f (sine, cosine) * (float) (64 / G_PI)) & ANGLE_MAX);
}

GBytes *tambo_ridge_flow_encode (const TamboRidgeField *field) {
  int columns = MIN ((field->columns + CELLS - 1) / CELLS, SIDE_MAX);
  int rows = MIN ((field->rows + CELLS - 1) / CELLS, SIDE_MAX);
  GByteArray *array = g_byte_array_new ();

  tambo_put_u16 (array, AREA_TYPE);
  tambo_put_u16 (array, (guint16) (AREA_HEADER + GRID_HEADER + columns * rows));
  tambo_put_u8 (array, VERSION);
  tambo_put_u8 (array, TAMBO_RIDGE_FLOW_CELL);
  tambo_put_u8 (array, (guint8) columns);
  tambo_put_u8 (array, (guint8) rows);
  for (int row = 0; row < rows; row++)
    for (int column = 0; column < columns; column++)
      tambo_put_u8 (array, read_angle (field, column, row));
  return g_byte_array_free_to_bytes (array);
}

static gboolean parse_grid (const guint8 *data, gsize size, TamboRidgeFlow *out_flow) {
  if (size < GRID_HEADER || data[0] != VERSION || data[1] != TAMBO_RIDGE_FLOW_CELL
      || data[2] > SIDE_MAX || data[3] > SIDE_MAX
      || size != GRID_HEADER + (gsize) data[2] * (gsize) data[3])
    return FALSE;
  for (gsize i = GRID_HEADER; i < size; i++)
    if (data[i] > ANGLE_MAX && data[i] != TAMBO_RIDGE_FLOW_NONE)
      return FALSE;
  out_flow->columns = data[2];
  out_flow->rows = data[3];
  out_flow->angles = g_memdup2 (data + GRID_HEADER, size - GRID_HEADER);
  return TRUE;
}

gboolean tambo_ridge_flow_parse (GBytes *extended, TamboRidgeFlow *out_flow) {
  if (extended == NULL)
    return FALSE;

  TamboReader reader = tambo_reader_for_bytes (extended);
  guint16 type, length;
  const guint8 *data;

  while (tambo_reader_u16 (&reader, &type) && tambo_reader_u16 (&reader, &length)
         && length >= AREA_HEADER && tambo_reader_take (&reader, length - AREA_HEADER, &data))
    if (type == AREA_TYPE)
      return parse_grid (data, length - AREA_HEADER, out_flow);
  return FALSE;
}
