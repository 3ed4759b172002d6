/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole case on one page, with what the rules say of it. Continue seals.
 */
#pragma once

#include "app/step-page.h"

#define TAMBO_TYPE_REVIEW_PAGE (tambo_review_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboReviewPage, tambo_review_page, TAMBO, REVIEW_PAGE, TamboStepPage)
