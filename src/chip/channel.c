/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/channel.h"

#include "base/bytes.h"

/* No answer of the LDS needs more; a card that never ends its 61xx is stopped here. */
#define MAX_GET_RESPONSES 256
#define PATIENCE_MS 10000

typedef struct {
  guint patience;
} TamboChannelPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TamboChannel, tambo_channel, G_TYPE_OBJECT)

static void tambo_channel_class_init (TamboChannelClass *klass) {
}

static void tambo_channel_init (TamboChannel *self) {
  tambo_channel_set_patience (self, PATIENCE_MS);
}

void tambo_channel_set_patience (TamboChannel *self, guint milliseconds) {
  TamboChannelPrivate *private = tambo_channel_get_instance_private (self);

  private->patience = milliseconds;
}

guint tambo_channel_get_patience (TamboChannel *self) {
  const TamboChannelPrivate *private = tambo_channel_get_instance_private (self);

  return private->patience;
}

static gboolean transmit_once (TamboChannel *self, const TamboCommand *command,
                               TamboResponse *out_response, GCancellable *cancellable,
                               GError **error) {
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  g_autoptr (GBytes) request = tambo_command_encode (command);
  g_autoptr (GBytes) answer =
      TAMBO_CHANNEL_GET_CLASS (self)->transmit (self, request, cancellable, error);
  if (!answer)
    return FALSE;

  gsize size;
  gconstpointer data = g_bytes_get_data (answer, &size);
  if (!tambo_response_parse (data, size, out_response)) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED,
                 "the card's answer broke off after %" G_GSIZE_FORMAT " bytes", size);
    return FALSE;
  }
  return TRUE;
}

/* Gathers what a card of protocol T=0 holds ready: FIRST has said 61xx. */
static gboolean get_responses (TamboChannel *self, guint8 cla, const TamboResponse *first,
                               TamboResponse *out_response, GCancellable *cancellable,
                               GError **error) {
  g_autoptr (GByteArray) array = g_byte_array_new ();
  gsize size;
  gconstpointer data = g_bytes_get_data (first->data, &size);
  guint16 sw = first->sw;

  tambo_put_bytes (array, data, size);
  for (int count = 0; sw >> 8 == 0x61; count++) {
    if (count == MAX_GET_RESPONSES) {
      g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                           "the card's answer never ends");
      return FALSE;
    }
    TamboCommand command = { .cla = cla, .ins = 0xC0, .le = (sw & 0xFF) ? sw & 0xFF : 256 };
    g_auto (TamboResponse) part = { 0 };
    if (!transmit_once (self, &command, &part, cancellable, error))
      return FALSE;
    data = g_bytes_get_data (part.data, &size);
    if (size == 0 && part.sw >> 8 == 0x61) {
      g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                           "the card promises an answer and does not give it");
      return FALSE;
    }
    tambo_put_bytes (array, data, size);
    sw = part.sw;
  }
  out_response->data = g_byte_array_free_to_bytes (g_steal_pointer (&array));
  out_response->sw = sw;
  return TRUE;
}

gboolean tambo_channel_transmit (TamboChannel *self, const TamboCommand *command,
                                 TamboResponse *out_response, GCancellable *cancellable,
                                 GError **error) {
  g_return_val_if_fail (TAMBO_IS_CHANNEL (self), FALSE);

  g_auto (TamboResponse) response = { 0 };
  if (!transmit_once (self, command, &response, cancellable, error))
    return FALSE;

  if (response.sw >> 8 == 0x6C && command->le != TAMBO_LE_NONE) {
    TamboCommand again = *command;
    again.le = (response.sw & 0xFF) ? response.sw & 0xFF : 256;
    tambo_response_clear (&response);
    if (!transmit_once (self, &again, &response, cancellable, error))
      return FALSE;
  }
  if (response.sw >> 8 == 0x61) /* GET RESPONSE itself is never under secure messaging */
    return get_responses (self, command->cla & 0x03, &response, out_response, cancellable, error);

  out_response->data = g_steal_pointer (&response.data);
  out_response->sw = response.sw;
  return TRUE;
}

gboolean tambo_channel_reset (TamboChannel *self, GError **error) {
  g_return_val_if_fail (TAMBO_IS_CHANNEL (self), FALSE);

  return TAMBO_CHANNEL_GET_CLASS (self)->reset (self, error);
}

const char *tambo_channel_get_name (TamboChannel *self) {
  g_return_val_if_fail (TAMBO_IS_CHANNEL (self), NULL);

  return TAMBO_CHANNEL_GET_CLASS (self)->get_name (self);
}
