/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What practice is, and how to get in and out of it.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_PRACTICE_PAGE (tambo_practice_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboPracticePage, tambo_practice_page, TAMBO, PRACTICE_PAGE, TamboDeskPage)
