/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CSCA master lists, Doc 9303-12 section 8: CMS SignedData over the CSCA certificates that a state has
 * come to trust. Private to the room.
 */
#pragma once

#include "base/cleanup.h"
#include "chip/chip-error.h"

typedef struct {
  X509 *signer;            /* whose standing is the caller's to judge */
  GPtrArray *certificates; /* X509, links among them */
} TamboMasterList;

void tambo_master_list_clear (TamboMasterList *list);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboMasterList, tambo_master_list_clear)

/* DER. MALFORMED; AUTHENTICATION when the signature does not hold or its key is not for master lists. */
gboolean tambo_master_list_parse (gconstpointer data, gsize size, TamboMasterList *out_list,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
