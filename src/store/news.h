/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether another process changed something in the store that somebody would see. What it merely notes for itself,
 * as a synchronisation does that found everything as it was, is no news.
 */
#pragma once

#include "store/store.h"

typedef struct {
  gboolean is_known; /* FALSE before the first look */
  gint64 version;    /* of the file, as other connections change it */
  gint64 audit, inbox, waiting, attempts;
} TamboStoreNews;

/* NEWS is what there was at the last look, and becomes what there is. Nothing is news at the first one. */
gboolean tambo_store_look_for_news (TamboStore *store, TamboStoreNews *news, gboolean *out_is_news,
                                    GError **error);
