/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A camera on the network that sends is alive, however slowly: libgphoto2 tells of the progress of a download
 * over USB and is silent over the network, where a large picture may take longer than a hung camera is waited for.
 */
#pragma once

/* Once for the process, before the line is opened: says ALIVE as long as its TCP connections bring more than
 * answers. */
void tambo_line_watch (void);
