/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The appointments of this station's office, as headquarters sent them with the last exchange. Who has one is
 * sealed for this station: it takes an operator of CASE_CAPTURE to see it.
 */
#pragma once

#include "record/enrolment.h"
#include "station/station.h"

/* So long after its time somebody is awaited. */
#define TAMBO_APPOINTMENT_PATIENCE (30 * 60)

typedef enum {
  TAMBO_APPOINTMENT_AWAITED,
  TAMBO_APPOINTMENT_MISSED, /* nobody came */
  TAMBO_APPOINTMENT_ARRIVED,
} TamboAppointmentState;

typedef struct {
  char *id, *code, *office, *procedure_id;
  char *start; /* RFC 3339 */
  TamboAppointmentState state;
  char *case_id; /* of who arrived; NULL */
  TamboApplicant *applicant;
  JsonObject *answers; /* to the procedure's questions; NULL */
} TamboAppointment;

void tambo_appointment_free (TamboAppointment *appointment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboAppointment, tambo_appointment_free)
const char *tambo_appointment_state_to_string (TamboAppointmentState state);

/* Those from FROM (RFC 3339) to before TO, by time; NULL is no bound. Elements are TamboAppointment. One that
 * cannot be opened is left out. */
GPtrArray *tambo_appointments_list (TamboStation *station, const char *from, const char *to,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* CODE as a person types or a wedge reads it. NOT_FOUND. */
TamboAppointment *tambo_appointments_get (TamboStation *station, const char *code,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When headquarters said the last thing (RFC 3339): what was booked since is not here. NULL before. */
char *tambo_appointments_dup_time (TamboStation *station);

/* Begins the case of who came for the appointment, as tambo_enrol_begin does. What the document (MRZ) and
 * APPLICANT say counts, and what they leave out is taken from the appointment. PROCEDURE_ID may be NULL. STATE
 * when the document is another person's, or a case was begun for it already. */
TamboEnrolment *tambo_appointments_begin (TamboStation *station, const char *code,
                                          const char *procedure_id, const TamboApplicant *applicant,
                                          const char *mrz, const TamboGuardian *guardian,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
