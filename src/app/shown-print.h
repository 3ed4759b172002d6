/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A print made ready for the screen: as it came, and with its quality map and minutiae.
 */
#pragma once

#include "app/session.h"
#include "station/print-desk.h"

typedef struct {
  cairo_surface_t *plain;
  cairo_surface_t *drawn; /* NULL when it is too small for it */
  int quality, n_minutiae;
  const char *reason; /* untranslated, static; NULL when nothing weighs against it */
  TamboFinger twin;
} TamboShownPrint;

/* A worker. Fits into WIDTH x HEIGHT. */
TamboShownPrint *tambo_shown_print_new (const TamboPrintReport *report, int width, int height);
void tambo_shown_print_free (TamboShownPrint *print);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboShownPrint, tambo_shown_print_free)

/* PRINT is NULL when it cannot be read, which was told; OWNER takes it over. */
typedef void (*TamboPrintLoaded) (gpointer owner, TamboShownPrint *print);

/* The print of FINGER in the open case. */
void tambo_shown_print_load (TamboSession *session, TamboFinger finger, int width, int height,
                             TamboPrintLoaded loaded, gpointer owner);
