/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Verdicts of an inspection, printed and as JSON.
 */
#pragma once

#include "chip/sod.h"
#include "cli/cli.h"

void tambo_cli_print_verdicts (GPtrArray *verdicts);
JsonArray *tambo_cli_verdicts_to_json (GPtrArray *verdicts);
