/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/desk-status.h"

#include "base/file.h"
#include "station/enrol.h"
#include "store/cases.h"
#include "store/outbox.h"

/* A draft with ten prints and four scans, and its sealed record beside it. */
#define CASE_ROOM (8 * 1024 * 1024)

gboolean tambo_desk_status_read (TamboStation *station, TamboDeskStatus *out_status,
                                 GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  TamboDeskStatus status;
  guint64 free_bytes;

  if (!tambo_outbox_count_waiting (store, &status.waiting, error)
      || !tambo_cases_count (store, TAMBO_CASE_WAITING, &status.approvals, error)
      || !tambo_file_free_space (tambo_station_get_folder (station), &free_bytes, error))
    return FALSE;
  status.cases_left =
      free_bytes > TAMBO_ENROL_FREE_SPACE
          ? (guint) MIN ((free_bytes - TAMBO_ENROL_FREE_SPACE) / CASE_ROOM, G_MAXINT)
          : 0;
  *out_status = status;
  return TRUE;
}
