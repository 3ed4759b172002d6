/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What to do about an error: the exit code of the command line (0 done, 1 failed, 2 usage, 3 refused by
 * a rule, 4 device or card unavailable, 5 integrity) and the next action, in one table over all the
 * error domains. The window and tamboctl show the same one.
 */
#pragma once

#include <glib.h>

typedef enum {
  TAMBO_EXIT_DONE = 0,
  TAMBO_EXIT_FAILED = 1,
  TAMBO_EXIT_USAGE = 2,
  TAMBO_EXIT_REFUSED = 3,
  TAMBO_EXIT_DEVICE = 4,
  TAMBO_EXIT_INTEGRITY = 5,
} TamboExit;

TamboExit tambo_advice_exit (const GError *error);
/* An imperative sentence without a full stop, untranslated, static. Never empty. */
const char *tambo_advice_action (const GError *error);
