/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who may sit here: added, shut out, let in again, given a new first password; before a second person where
 * the station wants one.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_OPERATORS_PAGE (tambo_operators_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboOperatorsPage, tambo_operators_page, TAMBO, OPERATORS_PAGE,
                      TamboDeskPage)
