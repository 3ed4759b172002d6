/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who else talks to the card readers: PC/SC tells that a card is taken, and not by whom. Private to the
 * room.
 */
#pragma once

#include <glib.h>

/* Other processes of this user (of all, for root) that have PC/SC's client library loaded, "scdaemon
 * (712), opensc-tool (1033)"; NULL when none is seen. */
char *tambo_pcsc_dup_rivals (void);
