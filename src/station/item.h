/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For this room: what is sealed of an item that headquarters told.
 */
#pragma once

#include "base/json.h"

#include "base/crypto.h"
#include "store/feed.h"

/* The object inside, opened with the station's inbox key; INTEGRITY when it is not this item's. */
JsonObject *tambo_item_open (const TamboFeedRow *row, TamboKey *key,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
