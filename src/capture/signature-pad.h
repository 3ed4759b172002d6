/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A signature pad: pen samples as they come, and the signature when the pen has rested.
 */
#pragma once

#include "capture/device.h"
#include "format/iso19794-7.h"

/* Called on the capturing thread for each report. */
typedef void (*TamboPenSampleFunc) (const TamboPenSample *sample, gpointer data);

#define TAMBO_TYPE_SIGNATURE_PAD (tambo_signature_pad_get_type ())
G_DECLARE_DERIVABLE_TYPE (TamboSignaturePad, tambo_signature_pad, TAMBO, SIGNATURE_PAD, TamboDevice)

struct _TamboSignaturePadClass {
  TamboDeviceClass parent_class;
  TamboSignature *(*capture) (TamboSignaturePad *self, guint rest_ms, guint timeout_ms,
                              TamboPenSampleFunc sample, gpointer data, GCancellable *cancellable,
                              GError **error);
};

/* Clears the pad, inks, and ends REST_MS after the pen was last down. TAMBO_CAPTURE_RETRY_NO_INK when
 * nothing was written within TIMEOUT_MS. */
TamboSignature *tambo_signature_pad_capture (TamboSignaturePad *self, guint rest_ms,
                                             guint timeout_ms, TamboPenSampleFunc sample,
                                             gpointer data, GCancellable *cancellable,
                                             GError **error);
