/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <openssl/err.h>

G_DEFINE_QUARK (tambo_base_error, tambo_base_error)

static TamboBaseError code_for_errno (int saved_errno) {
  switch (saved_errno) {
  case ENOSPC:
  case EDQUOT:
    return TAMBO_BASE_ERROR_NO_SPACE;
  case EACCES:
  case EPERM:
  case EROFS:
    return TAMBO_BASE_ERROR_PERMISSION;
  case ENOENT:
    return TAMBO_BASE_ERROR_NOT_FOUND;
  default:
    return TAMBO_BASE_ERROR_IO;
  }
}

void tambo_error_set_errno (GError **error, int saved_errno, const char *context) {
  g_set_error (error, TAMBO_BASE_ERROR, code_for_errno (saved_errno), "%s: %s", context,
               g_strerror (saved_errno));
}

void tambo_error_set_openssl (GError **error, const char *context) {
  unsigned long code = ERR_peek_last_error ();
  const char *reason = code != 0 ? ERR_reason_error_string (code) : NULL;

  /* Reason strings are constants of OpenSSL; the data attached to an entry may quote its input. */
  g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_FAILED, "%s: %s", context,
               reason != NULL ? reason : "OpenSSL gave no reason");
  ERR_clear_error ();
}

gboolean tambo_error_pass (GError **cause, GError **error) {
  if (*cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (cause));
  return FALSE;
}
