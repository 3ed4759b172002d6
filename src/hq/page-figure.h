/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures in a page, drawn as SVG: nothing is fetched, nothing runs.
 */
#pragma once

#include "hq/page.h"

/* A bar for each count, the first one left. LABEL is its name for who cannot see it. */
void tambo_page_bars (TamboPage *page, const char *label, const gint64 *counts, guint n);
/* TEXT as a QR code; FALSE, and nothing, when it is too long for one. */
gboolean tambo_page_qr (TamboPage *page, const char *label, const char *text);
