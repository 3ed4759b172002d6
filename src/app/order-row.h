/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One order in a list: its number and since when it waits, and nothing of whom it is for; and the whole list.
 */
#pragma once

#include "app/session.h"
#include "station/order-desk.h"

GtkWidget *tambo_order_row_new (const TamboOrderRow *row, TamboOrderStage stage);
/* Of a row that was made here. */
const char *tambo_order_row_get_id (GtkListBoxRow *row);
/* Empties LIST and fills it anew with ROWS (of TamboOrderRow); the row that had the focus has it again.
 * FALLBACK has it meanwhile. */
void tambo_order_rows_fill (GtkListBox *list, GPtrArray *rows, TamboOrderStage stage,
                            GtkWidget *fallback);

/* ROWS (of TamboOrderRow) are borrowed; NULL with ERROR. Not called for a widget that left its window. */
typedef void (*TamboOrderRowsLoaded) (gpointer owner, GPtrArray *rows, const GError *error);
void tambo_order_rows_load (TamboSession *session, TamboOrderStage stage,
                            TamboOrderRowsLoaded loaded, gpointer owner);
