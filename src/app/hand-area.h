/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Both hands as the applicant sees them, drawn: what is captured, weak, missing, still to do, and which finger
 * now. Colour is never alone: each state has its own sign and line.
 */
#pragma once

#include <gtk/gtk.h>

#include "record/finger.h"

typedef enum {
  TAMBO_HAND_NOT_ASKED,
  TAMBO_HAND_TODO,
  TAMBO_HAND_CAPTURED,
  TAMBO_HAND_WEAK,
  TAMBO_HAND_MISSING,
} TamboHandState;

#define TAMBO_TYPE_HAND_AREA (tambo_hand_area_get_type ())
G_DECLARE_FINAL_TYPE (TamboHandArea, tambo_hand_area, TAMBO, HAND_AREA, GtkWidget)

void tambo_hand_area_set_state (TamboHandArea *self, TamboFinger finger, TamboHandState state);
/* Bits 1 << TamboFinger. */
void tambo_hand_area_set_now (TamboHandArea *self, guint fingers);
/* What assistive technology says of the picture. */
void tambo_hand_area_set_label (TamboHandArea *self, const char *label);
