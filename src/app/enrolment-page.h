/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One enrolment: the list of steps at the left, the page of the step, Back and Continue below.
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_ENROLMENT_PAGE (tambo_enrolment_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboEnrolmentPage, tambo_enrolment_page, TAMBO, ENROLMENT_PAGE, AdwBin)

void tambo_enrolment_page_set_session (TamboEnrolmentPage *self, TamboSession *session);
/* Goes to the first step of the open case that is not done. */
void tambo_enrolment_page_enter (TamboEnrolmentPage *self);
/* Goes where the clerk was, in the case that is open. */
void tambo_enrolment_page_enter_at (TamboEnrolmentPage *self, TamboStep step, const char *field);
/* Devices stop, fields are saved. */
void tambo_enrolment_page_leave (TamboEnrolmentPage *self);
void tambo_enrolment_page_refresh (TamboEnrolmentPage *self);
/* The step lets its device go, and begins anew with what the case is then. */
void tambo_enrolment_page_suspend (TamboEnrolmentPage *self);
void tambo_enrolment_page_resume (TamboEnrolmentPage *self);

/* What the keys do. */
void tambo_enrolment_page_continue (TamboEnrolmentPage *self);
void tambo_enrolment_page_back (TamboEnrolmentPage *self);
void tambo_enrolment_page_go (TamboEnrolmentPage *self, TamboStep step);
void tambo_enrolment_page_cancel (TamboEnrolmentPage *self);
/* Focus to Continue. */
void tambo_enrolment_page_ready (TamboEnrolmentPage *self);
/* A step without its device looks for it once more. */
void tambo_enrolment_page_again (TamboEnrolmentPage *self);
/* A document was swiped: its lines go to the identity, whatever step is shown. */
void tambo_enrolment_page_swipe (TamboEnrolmentPage *self, const char *mrz);
