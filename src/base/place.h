/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the programs' own files lie: where a variable says, where they were installed, or, for a program
 * that is run from the folder it was built in, beside it.
 */
#pragma once

#include <glib.h>

/* VARIABLE's value when it is set; INSTALLED when that exists; IN_BUILD, a path relative to the
 * program's folder, when that exists; INSTALLED otherwise, for the error message. */
char *tambo_place_find (const char *variable, const char *installed, const char *in_build);
