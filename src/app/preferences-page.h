/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The station's preferences, which hold as soon as they are chosen, and the operator's own finger for
 * unlocking.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_PREFERENCES_PAGE (tambo_preferences_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboPreferencesPage, tambo_preferences_page, TAMBO, PREFERENCES_PAGE,
                      TamboDeskPage)
