/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands that change a chip: "chip write" and "chip generate".
 */
#pragma once

#include "cli/cli.h"

TamboExit tambo_cli_chip_write (TamboCli *cli, int argc, char **argv);
/* A key is made on the chip, before the document that it proves is signed. */
TamboExit tambo_cli_chip_generate (TamboCli *cli, int argc, char **argv);
