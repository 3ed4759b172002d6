/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stations are told beside their messages (sync/changes.h): items with a kind and an id, each of which
 * gets the next version of all at every change. An item is for every station or for one registration of
 * one; what is personal is sealed for that one and its body says nothing of it.
 */
#pragma once

#include "hq/stations.h"
#include "sync/changes.h"

/* Puts an item, new or changed, inside the caller's transaction; STATION is NULL for what is everybody's.
 * The same as before is no change. */
gboolean tambo_hq_feed_put (TamboHq *hq, const TamboStationRow *station, const char *kind,
                            const char *id, JsonObject *body, GBytes *sealed, GError **error);
/* Takes an item back; NOT_FOUND when there is none. Inside the caller's transaction. */
gboolean tambo_hq_feed_remove (TamboHq *hq, const TamboStationRow *station, const char *kind,
                               const char *id, GError **error);
/* Elements are TamboChange: what there is of a kind for everybody, by id. */
GPtrArray *tambo_hq_feed_list (TamboHq *hq, const char *kind,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What STATION does not have yet, signed. */
char *tambo_hq_feed_sign (TamboHq *hq, const TamboStationRow *station, gint64 after,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest version that there is for STATION; 0 for none. */
gboolean tambo_hq_feed_get_version (TamboHq *hq, const TamboStationRow *station,
                                    gint64 *out_version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps the key that STATION wants personal items sealed for. */
gboolean tambo_hq_feed_set_inbox_key (TamboHq *hq, const TamboStationRow *station, GBytes *point,
                                      GError **error);
/* BODY as a packet's part of the name KIND, sealed for KEY under KIND and ID. */
GBytes *tambo_hq_feed_seal (const char *kind, const char *id, JsonObject *body, TamboKey *key,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Random, of this headquarters: with it numbers of documents are hashed, so that hashes of other houses
 * tell nothing. Made at the first call. */
GBytes *tambo_hq_feed_get_salt (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
