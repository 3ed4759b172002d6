/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases that wait for a second person: what the first one wants to pass, both pictures, and the decision with
 * a sentence.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_APPROVALS_PAGE (tambo_approvals_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboApprovalsPage, tambo_approvals_page, TAMBO, APPROVALS_PAGE,
                      TamboDeskPage)
