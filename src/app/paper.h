/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Papers that a printer gets: the receipt of a case, which after the delivery is the slip of it, and the closing of a
 * day. The dialog
 * has "Print to File", which saves it as PDF; nothing of it is left on the disk otherwise.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/session.h"

/* Asks for the printer in the window of PARENT and prints the receipt of CASE_ID. What goes wrong is told
 * by the session. */
void tambo_paper_print_receipt (GtkWidget *parent, TamboSession *session, const char *case_id);

/* The same for the last closing of a day. */
void tambo_paper_print_closing (GtkWidget *parent, TamboSession *session);

/* PICTURE of the receipt of CASE_ID, WIDTH pixels wide, or NULL when it cannot be made. */
typedef void (*TamboPaperShown) (gpointer owner, cairo_surface_t *picture);
void tambo_paper_preview_receipt (TamboSession *session, const char *case_id, int width,
                                  TamboPaperShown shown, gpointer owner);
