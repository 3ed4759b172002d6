/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What commands say of a chip: the verdicts of an inspection, and which files there are.
 */
#pragma once

#include "chip/sod.h"
#include "cli/cli.h"

void tambo_cli_print_verdicts (GPtrArray *verdicts);
JsonArray *tambo_cli_verdicts_to_json (GPtrArray *verdicts);
/* All of them, the end of the document, and what comes of it. */
TamboExit tambo_cli_end_verdicts (TamboCli *cli, GPtrArray *verdicts);
/* Name and size of each file, and the end of the document. */
void tambo_cli_end_lds (TamboCli *cli, const TamboLds *lds);
