/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stock of blanks: how many of each kind and for how long, what came and went; received, spoiled and put
 * back before two persons.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_BLANKS_PAGE (tambo_blanks_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboBlanksPage, tambo_blanks_page, TAMBO, BLANKS_PAGE, TamboDeskPage)
