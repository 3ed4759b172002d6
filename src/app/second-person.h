/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The second person of an act that wants two: a finger, or name and password, asked for beside the button
 * that was pressed. Who came counts for the next such act alone (tambo_station_bring_second).
 */
#pragma once

#include "app/session.h"

/* Once for each question. HAS_COME: the act may be done now; FALSE: nobody came, and nothing is to be done.
 * Not called for a widget that left its window. */
typedef void (*TamboSecondPersonDone) (gpointer owner, gboolean has_come);

/* OPERATION is what the second person puts their name to, a whole sentence in the clerk's language. OWNER
 * is kept alive until DONE was called. A question that is still open is given up before. */
void tambo_second_person_ask (GtkWidget *parent, TamboSession *session, const char *operation,
                              TamboSecondPersonDone done, gpointer owner);
/* Gives up the question that is open in the window of PARENT: the station is locked, the page is left. */
void tambo_second_person_give_up (GtkWidget *parent);
