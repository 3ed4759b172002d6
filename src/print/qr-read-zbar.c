/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <zbar.h>

#include "print/qr-read.h"

#define FOURCC_Y800 0x30303859 /* 8 bits of grey */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (zbar_image_scanner_t, zbar_image_scanner_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (zbar_image_t, zbar_image_destroy)

GPtrArray *tambo_qr_read (const TamboImage *image) {
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  g_autoptr (zbar_image_scanner_t) scanner = zbar_image_scanner_create ();
  g_autoptr (zbar_image_t) page = zbar_image_create ();

  zbar_image_scanner_set_config (scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config (scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
  zbar_image_set_format (page, FOURCC_Y800);
  zbar_image_set_size (page, (unsigned) grey->width, (unsigned) grey->height);
  zbar_image_set_data (page, grey->data, tambo_image_size (grey), NULL);
  zbar_scan_image (scanner, page);
  for (const zbar_symbol_t *symbol = zbar_image_first_symbol (page); symbol != NULL;
       symbol = zbar_symbol_next (symbol)) {
    const char *data = zbar_symbol_get_data (symbol);
    unsigned size = zbar_symbol_get_data_length (symbol);
    if (zbar_symbol_get_type (symbol) == ZBAR_QRCODE && memchr (data, '\0', size) == NULL)
      g_ptr_array_add (texts, g_strndup (data, size));
  }
  return texts;
}
