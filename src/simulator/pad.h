/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A signature pad and the person who signs on it as soon as it takes ink.
 */
#pragma once

int tambo_simulator_pad_main (int argc, char **argv);
