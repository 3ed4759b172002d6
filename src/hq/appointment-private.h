/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The personal part of an appointment: sealed once for headquarters, and for each station of its office.
 */
#pragma once

#include "hq/appointment.h"
#include "hq/stations.h"

#define TAMBO_HQ_APPOINTMENT "appointment"

/* "applicant" and "answers". */
JsonObject *tambo_hq_appointment_describe (const TamboHqBooking *booking);
/* For headquarters' own envelope key. */
GBytes *tambo_hq_appointment_seal (TamboHq *hq, const char *id, JsonObject *personal,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tells the stations of the office. Inside the caller's transaction; so are the other two. */
gboolean tambo_hq_appointment_tell (TamboHq *hq, const TamboHqAppointment *appointment,
                                    JsonObject *personal, GError **error);
/* Takes the appointment back from whoever was told. */
gboolean tambo_hq_appointment_untell (TamboHq *hq, const char *id, GError **error);
/* What the stations of the office have of it, with the new time. */
gboolean tambo_hq_appointment_retell (TamboHq *hq, const TamboHqAppointment *appointment,
                                      GError **error);
