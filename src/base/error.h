/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of the ground floor: codecs, cryptography and durable files.
 */
#pragma once

#include <glib.h>

#define TAMBO_BASE_ERROR (tambo_base_error_quark ())
GQuark tambo_base_error_quark (void);

typedef enum {
  TAMBO_BASE_ERROR_FAILED,     /* a library refused; the message says which */
  TAMBO_BASE_ERROR_MALFORMED,  /* bytes or text that do not have the promised form */
  TAMBO_BASE_ERROR_INTEGRITY,  /* a tag, signature, hash or proof does not hold */
  TAMBO_BASE_ERROR_NO_SPACE,   /* the disk is full (ENOSPC, EDQUOT) */
  TAMBO_BASE_ERROR_IO,         /* any other failure of the file system */
  TAMBO_BASE_ERROR_PERMISSION, /* the file exists and may not be read or written */
  TAMBO_BASE_ERROR_NOT_FOUND,  /* no such file */
} TamboBaseError;

/* Sets a TAMBO_BASE_ERROR for ERRNO: "CONTEXT: strerror". */
void tambo_error_set_errno (GError **error, int saved_errno, const char *context);

/* Sets TAMBO_BASE_ERROR_FAILED with the newest line of OpenSSL's queue, and empties the queue. */
void tambo_error_set_openssl (GError **error, const char *context);

/* What a loop ends with whose condition may have set CAUSE: TRUE when it did not, otherwise CAUSE is moved to
 * ERROR. */
gboolean tambo_error_pass (GError **cause, GError **error);
