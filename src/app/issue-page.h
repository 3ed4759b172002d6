/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Issuing: orders that wait, a blank for one of them, its card on the reader, and the chip as it is
 * written. What is torn goes on by itself when the same card comes back.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_ISSUE_PAGE (tambo_issue_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboIssuePage, tambo_issue_page, TAMBO, ISSUE_PAGE, TamboDeskPage)
