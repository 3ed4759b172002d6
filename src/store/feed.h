/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What headquarters tells its stations beside messages: items with a kind, an id and a version. Bodies say
 * nothing of a person; what does is sealed for this station's inbox key, and stays so here.
 */
#pragma once

#include "store/store.h"

typedef struct {
  char *kind, *id;
  gint64 version;
  char *body;     /* JSON of an object; NULL: the item is to go */
  GBytes *sealed; /* NULL */
} TamboFeedRow;

void tambo_feed_row_free (TamboFeedRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFeedRow, tambo_feed_row_free)

/* Elements are TamboFeedRow, by kind and id; KIND NULL: all. A rotten row is left out: the next exchange
 * brings it anew. */
GPtrArray *tambo_feed_list (TamboStore *store, const char *kind,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is left out there: elements are char *, "KIND/ID" as far as either can still be read. */
GPtrArray *tambo_feed_list_rotten (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NOT_FOUND. */
TamboFeedRow *tambo_feed_get (TamboStore *store, const char *kind, const char *id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Who came for the appointment of that id got the case CASE_ID; a later case takes the earlier one's place. */
gboolean tambo_feed_arrive (TamboStore *store, const char *appointment, const char *case_id,
                            const char *actor, GError **error);
/* The cases of appointments: id of the appointment to id of the case. */
GHashTable *tambo_feed_list_arrivals (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What came cannot be used: WHAT is noted in the audit log, and the next exchange asks for everything. Once is enough:
 * nothing more is noted before that. */
gboolean tambo_feed_ask_anew (TamboStore *store, const char *what, const char *actor,
                              GError **error);

/* The version of the last statement, and headquarters' time in it (NULL); 0 before the first, when an item has
 * rotted, and when it is to be asked for anew. */
gboolean tambo_feed_get_version (TamboStore *store, gint64 *out_version, char **out_time,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts ROWS (TamboFeedRow) in the place of what has their kinds and ids, or of everything; VERSION and TIME
 * are noted. Needs an open transaction: the caller looks at what became of it before it commits. */
gboolean tambo_feed_apply (TamboStore *store, gboolean is_whole, GPtrArray *rows, gint64 version,
                           const char *time, GError **error);
