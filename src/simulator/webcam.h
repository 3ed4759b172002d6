/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A webcam on Video4Linux, for programs that look for /dev/video*.
 */
#pragma once

int tambo_simulator_webcam_main (int argc, char **argv);
