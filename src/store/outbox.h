/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The outbox: sealed records on their way to headquarters. A record is written once and never
 * changed; its state is. One bad record never stands in the way of another. What headquarters has is
 * purged in the end: the bytes go, and what tells of them stays.
 */
#pragma once

#include "store/store.h"

typedef enum {
  TAMBO_OUTBOX_QUEUED,
  TAMBO_OUTBOX_SENDING,
  TAMBO_OUTBOX_ACKNOWLEDGED, /* a verified receipt is there */
  TAMBO_OUTBOX_REFUSED,      /* headquarters will never take it; the error says why */
  TAMBO_OUTBOX_QUARANTINED,  /* same id, other content at headquarters: people have to look */
  TAMBO_OUTBOX_PURGED,       /* acknowledged long ago; the sealed bytes are gone */
} TamboOutboxState;

const char *tambo_outbox_state_to_string (TamboOutboxState state);

typedef struct {
  char *id;        /* of the case or event */
  char *kind;      /* "enrolment" or "event" */
  char *case_id;   /* of an enrolment: its id; of an event: the case it is about, or NULL */
  gint64 sequence; /* of this station, from 1, without gaps but where it was restored */
  char *sha256;    /* of the sealed bytes */
  gint64 size;
  TamboOutboxState state;
  int priority; /* 0 control, 1 urgent, 2 normal */
  char *queued_at;
  int attempts;
  char *last_error;     /* NULL when none */
  char *receipt;        /* signed statement, NULL before */
  gint64 receipt_entry; /* number of the audit entry about it; -1 before */
} TamboOutboxRow;

void tambo_outbox_row_free (TamboOutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOutboxRow, tambo_outbox_row_free)

/* In order of sequence. */
GPtrArray *tambo_outbox_list (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Newest first: all that headquarters has not taken, and the COUNT newest of the others. */
GPtrArray *tambo_outbox_list_recent (TamboStore *store, guint count,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Newest first: those that were queued since FROM (RFC 3339), whatever became of them. */
GPtrArray *tambo_outbox_list_since (TamboStore *store, const char *from,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By id; NOT_FOUND. */
TamboOutboxRow *tambo_outbox_get (TamboStore *store, const char *id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The next to send: by priority, then fewest attempts, then sequence; NULL without an error when
 * nothing waits. */
TamboOutboxRow *tambo_outbox_next (TamboStore *store, GError **error);
gboolean tambo_outbox_count_waiting (TamboStore *store, guint *out_count,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A restored station does not know which numbers its former life gave after the backup: it begins at a
 * multiple of the first, and the second is the setting that says where. */
#define TAMBO_SEQUENCES_OF_A_LIFE G_GINT64_CONSTANT (1000000)
#define TAMBO_FIRST_SEQUENCE "first-sequence"

/* The sequence that the next record will have, and the SHA-256 (hexadecimal) of the manifest text
 * before it ("" for the first). Valid inside the transaction that appends. */
gboolean tambo_outbox_head (TamboStore *store, gint64 *out_next_sequence,
                            char **out_previous_manifest, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Appends a frozen record. ROW gives id, kind, case_id, sequence, priority, and the sha256 that the
 * manifest says; the rest is computed, and so is a sha256 of NULL. */
gboolean tambo_outbox_append (TamboStore *store, const TamboOutboxRow *row, const char *manifest,
                              GBytes *sealed, GError **error);

char *tambo_outbox_dup_manifest (TamboStore *store, const char *id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* CORRUPT when the bytes are not those of sha256; STATE when they were purged. */
GBytes *tambo_outbox_load (TamboStore *store, const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same question without the bytes: they are read piece by piece. */
gboolean tambo_outbox_check_sealed (TamboStore *store, const TamboOutboxRow *row, GError **error);

/* NULL when an attempt begins (SENDING), the reason when it failed (QUEUED again); together they
 * count as one attempt. Changes nothing when the record does not wait any more. */
gboolean tambo_outbox_note_attempt (TamboStore *store, const char *id, const char *error_text,
                                    GError **error);
/* Keeps the receipt (already verified by the caller); the enrolment's case becomes acknowledged in
 * the same transaction. A second time is no error and changes nothing. */
gboolean tambo_outbox_acknowledge (TamboStore *store, const char *id, const char *receipt,
                                   GError **error);
/* Headquarters has the record and can make nothing of it, as MESSAGE of the inbox says: REFUSED, with its
 * receipt. Nothing happens when it is not acknowledged. Needs an open transaction. */
gboolean tambo_outbox_note_failure (TamboStore *store, const char *id, const char *message,
                                    GError **error);
/* What that message says, in headquarters' words. Nothing happens when the record is not refused. */
gboolean tambo_outbox_explain_failure (TamboStore *store, const char *id, const char *reason,
                                       GError **error);
/* To REFUSED, QUARANTINED, or back to QUEUED, where the audit log alone keeps REASON. */
gboolean tambo_outbox_set_state (TamboStore *store, const char *id, TamboOutboxState state,
                                 const char *reason, const char *actor, GError **error);

/* Drops the sealed bytes of an acknowledged record whose receipt the caller has verified; manifest,
 * hashes and receipt stay. STATE when it is not acknowledged or when headquarters has not countersigned
 * the audit entry about the receipt. */
gboolean tambo_outbox_purge (TamboStore *store, const char *id, const char *actor, GError **error);
/* Drops what is left of cases that are over and whose record was purged: the words they were found by,
 * and what headquarters sent about them. */
gboolean tambo_outbox_purge_cases (TamboStore *store, const char *actor, guint *out_count,
                                   GError **error);
/* How many cases that would be. */
gboolean tambo_outbox_count_purgeable_cases (TamboStore *store, guint *out_count,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
