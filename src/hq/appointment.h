/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Appointments: slots of an office, and who has which. Booking needs no private key: the personal part is
 * sealed as it comes in, for headquarters' envelope key (so that a station that is registered later gets
 * it, too) and for each station of the office that has told its inbox key. What is left in clear is the
 * code, the office, the time and the procedure.
 *
 * An office is the beginning of its stations' codes: "LIM" has LIM-01 and LIM-02; "LIM-01" is itself alone.
 * Times are UTC in RFC 3339 ("2026-11-23T14:30:00Z").
 */
#pragma once

#include "hq/headquarters.h"
#include "record/applicant.h"

gboolean tambo_hq_office_has (const char *office, const char *station);

typedef struct {
  char *office, *start;
  gint64 capacity, taken;
} TamboHqSlot;

void tambo_hq_slot_free (TamboHqSlot *slot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHqSlot, tambo_hq_slot_free)

/* Makes the slot, or gives it another capacity; who has an appointment keeps it. */
gboolean tambo_hq_slot_open (TamboHq *hq, const char *office, const char *start, gint64 capacity,
                             GError **error);
/* Elements are TamboHqSlot: the next LIMIT with a free place after AFTER (not before now), by time; of all
 * offices when OFFICE is NULL. */
GPtrArray *tambo_hq_slot_list_free (TamboHq *hq, const char *office, const char *after, guint limit,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Offices that have slots to come, in order: strings, NULL-terminated. */
char **tambo_hq_slot_list_offices (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  char *id;
  char *code; /* "7K3M9QXW2FHD": 60 random bits, for the person; as words of four in print */
  char *office, *start, *procedure;
  char *state; /* "booked", "cancelled" */
  char *booked_at, *changed_at;
} TamboHqAppointment;

void tambo_hq_appointment_free (TamboHqAppointment *appointment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHqAppointment, tambo_hq_appointment_free)

typedef struct {
  const char *
      request_id; /* of the form: the same again gives the same appointment, whatever else it says */
  const char *office, *start; /* of a slot */
  const char *procedure;
  const TamboApplicant
      *applicant;      /* document type, issuing state and number at least: one person has
                                      one appointment for a procedure */
  JsonObject *answers; /* to the procedure's questions, strings; NULL */
} TamboHqBooking;

/* STATE when the slot is full, past or none: tambo_hq_slot_list_free has others. EXISTS when the person has
 * an appointment for this procedure. INVALID for a booking without its form. */
TamboHqAppointment *tambo_hq_appointment_book (TamboHq *hq, const TamboHqBooking *booking,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* CODE as a person types it: blanks, hyphens and small letters are no matter. NOT_FOUND. */
TamboHqAppointment *tambo_hq_appointment_find (TamboHq *hq, const char *code,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A second time is no error and changes nothing. */
gboolean tambo_hq_appointment_cancel (TamboHq *hq, const char *code, GError **error);
/* To another slot, maybe of another office; the code stays. STATE as of booking, and when it is cancelled;
 * then nothing has changed. */
TamboHqAppointment *tambo_hq_appointment_move (TamboHq *hq, const char *code, const char *office,
                                               const char *start,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Elements are TamboHqAppointment: those of OFFICE (NULL: all) from FROM on, by time, at most LIMIT. */
GPtrArray *tambo_hq_appointment_list (TamboHq *hq, const char *office, const char *from,
                                      guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tells stations of what they were not told yet, because they told their key later or an appointment moved
 * to their office, and takes back what is long past. For who decides: it opens what lies sealed for
 * headquarters. A bounded number at a time. */
gboolean tambo_hq_appointment_settle (TamboHq *hq, GError **error);
/* "7K3M-9QXW-2FHD", for people. */
char *tambo_hq_appointment_dup_words (const char *code);
