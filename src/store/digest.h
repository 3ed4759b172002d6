/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: a digest beside each row, over its small columns and the hashes of its large
 * ones. SQLite has no checksums of its own, and a state or a number has no tag and no signature that
 * would tell a flipped bit.
 *
 * The digests are kept by triggers of the connection: whoever writes a row writes its digest, and what
 * changes a row behind the program's back does not. Tables that are not here have their hashes
 * elsewhere: outbox_records and inbox_messages in the outbox and the inbox, audit_entries in its leaves,
 * search_tokens in the cases.
 */
#pragma once

#include <sqlite3.h>

#include "store/store.h"

/* Who adds a column here re-seals, in its migration, the rows that are sound:
 * UPDATE t SET digest = tambo_digest (new columns) WHERE digest = tambo_digest (old columns). */
#define TAMBO_DIGESTED_SETTINGS "name, value"
#define TAMBO_DIGESTED_OPERATORS                                                                   \
  "id, role, disabled, created_at, failures, retry_at, retry_boot, is_first_password, sha256"
#define TAMBO_DIGESTED_OPERATOR_FINGERS "operator_id, position, sha256"
#define TAMBO_DIGESTED_DATA_KEY "one, token, sha256"
#define TAMBO_DIGESTED_CASES                                                                       \
  "id, tracking_number, procedure_id, state, practice, operator_id, created_at, updated_at,"       \
  " sha256, tokens"
#define TAMBO_DIGESTED_SAMPLES "case_id, slot, saved_at, sha256"
#define TAMBO_DIGESTED_OUTBOX                                                                      \
  "sequence, id, kind, case_id, state, priority, queued_at, attempts, last_error, receipt,"        \
  " receipt_entry, size, sha256, manifest_sha256"
#define TAMBO_DIGESTED_INBOX                                                                       \
  "number, id, kind, case_id, state, received_at, manifest_sha256, sha256"
#define TAMBO_DIGESTED_COUNTERSIGNED "one, size, root, statement"
#define TAMBO_DIGESTED_CHIP_JOURNAL "number, order_id, blank, step, time"
#define TAMBO_DIGESTED_FEED "kind, id, version, body_sha256, sealed_sha256"
#define TAMBO_DIGESTED_ARRIVALS "appointment, case_id, at"
#define TAMBO_DIGESTED_STEP_TIMES "number, case_id, step, at, ms"
#define TAMBO_DIGESTED_BLANKS "number, kind, institution, state, order_id, updated_at, keeper"

/* One more column for a SELECT that reads rows: whether the row is what its digest says. */
#define TAMBO_IS_SOUND(digested) "digest = tambo_digest (" digested ")"

/* FALSE with CORRUPT "TABLE ID: …" when that COLUMN of the row says no. */
gboolean tambo_digest_check (sqlite3_stmt *statement, int column, const char *table, const char *id,
                             GError **error);

/* Whether COLUMN of the row ROWID has the bytes of that SHA-256 (hexadecimal), read piece by piece;
 * CORRUPT naming PLACE. */
gboolean tambo_digest_check_blob (TamboStore *store, const char *table, const char *column,
                                  gint64 rowid, const char *sha256, const char *place,
                                  GError **error);

/* The function "tambo_digest", for migrations and for what follows. */
gboolean tambo_digest_register (TamboStore *store, GError **error);
/* From now on, whatever this connection writes. */
gboolean tambo_digest_keep (TamboStore *store, GError **error);
/* Every row of every table; CORRUPT names the first that does not hold. */
gboolean tambo_digest_verify (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
