/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One finger that is asked for: its name, whether it is there, its quality. Pressing it captures it.
 */
#pragma once

#include <adwaita.h>

#include "record/enrolment.h"

#define TAMBO_TYPE_FINGER_ROW (tambo_finger_row_get_type ())
G_DECLARE_FINAL_TYPE (TamboFingerRow, tambo_finger_row, TAMBO, FINGER_ROW, GtkButton)

GtkWidget *tambo_finger_row_new (TamboFinger finger);
TamboFinger tambo_finger_row_get_finger (TamboFingerRow *self);
void tambo_finger_row_show (TamboFingerRow *self, const TamboEnrolment *enrolment, int minimum,
                            gboolean is_current);
