/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/audit-desk.h"

#include "station/station-private.h"

GPtrArray *tambo_audit_desk_list (TamboStation *station, GError **error) {
  return tambo_audit_list (tambo_station_get_store (station), error);
}

static gboolean verify_countersignature (TamboStation *station, GError **error) {
  gint64 size;
  g_autofree char *root = NULL, *statement = NULL;

  if (!tambo_audit_get_countersigned (tambo_station_get_store (station), &size, &root, &statement,
                                      error))
    return FALSE;
  if (statement == NULL)
    return TRUE;
  g_autoptr (TamboCheckpoint) head =
      tambo_checkpoint_verify (statement, tambo_station_get_trust (station)->signing_key, error);
  if (head == NULL)
    return FALSE;
  if (head->size == size && g_strcmp0 (head->root, root) == 0
      && g_strcmp0 (head->station, tambo_station_get_code (station)) == 0)
    return TRUE;
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
               "the countersigned head is not the one that headquarters signed");
  return FALSE;
}

gboolean tambo_audit_desk_verify (TamboStation *station, gint64 *out_entries,
                                  gint64 *out_countersigned, GError **error) {
  return verify_countersignature (station, error)
         && tambo_audit_verify (tambo_station_get_store (station), out_entries, out_countersigned,
                                error);
}
