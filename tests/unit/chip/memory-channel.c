/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory-channel.h"

#include "hex.h"

struct _MemoryChannel {
  TamboChannel parent_instance;
  MemoryCard card;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (MemoryChannel, memory_channel, TAMBO_TYPE_CHANNEL)

static GBytes *memory_channel_transmit (TamboChannel *channel, GBytes *command,
                                        GCancellable *cancellable, GError **error) {
  MemoryChannel *self = MEMORY_CHANNEL (channel);

  return self->card (command, self->data, error);
}

static gboolean memory_channel_reset (TamboChannel *channel, GError **error) {
  return TRUE;
}

static const char *memory_channel_get_name (TamboChannel *channel) {
  return "memory";
}

static void memory_channel_class_init (MemoryChannelClass *klass) {
  TamboChannelClass *channel_class = TAMBO_CHANNEL_CLASS (klass);

  channel_class->transmit = memory_channel_transmit;
  channel_class->reset = memory_channel_reset;
  channel_class->get_name = memory_channel_get_name;
}

static void memory_channel_init (MemoryChannel *self) {
}

TamboChannel *memory_channel_new (MemoryCard card, gpointer data) {
  MemoryChannel *self = g_object_new (MEMORY_TYPE_CHANNEL, NULL);

  self->card = card;
  self->data = data;
  return TAMBO_CHANNEL (self);
}

GBytes *scripted_card (GBytes *command, gpointer data, GError **error) {
  ScriptedCard *self = data;
  const char *expected = self->pairs[2 * self->position];

  g_assert_nonnull (expected);
  assert_hex (command, expected);
  return hex (self->pairs[2 * self->position++ + 1]);
}
