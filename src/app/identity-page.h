/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who the applicant is: the MRZ of the travel document fills the fields, the clerk types the rest.
 */
#pragma once

#include "app/step-page.h"

#define TAMBO_TYPE_IDENTITY_PAGE (tambo_identity_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboIdentityPage, tambo_identity_page, TAMBO, IDENTITY_PAGE, TamboStepPage)

/* A document was read wherever the focus was: its lines are shown, judged, and fill the fields when they hold. */
void tambo_identity_page_swipe (TamboIdentityPage *self, const char *mrz);
/* The field that has the focus, "surname" or "guardian.surname"; NULL for none. */
char *tambo_identity_page_dup_field (TamboIdentityPage *self);
void tambo_identity_page_focus_field (TamboIdentityPage *self, const char *field);
