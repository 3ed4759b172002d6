/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A PTP/IP camera with live view, for libgphoto2's "PTP/IP Camera" on ptpip:127.0.0.1:P:P.
 */
#pragma once

int tambo_simulator_camera_main (int argc, char **argv);
