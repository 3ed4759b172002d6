/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cases of this station. Signal "case-chosen" (id) for a draft. A row says nothing personal.
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_HOME_PAGE (tambo_home_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboHomePage, tambo_home_page, TAMBO, HOME_PAGE, AdwBin)

void tambo_home_page_set_session (TamboHomePage *self, TamboSession *session);
void tambo_home_page_enter (TamboHomePage *self);
void tambo_home_page_reload (TamboHomePage *self);
void tambo_home_page_clear (TamboHomePage *self);
