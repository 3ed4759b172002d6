/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The offer to take the last act back: a toast with a button, and Ctrl+Z as long as it is there.
 */
#pragma once

#include <adwaita.h>

#define TAMBO_TYPE_UNDO (tambo_undo_get_type ())
G_DECLARE_FINAL_TYPE (TamboUndo, tambo_undo, TAMBO, UNDO, GObject)

typedef void (*TamboUndoFunc) (gpointer owner);

/* OVERLAY is borrowed, and outlives it; so does OWNER. */
TamboUndo *tambo_undo_new (AdwToastOverlay *overlay, gpointer owner);

/* TEXT says what was done. Of both functions one is called, once: TAKE_BACK when the clerk wants it, KEEP (may
 * be NULL) when the toast is gone, the page was left, or something else can be taken back. */
void tambo_undo_offer (TamboUndo *self, const char *text, TamboUndoFunc take_back,
                       TamboUndoFunc keep);
/* FALSE when there is no offer. */
gboolean tambo_undo_take_back (TamboUndo *self);
/* What was done stays done. */
void tambo_undo_end (TamboUndo *self);
/* Neither is called: what was done does not matter any more. */
void tambo_undo_drop (TamboUndo *self);
