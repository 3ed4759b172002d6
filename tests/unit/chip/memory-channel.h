/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A channel whose far side is a function of the test.
 */
#pragma once

#include "chip/channel.h"

#define MEMORY_TYPE_CHANNEL (memory_channel_get_type ())
G_DECLARE_FINAL_TYPE (MemoryChannel, memory_channel, MEMORY, CHANNEL, TamboChannel)

/* The raw answer to one raw command, or NULL with ERROR. */
typedef GBytes *(*MemoryCard) (GBytes *command, gpointer data, GError **error);

TamboChannel *memory_channel_new (MemoryCard card, gpointer data);
/* The card gets what is announced as early as any backend may send it. */
TamboChannel *memory_channel_new_hasty (MemoryCard card, gpointer data);

/* A card that knows pairs of hexadecimal texts, command and answer, NULL-terminated, and wants them in
 * this order. */
typedef struct {
  const char *const *pairs;
  guint position;
} ScriptedCard;

GBytes *scripted_card (GBytes *command, gpointer data, GError **error);
