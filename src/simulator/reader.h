/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A card reader that is nobody else's: a pcscd of its own, started by socket activation, with one
 * virtual reader (vpcd) whose card comes over TCP.
 */
#pragma once

int tambo_simulator_reader_main (int argc, char **argv);
