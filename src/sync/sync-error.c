/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/sync-error.h"

#include <string.h>

G_DEFINE_QUARK (tambo - sync - error - quark, tambo_sync_error)

/* As they stand in the outbox of every station: none is ever given another meaning. */
static const char *const words[] = {
  [TAMBO_SYNC_ERROR_OFFLINE] = "offline",
  [TAMBO_SYNC_ERROR_CERTIFICATE] = "certificate",
  [TAMBO_SYNC_ERROR_CLOCK] = "clock",
  [TAMBO_SYNC_ERROR_REVOKED] = "revoked",
  [TAMBO_SYNC_ERROR_TOKEN] = "token",
  [TAMBO_SYNC_ERROR_SERVER] = "server",
  [TAMBO_SYNC_ERROR_REFUSED] = "refused",
  [TAMBO_SYNC_ERROR_CONFLICT] = "conflict",
  [TAMBO_SYNC_ERROR_INTEGRITY] = "integrity",
  [TAMBO_SYNC_ERROR_PROTOCOL] = "protocol",
  [TAMBO_SYNC_ERROR_FORK] = "fork",
  [TAMBO_SYNC_ERROR_PORTAL] = "portal",
  [TAMBO_SYNC_ERROR_PROXY] = "proxy",
  [TAMBO_SYNC_ERROR_LOST] = "lost",
  [TAMBO_SYNC_ERROR_TURN_OVER] = "turn-over",
  [TAMBO_SYNC_ERROR_NO_NAME] = "no-name",
  [TAMBO_SYNC_ERROR_NO_ROUTE] = "no-route",
  [TAMBO_SYNC_ERROR_CLOSED] = "closed",
  [TAMBO_SYNC_ERROR_TIMEOUT] = "timeout",
  [TAMBO_SYNC_ERROR_EXPIRED] = "expired",
  [TAMBO_SYNC_ERROR_OWN_EXPIRED] = "own-expired",
  [TAMBO_SYNC_ERROR_OLDER] = "older",
};

gboolean tambo_sync_error_is_offline (const GError *error) {
  if (error == NULL || error->domain != TAMBO_SYNC_ERROR)
    return FALSE;
  switch (error->code) {
  case TAMBO_SYNC_ERROR_OFFLINE:
  case TAMBO_SYNC_ERROR_NO_NAME:
  case TAMBO_SYNC_ERROR_NO_ROUTE:
  case TAMBO_SYNC_ERROR_CLOSED:
  case TAMBO_SYNC_ERROR_TIMEOUT:
    return TRUE;
  default:
    return FALSE;
  }
}

char *tambo_sync_error_to_note (const GError *error) {
  if (error->domain != TAMBO_SYNC_ERROR || (guint) error->code >= G_N_ELEMENTS (words))
    return g_strdup (error->message);
  return g_strdup_printf ("%s: %s", words[error->code], error->message);
}

GError *tambo_sync_error_from_note (const char *note) {
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize length = strlen (words[i]);

    if (strncmp (note, words[i], length) == 0 && strncmp (note + length, ": ", 2) == 0)
      return g_error_new_literal (TAMBO_SYNC_ERROR, (int) i, note + length + 2);
  }
  return g_error_new_literal (TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_OFFLINE, note);
}
