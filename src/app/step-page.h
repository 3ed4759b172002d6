/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every page of an enrolment has in common. The enrolment page enters and leaves them; a page
 * that is left lets its device go and loses nothing.
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_STEP_PAGE (tambo_step_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (TamboStepPage, tambo_step_page, TAMBO, STEP_PAGE, AdwBin)

struct _TamboStepPageClass {
  AdwBinClass parent_class;

  /* The page is shown: focus goes to the next act, devices start. */
  void (*enter) (TamboStepPage *self);
  void (*leave) (TamboStepPage *self);
  /* The case has changed while the page is shown. */
  void (*refresh) (TamboStepPage *self);
  /* Before Continue; FALSE keeps the clerk here, with the focus on what is wrong. */
  gboolean (*finish) (TamboStepPage *self);
  /* Stops a capture that runs (Esc). */
  void (*cancel) (TamboStepPage *self);
  /* F5: once more what was captured or failed; FALSE when the devices are to be looked for first. */
  gboolean (*again) (TamboStepPage *self);
};

void tambo_step_page_set_session (TamboStepPage *self, TamboSession *session);
TamboSession *tambo_step_page_get_session (TamboStepPage *self);

void tambo_step_page_enter (TamboStepPage *self);
void tambo_step_page_leave (TamboStepPage *self);
void tambo_step_page_refresh (TamboStepPage *self);
gboolean tambo_step_page_finish (TamboStepPage *self);
void tambo_step_page_cancel (TamboStepPage *self);
gboolean tambo_step_page_again (TamboStepPage *self);

/* Nothing is left to do here: the focus goes to Continue. */
void tambo_step_page_ready (TamboStepPage *self);
