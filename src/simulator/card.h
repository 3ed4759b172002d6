/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `tambo-simulator card`: an eMRTD chip on the far side of a virtual reader (vpcd), with the
 * misfortunes of real ones: torn from the reader, mute, full, lying about its status.
 */
#pragma once

/* argv[0] is the command's own name. Runs until SIGINT or SIGTERM; gives the exit code. */
int tambo_simulator_card_main (int argc, char **argv);
