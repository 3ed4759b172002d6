/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A camera with live view: on PTP/IP, for libgphoto2's "PTP/IP Camera" on ptpip:127.0.0.1:P:P, or on USB, where
 * libgphoto2 finds it by itself.
 */
#pragma once

int tambo_simulator_camera_main (int argc, char **argv);
