/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GtkStack leaves its other pages visible to assistive technology, which then reads what is not on the
 * screen. Here the others are hidden, and of the one that is shown the title is said, where it has one.
 */
#pragma once

#include <gtk/gtk.h>

void tambo_stack_show (GtkStack *stack, const char *name);
