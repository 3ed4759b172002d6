/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The signature: ink is drawn as the pen moves on the pad.
 */
#pragma once

#include "app/step-page.h"

#define TAMBO_TYPE_SIGNATURE_PAGE (tambo_signature_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboSignaturePage, tambo_signature_page, TAMBO, SIGNATURE_PAGE,
                      TamboStepPage)
