/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The end of the day: its figures, the blanks from start to end, and what does not add up, by name; then the
 * signature.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_CLOSING_PAGE (tambo_closing_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboClosingPage, tambo_closing_page, TAMBO, CLOSING_PAGE, TamboDeskPage)
