/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whom an order is for: portrait, name and numbers, beside what is done with the document. Shown only
 * while the order is open.
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"
#include "station/order-desk.h"

#define TAMBO_TYPE_HOLDER_CARD (tambo_holder_card_get_type ())
G_DECLARE_FINAL_TYPE (TamboHolderCard, tambo_holder_card, TAMBO, HOLDER_CARD, AdwBin)

/* A worker. The picture for it; NULL when there is none that can be shown. */
cairo_surface_t *tambo_holder_card_picture (const TamboOpenOrder *open);
void tambo_holder_card_show (TamboHolderCard *self, const TamboOrder *order,
                             cairo_surface_t *picture);
void tambo_holder_card_clear (TamboHolderCard *self);
