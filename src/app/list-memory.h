/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists remember where the clerk was, the row and how far they were scrolled, for when their place is come back to
 * and when they are made anew. A row is known by a key that says nothing personal, such as a case's id; what was
 * typed into a search is no part of it and goes with the lock.
 */
#pragma once

#include <gtk/gtk.h>

void tambo_list_memory_set_key (GtkWidget *row, const char *key);
/* Of the row that was chosen last, by Enter, a click or the page itself; NULL for none. */
const char *tambo_list_memory_get_chosen (GtkListBox *list);

/* PAGE is left: its lists as they are now. */
void tambo_list_memory_leave (GtkWidget *page);
/* Before PAGE is entered: its lists stand as they did once they are filled, and the focus goes to the row it was on,
 * unless the clerk presses a key before. */
void tambo_list_memory_enter (GtkWidget *page);
/* Of all lists in WIDGET: another one signs in. */
void tambo_list_memory_forget (GtkWidget *widget);

void tambo_list_memory_choose (GtkListBox *list, const char *key);

/* ---- for row-list.h, and for who fills a list without it ---- */

/* The focus leaves LIST. */
void tambo_list_memory_note (GtkListBox *list);
/* The clerk has chosen ROW in it. */
void tambo_list_memory_choose_row (GtkListBox *list, GtkListBoxRow *row);

/* Before its rows go. */
void tambo_list_memory_hold (GtkListBox *list);
/* The index of the row that was held, or OTHERWISE. */
int tambo_list_memory_find (GtkListBox *list, int otherwise);
/* The rows are there; IS_SAME when they have only been made anew, with the focus on one of them. */
void tambo_list_memory_filled (GtkListBox *list, gboolean is_same);
