/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sent-record.h"

#include <glib/gi18n.h>

#include "app/detail-text.h"
#include "app/error-text.h"
#include "station/case-desk.h"
#include "station/message.h"
#include "station/recapture.h"

/* ---- loading ---- */

static void sent_record_free (TamboSentRecord *record) {
  tambo_outbox_row_free (record->row);
  g_free (record->number);
  tambo_notice_free (record->refusal);
  g_clear_error (&record->cause);
  g_free (record);
}

/* What cannot be read of a refusal leaves the record as it is: it was received. */
static void look_at_case (TamboStation *station, TamboSentRecord *record) {
  g_autoptr (TamboCaseRow) known = record->row->case_id != NULL
                                       ? tambo_case_desk_get (station, record->row->case_id, NULL)
                                       : NULL;
  gboolean is_enrolment = g_str_equal (record->row->kind, "enrolment");

  record->number = g_strdup (known != NULL ? known->tracking_number : "");
  if (known != NULL && is_enrolment && known->state == TAMBO_CASE_REFUSED)
    record->refusal = tambo_recapture_find_refusal (station, known->id, NULL);
}

/* Takes ROW. */
static TamboSentRecord *sent_record_new (TamboStation *station, TamboOutboxRow *row) {
  TamboSentRecord *record = g_new0 (TamboSentRecord, 1);

  record->row = row;
  record->cause = tambo_headquarters_dup_cause (row);
  look_at_case (station, record);
  return record;
}

int tambo_sent_records_find (GPtrArray *records, const char *id) {
  for (guint i = 0; id != NULL && i < records->len; i++) {
    const TamboOutboxRow *row = ((const TamboSentRecord *) g_ptr_array_index (records, i))->row;
    if (g_str_equal (row->id, id) || g_strcmp0 (row->case_id, id) == 0)
      return (int) i;
  }
  return -1;
}

GPtrArray *tambo_sent_records_load (TamboStation *station, guint count, const char *wanted,
                                    GError **error) {
  /* Why a record came to nothing may have come since the sign-in. */
  tambo_message_read_failures (station);

  g_autoptr (GPtrArray) rows = tambo_headquarters_list_recent (station, count, error);
  if (rows == NULL)
    return NULL;
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) sent_record_free);
  while (rows->len > 0)
    g_ptr_array_add (records, sent_record_new (station, g_ptr_array_steal_index (rows, 0)));
  /* The one that is asked for may be an old one: a case's record has its id. */
  if (wanted != NULL && tambo_sent_records_find (records, wanted) < 0) {
    TamboOutboxRow *row = tambo_headquarters_get_record (station, wanted, NULL);
    if (row != NULL)
      g_ptr_array_insert (records, 0, sent_record_new (station, row));
  }
  return records;
}

/* ---- what it is ---- */

gboolean tambo_sent_record_is_stuck (const TamboSentRecord *record) {
  return record->row->state == TAMBO_OUTBOX_REFUSED
         || record->row->state == TAMBO_OUTBOX_QUARANTINED;
}

gboolean tambo_sent_record_is_waiting (const TamboSentRecord *record) {
  return record->row->state == TAMBO_OUTBOX_QUEUED || record->row->state == TAMBO_OUTBOX_SENDING;
}

gboolean tambo_sent_record_needs_somebody (const TamboSentRecord *record) {
  return record->refusal != NULL || tambo_sent_record_is_stuck (record);
}

/* ---- what it says ---- */

char *tambo_sent_record_title (const TamboSentRecord *record) {
  if (*record->number != '\0')
    return g_strdup_printf (g_str_equal (record->row->kind, "enrolment") ? _ ("Enrolment %s")
                                                                         : _ ("Event of %s"),
                            record->number);
  return g_strdup_printf (_ ("Event %.8s"), record->row->id);
}

char *tambo_sent_record_line (const TamboSentRecord *record) {
  const char *why = record->refusal != NULL ? record->refusal->reason
                    : record->cause != NULL ? tambo_error_text_cause (record->cause)
                                            : NULL;
  g_autofree char *time = tambo_text_time (record->row->queued_at);
  g_autofree char *tries = g_strdup_printf (ngettext ("%d try", "%d tries", record->row->attempts),
                                            record->row->attempts);

  return g_strjoin (" · ", time, tries, why, NULL);
}

char *tambo_sent_record_sentence (const TamboSentRecord *record) {
  if (record->refusal != NULL)
    return g_strdup_printf (_ ("Headquarters refused case %s: %s. The rest was sent."),
                            record->number, record->refusal->reason);
  if (record->row->state == TAMBO_OUTBOX_REFUSED)
    return g_strdup_printf (
        _ ("Headquarters cannot use the record of %s. The rest was sent. Call support; what was "
           "put right there is sent again from here."),
        *record->number != '\0' ? record->number : record->row->id);
  return record->cause != NULL ? tambo_error_text_sentence (record->cause) : NULL;
}

char *tambo_sent_record_detail (const TamboSentRecord *record) {
  return record->cause != NULL && *record->cause->message != '\0'
             ? tambo_detail_text_support (record->cause->message)
             : NULL;
}

const char *tambo_sent_record_remedy (const TamboSentRecord *record, TamboStep *out_step) {
  static const struct {
    const char *slot; /* how it begins */
    const char *label;
    TamboStep step;
  } remedies[] = {
    { "portrait", N_ ("Recapture portrait"), TAMBO_STEP_PORTRAIT },
    { "finger", N_ ("Recapture fingerprints"), TAMBO_STEP_FINGERPRINTS },
    { "signature", N_ ("Recapture signature"), TAMBO_STEP_SIGNATURE },
    { "document", N_ ("Recapture documents"), TAMBO_STEP_DOCUMENTS },
  };

  if (record->refusal == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (remedies); i++)
    for (gsize k = 0; record->refusal->recapture[k] != NULL; k++)
      if (g_str_has_prefix (record->refusal->recapture[k], remedies[i].slot)) {
        *out_step = remedies[i].step;
        return _ (remedies[i].label);
      }
  *out_step = TAMBO_STEP_IDENTITY;
  return _ ("Enrol again");
}
