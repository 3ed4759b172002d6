/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the places of the window beside the enrolment have in common. The window enters and leaves
 * them; everything is built at start and shows nothing personal until it is entered.
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_DESK_PAGE (tambo_desk_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (TamboDeskPage, tambo_desk_page, TAMBO, DESK_PAGE, AdwBin)

struct _TamboDeskPageClass {
  AdwBinClass parent_class;

  /* The page is shown: focus goes to the next act, what it shows is loaded on a queue. */
  void (*enter) (TamboDeskPage *self);
  /* Before it is entered: what to stand on there, by its id. */
  void (*look_at) (TamboDeskPage *self, const char *id);
  /* Another page is shown: work of its own stops. */
  void (*leave) (TamboDeskPage *self);
  /* The station has changed while the page is shown. */
  void (*reload) (TamboDeskPage *self);
  /* F5: once more what failed, or what there is to do again. */
  void (*again) (TamboDeskPage *self);
  /* Esc: FALSE when nothing was under way, so that the window goes home. */
  gboolean (*cancel) (TamboDeskPage *self);
  /* A document was swiped, MRZ are its lines: FALSE when that is nothing for this page. */
  gboolean (*swipe) (TamboDeskPage *self, const char *mrz);
  /* The station is locked: nothing personal stays in any widget. */
  void (*clear) (TamboDeskPage *self);
};

void tambo_desk_page_set_session (TamboDeskPage *self, TamboSession *session);
TamboSession *tambo_desk_page_get_session (TamboDeskPage *self);

void tambo_desk_page_enter (TamboDeskPage *self);
void tambo_desk_page_look_at (TamboDeskPage *self, const char *id);
void tambo_desk_page_leave (TamboDeskPage *self);
void tambo_desk_page_reload (TamboDeskPage *self);
void tambo_desk_page_again (TamboDeskPage *self);
gboolean tambo_desk_page_cancel (TamboDeskPage *self);
gboolean tambo_desk_page_swipe (TamboDeskPage *self, const char *mrz);
void tambo_desk_page_clear (TamboDeskPage *self);
