/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A channel over PC/SC. Private to the room: reader.h gives channels out.
 */
#pragma once

#include "chip/channel.h"

/* Connects exclusively to the card on READER. */
TamboChannel *tambo_channel_pcsc_new (const char *reader, GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
