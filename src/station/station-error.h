/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of the use cases: what a rule, a role or a state forbids.
 */
#pragma once

#include <glib.h>

#define TAMBO_STATION_ERROR (tambo_station_error_quark ())
GQuark tambo_station_error_quark (void);

typedef enum {
  TAMBO_STATION_ERROR_NOT_SIGNED_IN,  /* nobody is at the desk */
  TAMBO_STATION_ERROR_ROLE,           /* the operator's role does not allow it */
  TAMBO_STATION_ERROR_FOUR_EYES,      /* a second person has to do this */
  TAMBO_STATION_ERROR_STATE,          /* the case or order is not in a state that allows it */
  TAMBO_STATION_ERROR_QUALITY,        /* the sample is not good enough; the message says why */
  TAMBO_STATION_ERROR_STOCK,          /* no blank of that kind, or not that one */
  TAMBO_STATION_ERROR_NOT_REGISTERED, /* headquarters has not certified this station yet */
  TAMBO_STATION_ERROR_NOT_FOUND,      /* no such procedure, case or order */
  TAMBO_STATION_ERROR_NO_STATION,     /* there is none in that folder */
  TAMBO_STATION_ERROR_EXISTS,         /* there is a station in that folder already */
  TAMBO_STATION_ERROR_NO_SPACE,       /* too little room left to begin an enrolment */
  TAMBO_STATION_ERROR_ALERT,  /* one of them is about this applicant, and nobody has been told */
  TAMBO_STATION_ERROR_ALERTS, /* headquarters' alerts cannot be compared with anybody */
  TAMBO_STATION_ERROR_OTHER_FINGER, /* the finger is not the one of the holder that it should be */
} TamboStationError;
