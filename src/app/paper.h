/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Papers that a printer gets: the receipt of a case, the label of a document, the record of a delivery, and the closing
 * of a day. The dialog shows the paper, and has "Print to File", which saves it as PDF; nothing of it is left on the
 * disk otherwise.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/session.h"
#include "station/delivery-sheet.h"

/* Asks for the printer in the window of PARENT and prints the receipt of CASE_ID. What goes wrong is told
 * by the session. */
void tambo_paper_print_receipt (GtkWidget *parent, TamboSession *session, const char *case_id);

/* The record of DELIVERY, which is over; it is copied. */
void tambo_paper_print_delivery (GtkWidget *parent, TamboSession *session,
                                 const TamboDelivery *delivery);

/* The label of the document of ORDER_ID, which is on BLANK. */
void tambo_paper_print_label (GtkWidget *parent, TamboSession *session, const char *order_id,
                              const char *blank);

/* The same for the last closing of a day. */
void tambo_paper_print_closing (GtkWidget *parent, TamboSession *session);

/* PICTURE of the receipt of CASE_ID, WIDTH pixels wide, or NULL when it cannot be made. */
typedef void (*TamboPaperShown) (gpointer owner, cairo_surface_t *picture);
void tambo_paper_preview_receipt (TamboSession *session, const char *case_id, int width,
                                  TamboPaperShown shown, gpointer owner);
