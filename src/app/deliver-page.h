/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery: the document that lies on the reader is compared with its order, a live finger with the
 * enrolled one; where no finger can, two persons decide by sight.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_DELIVER_PAGE (tambo_deliver_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboDeliverPage, tambo_deliver_page, TAMBO, DELIVER_PAGE, TamboDeskPage)
