/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every place and every act, found by typing (F10, Ctrl+K). What the role may not do is absent.
 */
#pragma once

#include <adwaita.h>

#define TAMBO_TYPE_GO_TO (tambo_go_to_get_type ())
G_DECLARE_FINAL_TYPE (TamboGoTo, tambo_go_to, TAMBO, GO_TO, GtkPopover)

TamboGoTo *tambo_go_to_new (void);
/* For somebody with ROLE (TamboRole bits); the list is empty before. */
void tambo_go_to_open (TamboGoTo *self, guint role);
