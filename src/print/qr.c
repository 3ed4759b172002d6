/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "print/receipt-page.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QRcode, QRcode_free)

GBytes *tambo_qr_encode (const char *text, int *out_side, GError **error) {
  /* Capitals and digits in a row take two thirds of the room. */
  g_autoptr (QRcode) code = QRcode_encodeString (text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

  if (code == NULL) {
    g_set_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED,
                 "the text does not fit into a QR code: %s", g_strerror (errno));
    return NULL;
  }

  gsize size = (gsize) code->width * code->width;
  guint8 *modules = g_malloc (size);
  for (gsize i = 0; i < size; i++)
    modules[i] = code->data[i] & 1;
  *out_side = code->width;
  return g_bytes_new_take (modules, size);
}
