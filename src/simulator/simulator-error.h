/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of the played hardware.
 */
#pragma once

#include <glib.h>

#define TAMBO_SIMULATOR_ERROR (tambo_simulator_error_quark ())
GQuark tambo_simulator_error_quark (void);

typedef enum {
  TAMBO_SIMULATOR_ERROR_FAILED,    /* the system refused; the message says what */
  TAMBO_SIMULATOR_ERROR_USAGE,     /* an option or a control command that does not exist */
  TAMBO_SIMULATOR_ERROR_MALFORMED, /* the far side does not speak its protocol */
} TamboSimulatorError;
