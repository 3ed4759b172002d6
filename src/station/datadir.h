/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the installed data lies: TAMBO_DATADIR, or what the build said.
 */
#pragma once

#include <glib.h>

char *tambo_datadir_path (const char *relative);
