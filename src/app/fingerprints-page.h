/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fingers that the procedure asks for, one after another: each capture starts by itself.
 */
#pragma once

#include "app/step-page.h"

#define TAMBO_TYPE_FINGERPRINTS_PAGE (tambo_fingerprints_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboFingerprintsPage, tambo_fingerprints_page, TAMBO, FINGERPRINTS_PAGE,
                      TamboStepPage)
