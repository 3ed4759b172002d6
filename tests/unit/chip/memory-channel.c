/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory-channel.h"

#include "hex.h"

struct _MemoryChannel {
  TamboChannel parent_instance;
  MemoryCard card;
  gpointer data;
  gboolean hasty;
  GQueue early; /* of Early */
};

/* A command that was announced, and what the card has said to it. */
typedef struct {
  GBytes *command, *answer;
  GError *error;
} Early;

static void early_free (gpointer data) {
  Early *early = data;

  g_bytes_unref (early->command);
  g_clear_pointer (&early->answer, g_bytes_unref);
  g_clear_error (&early->error);
  g_free (early);
}

G_DEFINE_FINAL_TYPE (MemoryChannel, memory_channel, TAMBO_TYPE_CHANNEL)

static GBytes *memory_channel_transmit (TamboChannel *channel, GBytes *command,
                                        GCancellable *cancellable, GError **error) {
  MemoryChannel *self = MEMORY_CHANNEL (channel);
  const Early *first = g_queue_peek_head (&self->early);

  if (!first || !g_bytes_equal (first->command, command)) {
    g_queue_clear_full (&self->early, early_free);
    return self->card (command, self->data, error);
  }
  Early *early = g_queue_pop_head (&self->early);
  GBytes *answer = g_steal_pointer (&early->answer);
  if (early->error)
    g_propagate_error (error, g_steal_pointer (&early->error));
  early_free (early);
  return answer;
}

static gboolean is_ok (GBytes *answer) {
  gsize size = 0;
  const guint8 *octets = answer ? g_bytes_get_data (answer, &size) : NULL;

  return size >= 2 && octets[size - 2] == 0x90 && octets[size - 1] == 0;
}

static void memory_channel_announce (TamboChannel *channel, GBytes *command) {
  MemoryChannel *self = MEMORY_CHANNEL (channel);
  const Early *last = g_queue_peek_tail (&self->early);

  if (!self->hasty || (last && !is_ok (last->answer)))
    return;
  Early *early = g_new0 (Early, 1);
  early->command = g_bytes_ref (command);
  early->answer = self->card (command, self->data, &early->error);
  g_queue_push_tail (&self->early, early);
}

static gboolean memory_channel_reset (TamboChannel *channel, GError **error) {
  return TRUE;
}

static const char *memory_channel_get_name (TamboChannel *channel) {
  return "memory";
}

static void memory_channel_finalize (GObject *object) {
  g_queue_clear_full (&MEMORY_CHANNEL (object)->early, early_free);
  G_OBJECT_CLASS (memory_channel_parent_class)->finalize (object);
}

static void memory_channel_class_init (MemoryChannelClass *klass) {
  TamboChannelClass *channel_class = TAMBO_CHANNEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = memory_channel_finalize;
  channel_class->transmit = memory_channel_transmit;
  channel_class->announce = memory_channel_announce;
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

TamboChannel *memory_channel_new_hasty (MemoryCard card, gpointer data) {
  TamboChannel *channel = memory_channel_new (card, data);

  MEMORY_CHANNEL (channel)->hasty = TRUE;
  return channel;
}

GBytes *scripted_card (GBytes *command, gpointer data, GError **error) {
  ScriptedCard *self = data;
  const char *expected = self->pairs[2 * self->position];

  g_assert_nonnull (expected);
  assert_hex (command, expected);
  return hex (self->pairs[2 * self->position++ + 1]);
}
