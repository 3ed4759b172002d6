/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A record of the outbox as the clerk reads it: the case it belongs to, how far it came, why it is stuck, and which
 * step mends that.
 */
#pragma once

#include "app/session.h"
#include "station/headquarters.h"

typedef struct {
  TamboOutboxRow *row;
  char *number; /* tracking number of its case; "" for none */
  TamboNotice
      *refusal;  /* headquarters decided against its case, and nobody has acted upon it; NULL */
  GError *cause; /* why it has not arrived; NULL */
} TamboSentRecord;

/* On the desk's queue: those that headquarters has not taken and the COUNT newest of the others, newest first, and the
 * record (or that of the case) WANTED, which may be NULL. Elements are TamboSentRecord. */
GPtrArray *tambo_sent_records_load (TamboStation *station, guint count, const char *wanted,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Index of the record (or that of the case) ID; -1. ID may be NULL. */
int tambo_sent_records_find (GPtrArray *records, const char *id);

/* Waits by itself for its turn or for the connection. */
gboolean tambo_sent_record_is_waiting (const TamboSentRecord *record);
/* Somebody has to put it back. */
gboolean tambo_sent_record_is_stuck (const TamboSentRecord *record);
/* Somebody has to act. */
gboolean tambo_sent_record_needs_somebody (const TamboSentRecord *record);

char *tambo_sent_record_title (const TamboSentRecord *record);
/* When, how often, and why not: one line. */
char *tambo_sent_record_line (const TamboSentRecord *record);
/* Cause and next action; NULL when nothing is wrong. */
char *tambo_sent_record_sentence (const TamboSentRecord *record);
/* What headquarters or the system said, in their own words; NULL. */
char *tambo_sent_record_detail (const TamboSentRecord *record);
/* The button that leads to what headquarters wants anew; NULL when it wants nothing. */
const char *tambo_sent_record_remedy (const TamboSentRecord *record, TamboStep *out_step);
