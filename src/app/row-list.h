/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists of rows as the pages have them: one stop of Tab for the whole list, arrows from row to row, and
 * the clerk's place is kept when the list is made anew.
 */
#pragma once

#include <adwaita.h>

/* Once, for a list that was made. */
void tambo_row_list_set_up (GtkListBox *list);

/* Between the two the list is empty; the place of the focus is found again after it. */
int tambo_row_list_begin (GtkListBox *list);
void tambo_row_list_end (GtkListBox *list, int place);

/* Between the two the rows of before are there, to be kept one by one from INDEX 0 on: what is the same in
 * a list costs nothing then. LENGTH is that of the list as it is now. */
int tambo_row_list_begin_again (GtkListBox *list);
void tambo_row_list_end_again (GtkListBox *list, int length, int place);
typedef gboolean (*TamboRowListShows) (GtkListBoxRow *row, gconstpointer what);
/* The row that shows WHAT, at INDEX now, or NULL: then a new one belongs there. */
GtkListBoxRow *tambo_row_list_keep (GtkListBox *list, int index, TamboRowListShows shows,
                                    gconstpointer what);

/* The focus goes to a row. */
void tambo_row_list_focus (GtkListBox *list, int place);
/* Nothing stays in the list. */
void tambo_row_list_clear (GtkListBox *list);

void tambo_row_list_add (GtkListBox *list, GtkWidget *row);
/* A row of ICON (may be NULL), TITLE, SUBTITLE (may be NULL) and VALUE (may be NULL) at its end, which all
 * are its name. Nothing in them is markup. */
GtkWidget *tambo_row_list_add_fact (GtkListBox *list, const char *icon, const char *title,
                                    const char *subtitle, const char *value);
