/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Identifiers: random UUIDs (RFC 4122 version 4, lower case) for records, and tracking numbers that
 * a person can read over a telephone.
 */
#pragma once

#include <glib.h>

char *tambo_id_new (void);
gboolean tambo_id_is_valid (const char *text);
/* "TB-7K3M-9QX4-H": 8 random characters of an alphabet without look-alikes and a check character
 * (ISO 7064 MOD 37-2 reduced to that alphabet); tambo_tracking_is_valid catches any single wrong
 * character. */
char *tambo_tracking_new (void);
gboolean tambo_tracking_is_valid (const char *text);
