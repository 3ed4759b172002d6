/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole desk: every device is played while one command runs, and nothing of it is left behind.
 */
#pragma once

int tambo_simulator_desk_main (int argc, char **argv);
