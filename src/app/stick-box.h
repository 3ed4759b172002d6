/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What goes to headquarters on a stick and comes back on it: the folder, copying there what waits, and taking the
 * receipts that headquarters laid beside it. Everything on it is sealed or signed.
 */
#pragma once

#include "app/session.h"

#define TAMBO_TYPE_STICK_BOX (tambo_stick_box_get_type ())
G_DECLARE_FINAL_TYPE (TamboStickBox, tambo_stick_box, TAMBO, STICK_BOX, GtkBox)

/* Shows itself with the stick that is connected, and takes the focus. */
void tambo_stick_box_open (TamboStickBox *self, TamboSession *session);
void tambo_stick_box_close (TamboStickBox *self);
