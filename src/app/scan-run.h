/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One sheet of the scanner for a page of the window: scanned and straightened beside the case's thread, which may
 * go on meanwhile, then added to the document.
 */
#pragma once

#include "app/session.h"
#include "station/page-pile.h"

/* The sheet is there, and goes to the case now. */
typedef void (*TamboScanSaving) (gpointer owner);
/* PICTURE is the sheet as it was saved, or NULL with ERROR. */
typedef void (*TamboScanDone) (gpointer owner, cairo_surface_t *picture, const GError *error);

/* Between SAVING and the end nobody else looks at PILE. Neither is called after CANCELLABLE was cancelled. */
void tambo_scan_run (TamboSession *session, TamboPagePile *pile, int width, int height,
                     GCancellable *cancellable, TamboScanSaving saving, TamboScanDone done,
                     gpointer owner);
