/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "case-steps.h"

#include "base/bytes.h"
#include "base/id.h"
#include "desk.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/outbox.h"

#define FINGERPRINT                                                                                \
  "SELECT (SELECT count (*) FROM audit_entries)"                                                   \
  " || ' ' || (SELECT coalesce (group_concat (state), '-') FROM cases)"                            \
  " || ' ' || (SELECT count (*) FROM samples) || ' ' || (SELECT count (*) FROM outbox_records)"    \
  " || ' ' || (SELECT coalesce (group_concat (state), '-') FROM outbox)"                           \
  " || ' ' || (SELECT coalesce (sum (length (sealed)), 0) FROM outbox_records)"                    \
  " || ' ' || (SELECT count (*) FROM search_tokens)"                                               \
  " || ' ' || (SELECT coalesce (max (size), 0) FROM audit_countersigned)"

char *case_steps_fingerprint (TamboStore *store) {
  g_autoptr (sqlite3_stmt) row = tambo_db_find (store, "fingerprint", NULL, FINGERPRINT, "");

  return row != NULL ? tambo_db_dup_text (row, 0) : NULL;
}

static gboolean begin (TamboStore *store, TamboEnrolment *enrolment) {
  return tambo_cases_save (store, enrolment, DESK_OPERATOR, NULL);
}

static gboolean save (TamboStore *store, TamboEnrolment *enrolment, TamboSample *sample,
                      gsize size) {
  g_autoptr (TamboSample) owned = sample;
  g_autoptr (GBytes) bytes = desk_bytes (size);

  return tambo_cases_save_sample (store, enrolment, owned, bytes, DESK_OPERATOR, NULL);
}

static gboolean save_document (TamboStore *store, TamboEnrolment *enrolment) {
  return save (store, enrolment, desk_document ("travel-document"), 50000);
}

static gboolean save_consent (TamboStore *store, TamboEnrolment *enrolment) {
  return save (store, enrolment, desk_document ("consent"), 59000);
}

static gboolean save_portrait (TamboStore *store, TamboEnrolment *enrolment) {
  return save (store, enrolment, desk_portrait (), 68000);
}

static gboolean seal (TamboStore *store, TamboEnrolment *enrolment) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, NULL);
  g_autoptr (GBytes) sealed = desk_bytes (180000);
  TamboOutboxRow row = { .id = enrolment->id,
                         .kind = (char *) "enrolment",
                         .case_id = enrolment->id,
                         .sequence = 1,
                         .priority = 2 };

  return transaction != NULL && tambo_outbox_append (store, &row, "{}", sealed, NULL)
         && tambo_cases_set_state (store, enrolment->id, TAMBO_CASE_QUEUED, DESK_OPERATOR, NULL)
         && tambo_transaction_commit (transaction, NULL);
}

static gboolean send (TamboStore *store, TamboEnrolment *enrolment) {
  return tambo_outbox_note_attempt (store, enrolment->id, NULL, NULL);
}

static gboolean acknowledge (TamboStore *store, TamboEnrolment *enrolment) {
  return tambo_outbox_acknowledge (store, enrolment->id, "{}", NULL);
}

/* Headquarters has countersigned the receipt, and the bytes go. */
static gboolean countersign (TamboStore *store, TamboEnrolment *enrolment) {
  guint8 root[TAMBO_SHA256_SIZE];
  g_autofree char *root_hex = NULL;
  gint64 size;

  if (!tambo_audit_head (store, &size, root, NULL))
    return FALSE;
  root_hex = tambo_hex_encode (root, sizeof root);
  return tambo_audit_set_countersigned (store, size, root_hex, "{}", NULL);
}

static gboolean purge (TamboStore *store, TamboEnrolment *enrolment) {
  return tambo_outbox_purge (store, enrolment->id, "station", NULL);
}

/* A record that stands by itself, in a transaction that only adds. */
static gboolean report (TamboStore *store, gint64 sequence, gsize size) {
  g_autofree char *id = tambo_id_new ();
  g_autoptr (GBytes) sealed = desk_bytes (size);
  TamboOutboxRow row = { .id = id, .kind = (char *) "event", .sequence = sequence, .priority = 2 };

  return tambo_outbox_append (store, &row, "{}", sealed, NULL);
}

static gboolean report_once (TamboStore *store, TamboEnrolment *enrolment) {
  return report (store, 2, 900);
}

static gboolean report_again (TamboStore *store, TamboEnrolment *enrolment) {
  return report (store, 3, 70000);
}

gboolean case_steps_run (TamboStore *store, CaseStepDone done, gpointer data) {
  static gboolean (*const steps[]) (TamboStore *, TamboEnrolment *) = {
    begin,       save_document, save_consent, save_portrait, seal,         send,
    acknowledge, countersign,   purge,        report_once,   report_again,
  };
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    if (!steps[i](store, enrolment))
      return FALSE;
    done (store, data);
  }
  return TRUE;
}
