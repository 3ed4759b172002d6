/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/take-back.h"

#include "station/station-private.h"
#include "store/aside.h"

gboolean tambo_take_back_remove (TamboStation *station, TamboEnrolment *enrolment, const char *slot,
                                 GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);

  return actor != NULL
         && tambo_aside_remove (tambo_station_get_store (station), enrolment, slot, actor, error);
}

gboolean tambo_take_back (TamboStation *station, TamboEnrolment *enrolment, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);

  return actor != NULL
         && tambo_aside_restore (tambo_station_get_store (station), enrolment, actor, error);
}

gboolean tambo_take_back_forget (TamboStation *station, const TamboEnrolment *enrolment,
                                 GError **error) {
  return tambo_aside_forget (tambo_station_get_store (station), enrolment->id, error);
}
