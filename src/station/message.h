/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What headquarters sent, opened with the station's inbox key: the one place where a message is verified
 * again and decrypted; and the notices among them, which say why a case or a record came to nothing.
 */
#pragma once

#include "station/headquarters.h"
#include "sync/protocol.h"

/* Needs an unlocked store. INTEGRITY when the message is another one than its manifest says. */
TamboPacket *tambo_message_open (TamboStation *station, const TamboInboxRow *row,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Of a refusal or failure; what it needs is as above. */
TamboNotice *tambo_message_open_notice (TamboStation *station, const TamboInboxRow *row,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens each failure that nobody has read, and notes its reason with the record. Best effort: what cannot be
 * opened stays new. Needs an unlocked store. */
void tambo_message_read_failures (TamboStation *station);
