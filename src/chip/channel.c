/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/channel.h"

#include "base/bytes.h"

/* No answer of the LDS needs more; a card that never ends its 61xx is stopped here. */
#define MAX_GET_RESPONSES 256
#define PATIENCE_MS 10000

typedef struct {
  guint patience;
  GQueue announced; /* of GBytes, that the backend knows of */
} TamboChannelPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TamboChannel, tambo_channel, G_TYPE_OBJECT)

static void forget_announced (TamboChannel *self) {
  TamboChannelPrivate *private = tambo_channel_get_instance_private (self);

  g_queue_clear_full (&private->announced, (GDestroyNotify) g_bytes_unref);
}

static void tambo_channel_finalize (GObject *object) {
  forget_announced (TAMBO_CHANNEL (object));
  G_OBJECT_CLASS (tambo_channel_parent_class)->finalize (object);
}

static void tambo_channel_class_init (TamboChannelClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = tambo_channel_finalize;
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

static gboolean transmit_bytes (TamboChannel *self, GBytes *request, TamboResponse *out_response,
                                GCancellable *cancellable, GError **error) {
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

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

static gboolean transmit_once (TamboChannel *self, const TamboCommand *command,
                               TamboResponse *out_response, GCancellable *cancellable,
                               GError **error) {
  g_autoptr (GBytes) request = tambo_command_encode (command);

  return transmit_bytes (self, request, out_response, cancellable, error);
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

/* What a first answer of 6Cxx or 61xx leads to; any other is the whole one already. */
static gboolean follow (TamboChannel *self, const TamboCommand *command, TamboResponse *response,
                        GCancellable *cancellable, GError **error) {
  if (response->sw >> 8 == 0x6C && command->le != TAMBO_LE_NONE) {
    TamboCommand again = *command;
    again.le = (response->sw & 0xFF) ? response->sw & 0xFF : 256;
    tambo_response_clear (response);
    if (!transmit_once (self, &again, response, cancellable, error))
      return FALSE;
  }
  if (response->sw >> 8 != 0x61)
    return TRUE;
  g_auto (TamboResponse) first = { g_steal_pointer (&response->data), response->sw };
  /* GET RESPONSE itself is never under secure messaging */
  return get_responses (self, command->cla & 0x03, &first, response, cancellable, error);
}

/* Nothing is announced any more before a command that was not. */
static void take_announced (TamboChannel *self, GBytes *request) {
  TamboChannelPrivate *private = tambo_channel_get_instance_private (self);
  GBytes *first = g_queue_peek_head (&private->announced);

  if (first && g_bytes_equal (first, request))
    g_bytes_unref (g_queue_pop_head (&private->announced));
  else
    forget_announced (self);
}

static void announce_bytes (gpointer data, gpointer user_data) {
  TamboChannel *self = user_data;

  if (TAMBO_CHANNEL_GET_CLASS (self)->announce)
    TAMBO_CHANNEL_GET_CLASS (self)->announce (self, data);
}

/* An answer that came in the end ends no announcement; the backend has seen another one before. */
static void settle_announced (TamboChannel *self, guint16 first_sw, guint16 sw) {
  TamboChannelPrivate *private = tambo_channel_get_instance_private (self);

  if (sw != TAMBO_SW_OK)
    forget_announced (self);
  else if (first_sw != TAMBO_SW_OK)
    g_queue_foreach (&private->announced, announce_bytes, self);
}

gboolean tambo_channel_transmit (TamboChannel *self, const TamboCommand *command,
                                 TamboResponse *out_response, GCancellable *cancellable,
                                 GError **error) {
  g_return_val_if_fail (TAMBO_IS_CHANNEL (self), FALSE);

  g_autoptr (GBytes) request = tambo_command_encode (command);
  g_auto (TamboResponse) response = { 0 };
  take_announced (self, request);
  gboolean sent = transmit_bytes (self, request, &response, cancellable, error);
  guint16 first_sw = response.sw;
  if (!sent || !follow (self, command, &response, cancellable, error)) {
    forget_announced (self);
    return FALSE;
  }
  settle_announced (self, first_sw, response.sw);

  out_response->data = g_steal_pointer (&response.data);
  out_response->sw = response.sw;
  return TRUE;
}

void tambo_channel_announce (TamboChannel *self, const TamboCommand *command) {
  g_return_if_fail (TAMBO_IS_CHANNEL (self));

  TamboChannelPrivate *private = tambo_channel_get_instance_private (self);
  GBytes *request = tambo_command_encode (command);
  g_queue_push_tail (&private->announced, request);
  announce_bytes (request, self);
}

gboolean tambo_channel_reset (TamboChannel *self, GError **error) {
  g_return_val_if_fail (TAMBO_IS_CHANNEL (self), FALSE);

  forget_announced (self);
  return TAMBO_CHANNEL_GET_CLASS (self)->reset (self, error);
}

const char *tambo_channel_get_name (TamboChannel *self) {
  g_return_val_if_fail (TAMBO_IS_CHANNEL (self), NULL);

  return TAMBO_CHANNEL_GET_CLASS (self)->get_name (self);
}
