/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include "format/image-codec-private.h"
#include "format/wsq-simd.h"

#include <stdlib.h>

TAMBO_WSQ_SIMD
static void put_pixels (guint8 *restrict out, const float *restrict samples, gsize size,
                        float shift, float scale) {
  for (gsize i = 0; i < size; i++) {
    float value = samples[i] * scale + shift;
    /* Written so that what is no number is black. */
    value = value > 0 ? value : 0;
    value = value < 255 ? value : 255;
    out[i] = (guint8) (int) value;
  }
}

static TamboImage *no_memory (GError **error) {
  g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED,
                       "no memory for a WSQ image");
  return NULL;
}

TamboImage *tambo_wsq_decode (GBytes *bytes, GError **error) {
  g_auto (TamboWsqFile) file;

  if (!tambo_wsq_file_read (&file, bytes, error))
    return NULL;
  g_autoptr (TamboImage) image = tambo_image_new_checked ("WSQ", (guint32) file.tree.width,
                                                          (guint32) file.tree.height, 1, error);
  if (image == NULL)
    return NULL;
  gsize pixels = tambo_image_size (image);
  float *memory = tambo_wsq_planes_new (2 * pixels * sizeof (float));
  if (memory == NULL)
    return no_memory (error);

  float *planes[2] = { memory, memory + pixels };
  tambo_wsq_dequantise (&file.quantiser, &file.tree, file.indices, planes);
  gboolean whole = tambo_wsq_synthesise (&file.tree, &file.filters, planes);
  if (whole)
    put_pixels (image->data, planes[0], pixels, (float) file.shift + 0.5F, (float) file.scale);
  free (memory);
  if (!whole)
    return no_memory (error);
  image->ppi = file.ppi;
  return g_steal_pointer (&image);
}
