/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The audit log: one entry per act, as the leaves of a Merkle log (base/merkle.h). An entry says
 * who did what to which id and when, and the hash of the details; it says nothing personal.
 */
#pragma once

#include "base/hash.h"
#include "store/store.h"

typedef struct {
  gint64 number; /* from 0 */
  char *time;    /* RFC 3339 */
  char *actor;   /* operator id, or "sync", "station" */
  char *action;  /* "case.save", "sample.save", "record.seal", "receipt", "stock.take", … */
  char *subject; /* id of what it was done to; "" for none */
  char *details; /* SHA-256 of the details, or "" */
} TamboAuditEntry;

void tambo_audit_entry_free (TamboAuditEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboAuditEntry, tambo_audit_entry_free)

/* DETAILS may be NULL; only its hash is kept. Joins the open transaction. */
gboolean tambo_audit_append (TamboStore *store, const char *actor, const char *action,
                             const char *subject, GBytes *details, GError **error);

gboolean tambo_audit_size (TamboStore *store, gint64 *out_size,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Size and root of the log now. */
gboolean tambo_audit_head (TamboStore *store, gint64 *out_size, guint8 out_root[TAMBO_SHA256_SIZE],
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Root of the first SIZE entries. */
gboolean tambo_audit_root_at (TamboStore *store, gint64 size, guint8 out_root[TAMBO_SHA256_SIZE],
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_audit_consistency (TamboStore *store, gint64 old_size, gint64 new_size,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Elements are TamboAuditEntry; one that has rotted has the action "unreadable". */
GPtrArray *tambo_audit_list (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Those from FIRST to before END. */
GPtrArray *tambo_audit_list_span (TamboStore *store, gint64 first, gint64 end,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of them whose action begins with PREFIX; the others, and rotted ones, are passed over without being parsed. */
GPtrArray *tambo_audit_list_acts (TamboStore *store, const char *prefix, gint64 first, gint64 end,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The number of the first entry at or after TIME (RFC 3339), and how many there are in all. Not exact where
 * the clock was set back. */
gboolean tambo_audit_find_time (TamboStore *store, const char *time, gint64 *out_first,
                                gint64 *out_size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The leaves themselves, as they are hashed: elements are char *, canonical JSON without a line end.
 * CORRUPT names the first that does not hold. */
GPtrArray *tambo_audit_list_texts (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The countersigned checkpoint (signed statement of headquarters, already verified). */
gboolean tambo_audit_set_countersigned (TamboStore *store, gint64 size, const char *root_hex,
                                        const char *statement, GError **error);
/* size 0 and NULLs when there is none yet. */
gboolean tambo_audit_get_countersigned (TamboStore *store, gint64 *out_size, char **out_root_hex,
                                        char **out_statement,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Recomputes every leaf from its entry, the root, and the root at the countersigned size against
 * what headquarters signed. CORRUPT names the first entry that does not hold. */
gboolean tambo_audit_verify (TamboStore *store, gint64 *out_entries, gint64 *out_countersigned,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
