/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tamboctl devices watch: what comes, goes and changes, a line each, until interrupted.
 */
#pragma once

#include "cli/cli.h"

TamboExit tambo_cli_devices_watch (TamboCli *cli, int argc, char **argv);
