/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A store in a folder of its own, with one operator who has unlocked it, and a way past it to the
 * file.
 */
#pragma once

#include "record/enrolment.h"
#include "store/db.h"
#include "store/migrations.h"
#include "store/operators.h"

#define DESK_OPERATOR "clerk-1"
#define DESK_PASSWORD "correct horse"

typedef struct {
  char *folder;
  char *path;
  TamboStore *store;
} Desk;

void desk_init (Desk *desk);
void desk_init_in (Desk *desk, const char *folder);
void desk_clear (Desk *desk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, desk_clear)

/* Closes the store and opens it anew, unlocked: nothing is left in a cache. */
void desk_reopen (Desk *desk);
/* Another connection, as another process would have it. */
TamboStore *desk_open_again (Desk *desk);
void desk_sign_in (TamboStore *store);
GBytes *desk_password (const char *text);

/* Behind the store's back. */
void desk_sql (Desk *desk, const char *sql);
/* Through the store's own connection, which keeps the digests of the rows. */
void desk_write (Desk *desk, const char *sql);
gint64 desk_count (Desk *desk, const char *sql);
char *desk_text (Desk *desk, const char *sql);
/* Flips one bit, in the file, of the bytes that SQL selects; the store is opened anew. */
void desk_flip (Desk *desk, const char *sql);
/* What makes an older store out of this one, which is closed. */
void desk_make_version (Desk *desk, int version);
void desk_set_version (Desk *desk, int version);
/* As before version 3, when the passwords opened the data key itself. */
void desk_forget_data_key (Desk *desk);

/* The audit log holds, and has COUNT entries of ACTION. */
void desk_assert_audit (Desk *desk, const char *action, guint count);

/* The specimen of Doc 9303. */
TamboEnrolment *desk_specimen (void);
TamboSample *desk_portrait (void);
TamboSample *desk_document (const char *kind);
GBytes *desk_bytes (gsize size);
