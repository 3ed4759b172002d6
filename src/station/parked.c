/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/parked.h"

#include "base/bytes.h"
#include "station/station-private.h"

void tambo_parked_free (TamboParked *parked) {
  if (parked == NULL)
    return;
  tambo_case_row_free (parked->row);
  tambo_secret_string_free (parked->name);
  tambo_secret_string_free (parked->note);
  g_free (parked);
}

static char *name_of (const TamboApplicant *applicant) {
  const char *surname = applicant->surname != NULL ? applicant->surname : "";
  const char *given = applicant->given_names != NULL ? applicant->given_names : "";

  return g_strconcat (surname, *surname != '\0' && *given != '\0' ? ", " : "", given, NULL);
}

/* A draft that has rotted is listed by its number alone; tambo_store_verify names it. */
static TamboParked *park (TamboStore *store, TamboCaseRow *row) {
  g_autoptr (TamboEnrolment) enrolment = tambo_cases_load (store, row->id, NULL);
  TamboParked *parked = g_new0 (TamboParked, 1);

  parked->row = row;
  parked->name = enrolment != NULL ? name_of (enrolment->applicant) : g_strdup ("");
  parked->note = enrolment != NULL ? g_strdup (enrolment->note) : NULL;
  return parked;
}

GPtrArray *tambo_parked_list (TamboStation *station, TamboCaseState state, guint count,
                              GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  g_autoptr (GPtrArray) rows =
      actor != NULL ? tambo_cases_search (store, tambo_case_state_to_string (state), error) : NULL;
  GPtrArray *all;

  if (rows == NULL)
    return NULL;
  all = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_parked_free);
  while (rows->len > 0 && all->len < count)
    g_ptr_array_add (all, park (store, g_ptr_array_steal_index (rows, 0)));
  return all;
}
