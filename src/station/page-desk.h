/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sheets of paper into one document: each cut out of what it lay on, straightened, all in one PDF.
 */
#pragma once

#include "format/image.h"

/* The sheet alone, upright, or the picture as it is where none stands out. */
TamboImage *tambo_page_desk_straighten (const TamboImage *page);
/* PAGES are of TamboImage, at least one, in their order. */
GBytes *tambo_page_desk_bind (const GPtrArray *pages, GError **error) G_GNUC_WARN_UNUSED_RESULT;
