/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The portrait: live view with the oval for the face, then the picture that was taken.
 */
#pragma once

#include "app/step-page.h"

#define TAMBO_TYPE_PORTRAIT_PAGE (tambo_portrait_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboPortraitPage, tambo_portrait_page, TAMBO, PORTRAIT_PAGE, TamboStepPage)
