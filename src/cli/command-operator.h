/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the command "operator": what its subcommands share, and those of another file.
 */
#pragma once

#include "cli/second.h"
#include "station/operator-desk.h"

/* Prints {"operator": ID, …} with --json, else TEXT; takes OBJECT, which may be NULL. */
TamboExit tambo_operator_end (TamboCli *cli, const char *id, const char *text, JsonObject *object);

TamboExit tambo_operator_token (TamboCli *cli, int argc, char **argv);
TamboExit tambo_operator_finger (TamboCli *cli, int argc, char **argv);
TamboExit tambo_operator_rotate_key (TamboCli *cli, int argc, char **argv);
