/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sbi-image.h"

#include <string.h>

#include "capture/capture-error.h"
#include "format/image-codec.h"
#include "format/iso19794-4.h"

/* A finger of a slap at 1,000 ppi has less; a whole slap has more, and is not what was asked for. */
#define MAX_SIDE 4096

static gpointer refuse (GError **error, const char *what) {
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
               "the scanner's picture cannot be used: %s", what);
  return NULL;
}

static TamboImage *decode_view (const TamboFingerRecord *record, const TamboFirView *view,
                                GError **error) {
  g_autoptr (GError) cause = NULL;

  if (record->compression != TAMBO_FIR_UNCOMPRESSED) {
    g_autoptr (TamboImage) image = tambo_image_decode (view->image, &cause);
    return image != NULL ? tambo_image_to_grey (image) : refuse (error, cause->message);
  }
  TamboImage *image = tambo_image_new (view->width, view->height, 1);
  if (image == NULL)
    return refuse (error, "it has no pixels");
  /* The record's parser has compared its length with the sides. */
  memcpy (image->data, g_bytes_get_data (view->image, NULL), tambo_image_size (image));
  return image;
}

TamboImage *tambo_sbi_image_from_record (GBytes *bytes, TamboFinger finger, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_parse (bytes, &cause);

  if (record == NULL)
    return refuse (error, cause->message);
  if (record->views->len != 1)
    return refuse (error, "it is not one finger");
  const TamboFirView *view = record->views->pdata[0];
  if (view->position != 0 && finger != TAMBO_FINGER_UNKNOWN && view->position != (guint8) finger)
    return refuse (error, "its record is of another finger");
  if (view->width == 0 || view->height == 0 || view->width > MAX_SIDE || view->height > MAX_SIDE)
    return refuse (error, "its sides are impossible");

  g_autoptr (TamboImage) image = decode_view (record, view, error);
  if (image == NULL)
    return NULL;
  if (image->width != view->width || image->height != view->height)
    return refuse (error, "it is not as large as its record says");
  image->ppi = record->ppi;
  return g_steal_pointer (&image);
}
