/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A checksum against disks, not against people: whether bytes are those that were written. GMAC
 * (SP 800-38D) under a key that is no secret; several times as fast as SHA-256, and as unlikely to miss
 * a torn or a stale sector as its 128 bits say.
 */
#pragma once

#include <glib.h>

#define TAMBO_CHECKSUM_SIZE 16

typedef struct _TamboChecksum TamboChecksum;

TamboChecksum *tambo_checksum_new (void);
void tambo_checksum_update (TamboChecksum *checksum, gconstpointer data, gsize size);
/* Of all since the last one was finished, or begun. */
void tambo_checksum_finish (TamboChecksum *checksum, guint8 out[TAMBO_CHECKSUM_SIZE]);
void tambo_checksum_begin (TamboChecksum *checksum);
void tambo_checksum_free (TamboChecksum *checksum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboChecksum, tambo_checksum_free)
