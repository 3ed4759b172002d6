/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records on their way to headquarters: state, age, tries and reason of each, and the way of the one that
 * the clerk stands on.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_OUTBOX_PAGE (tambo_outbox_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboOutboxPage, tambo_outbox_page, TAMBO, OUTBOX_PAGE, TamboDeskPage)

/* Focus to the folder of the stick that what waits is copied to. */
void tambo_outbox_page_open_stick (TamboOutboxPage *self);
