/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command "chip readers".
 */
#pragma once

#include "cli/cli.h"

TamboExit tambo_cli_chip_readers (TamboCli *cli, int argc, char **argv);
