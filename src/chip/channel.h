/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A channel to one card: APDUs in, APDUs out, in the clear. Derivable, so that PC/SC is one backend
 * (channel-pcsc.c). Blocking and owned by one thread at a time.
 */
#pragma once

#include <gio/gio.h>

#include "chip/apdu.h"
#include "chip/chip-error.h"

#define TAMBO_TYPE_CHANNEL (tambo_channel_get_type ())
G_DECLARE_DERIVABLE_TYPE (TamboChannel, tambo_channel, TAMBO, CHANNEL, GObject)

struct _TamboChannelClass {
  GObjectClass parent_class;

  /* Sends one encoded command and gives the raw answer of at least two bytes, or REMOVED, TIMEOUT. */
  GBytes *(*transmit) (TamboChannel *self, GBytes *command, GCancellable *cancellable,
                       GError **error);
  /* COMMAND is going to be transmitted after all that were announced before, if each of them is answered
   * 9000. A backend may send it then without waiting, and the first one at once. Another answer, another
   * command and a reset end all announcements. NULL in a backend that cannot. */
  void (*announce) (TamboChannel *self, GBytes *command);
  /* Warm reset: the card forgets its selection and its session. */
  gboolean (*reset) (TamboChannel *self, GError **error);
  /* Reader's name, borrowed. */
  const char *(*get_name) (TamboChannel *self);
};

/* How long one command may take, 10 s unless told. */
void tambo_channel_set_patience (TamboChannel *self, guint milliseconds);
guint tambo_channel_get_patience (TamboChannel *self);
/* Sends COMMAND; follows 61xx with GET RESPONSE and repeats with the right Le after 6Cxx. */
gboolean tambo_channel_transmit (TamboChannel *self, const TamboCommand *command,
                                 TamboResponse *out_response, GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Lets the card have COMMAND while the caller still looks at the answers to those before it: each that
 * is announced has to be transmitted, too, in this order, until one is not answered 9000. Only for what
 * does no harm when such an answer turns out to be wrong. */
void tambo_channel_announce (TamboChannel *self, const TamboCommand *command);
gboolean tambo_channel_reset (TamboChannel *self, GError **error);
const char *tambo_channel_get_name (TamboChannel *self);
