/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The record of a delivery on paper, for the holder and whoever hands over to sign: which document, to whom, and how it
 * was made sure that it is the holder.
 */
#pragma once

#include "station/deliver.h"

/* What the paper says, apart from the delivery it came from: another thread may draw it. */
typedef struct _TamboDeliverySheet TamboDeliverySheet;

/* DELIVERY is over. */
TamboDeliverySheet *tambo_delivery_sheet_new (const TamboDelivery *delivery);
void tambo_delivery_sheet_free (TamboDeliverySheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDeliverySheet, tambo_delivery_sheet_free)

const char *tambo_delivery_sheet_get_number (const TamboDeliverySheet *sheet);
/* A PDF; or a picture that is WIDTH pixels wide. */
GBytes *tambo_delivery_sheet_draw (const TamboDeliverySheet *sheet,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboImage *tambo_delivery_sheet_picture (const TamboDeliverySheet *sheet, int width,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
