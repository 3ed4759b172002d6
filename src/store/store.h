/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The station's one SQLite file (rollback journal that is kept, synchronous=EXTRA, 16 KiB pages,
 * STRICT tables, migrations by user_version). A TamboStore is one connection; it may be used from any
 * thread, one call at a time (it locks itself), and several processes may each have one.
 *
 * What is personal is stored under the data key alone: AES-256-GCM with the row's place (table,
 * case, slot) as associated data. The data key is unlocked by an operator's password (operators.h)
 * and wiped by tambo_store_lock.
 *
 * Every change is made inside a transaction, and every change that matters appends to the audit log
 * in the same transaction.
 */
#pragma once

#include "base/crypto.h"
#include "store/store-error.h"

typedef struct _TamboStore TamboStore;

/* Makes PATH (0600), which must not exist, with a fresh incarnation id. */
TamboStore *tambo_store_create (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens and migrates. */
TamboStore *tambo_store_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_store_close (TamboStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStore, tambo_store_close)

/* What the commits of all processes left to the system to write in its own time is on the disk on return:
 * then a program that knows nothing of our proofs (docs/decisions/0008) finds the last commit too. For
 * moments without haste. */
void tambo_store_settle (TamboStore *store);

/* A transaction (BEGIN IMMEDIATE). Freed without a commit, it is rolled back. While one is open,
 * the calls of this thread join it; calls that change something outside of one open their own. */
typedef struct _TamboTransaction TamboTransaction;
TamboTransaction *tambo_transaction_begin (TamboStore *store,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_transaction_commit (TamboTransaction *transaction,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_transaction_free (TamboTransaction *transaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboTransaction, tambo_transaction_free)

/* Small facts about the station that are not personal. NULL (no error) when unset. */
char *tambo_store_dup_setting (TamboStore *store, const char *name, GError **error);
gboolean tambo_store_set_setting (TamboStore *store, const char *name, const char *value,
                                  GError **error);
/* The id of this database file's life; a restored copy keeps it. NULL when it
 * has rotted. */
const char *tambo_store_get_incarnation (TamboStore *store);

/* The data key is wiped when it was not used for this long. What was saved stays; somebody has to sign
 * in again. Nothing here waits: the call that comes too late finds it locked, and whoever has a clock
 * (the window) asks tambo_store_is_unlocked now and then. */
#define TAMBO_STORE_IDLE_SECONDS (5 * 60)

gboolean tambo_store_is_unlocked (TamboStore *store);
/* The same, and the idle time begins anew when it is. */
gboolean tambo_store_note_use (TamboStore *store);
/* From now on the idle time begins anew at a sign-in and with tambo_store_note_presence alone: a window that reads what
 * comes and goes by itself does not keep a desk open that was left. */
void tambo_store_watch_presence (TamboStore *store);
/* Somebody pressed, moved or captured something. Never waits; comes to nothing after the time is over. */
void tambo_store_note_presence (TamboStore *store);
void tambo_store_lock (TamboStore *store);

/* Encrypts and opens under the data key; PLACE is bound as associated data. LOCKED without it.
 * The other files of this room use them; station/ uses them for the inbox key alone. */
GBytes *tambo_store_seal (TamboStore *store, const char *place, GBytes *plaintext,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_store_unseal (TamboStore *store, const char *place, GBytes *sealed,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* PRAGMA integrity_check, foreign keys, the hash of every blob, and the audit log. Fails with
 * CORRUPT, naming the first row. */
gboolean tambo_store_verify (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
