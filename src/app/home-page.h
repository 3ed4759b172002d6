/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Today: the search, the cases that wait for somebody here, and the day in figures.
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_HOME_PAGE (tambo_home_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboHomePage, tambo_home_page, TAMBO, HOME_PAGE, AdwBin)

/* Signal "case-chosen" (id) for one to go on with. */
void tambo_home_page_set_session (TamboHomePage *self, TamboSession *session);
void tambo_home_page_enter (TamboHomePage *self);
void tambo_home_page_reload (TamboHomePage *self);
/* The focus goes into the search. */
void tambo_home_page_find (TamboHomePage *self);
/* Esc: FALSE when nothing was being searched. */
gboolean tambo_home_page_cancel (TamboHomePage *self);
/* The connection in words. */
void tambo_home_page_set_connection (TamboHomePage *self, const char *words);
/* Nothing personal stays in any widget. */
void tambo_home_page_clear (TamboHomePage *self);
