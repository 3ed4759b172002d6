/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A finger on libfprint's virtual image sensor. libfprint listens on a socket while the reader is
 * open; each opening gets one press: width and height as native 32-bit integers, then the pixels.
 */
#pragma once

int tambo_simulator_finger_main (int argc, char **argv);
