/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of "tamboctl stock" that have a file of their own.
 */
#pragma once

#include "cli/cli.h"

/* "reconcile": what two persons counted, against the book. */
TamboExit tambo_stock_reconcile (TamboCli *cli, int argc, char **argv);
