/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The key of active authentication on its way from who makes it to who writes it on a chip: sealed in an
 * issuance order.
 */
#pragma once

#include "chip/personalisation.h"

/* Both numbers, each under its length; on a curve an empty one and ECPrivateKey. A secret. */
GBytes *tambo_active_key_encode (const TamboActiveKey *key);
gboolean tambo_active_key_decode (GBytes *bytes, TamboActiveKey *out_key,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
