/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of the codecs. All of them mean that the bytes, not the program, are wrong, but for FAILED.
 */
#pragma once

#include <glib.h>

#define TAMBO_FORMAT_ERROR (tambo_format_error_quark ())
GQuark tambo_format_error_quark (void);

typedef enum {
  TAMBO_FORMAT_ERROR_FAILED,      /* the library refused for no fault of the bytes */
  TAMBO_FORMAT_ERROR_MALFORMED,   /* not of the format, or cut short */
  TAMBO_FORMAT_ERROR_UNSUPPORTED, /* of the format, but a variant that is not read here */
  TAMBO_FORMAT_ERROR_TOO_LARGE,   /* more pixels or bytes than the bound */
} TamboFormatError;
