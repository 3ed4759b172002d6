/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pcscd of the test's own with one virtual reader, and a simulated chip that is told what to do: what
 * lies between them is real.
 */
#pragma once

#include <gio/gio.h>

typedef struct {
  char *folder;
  guint port;
  GSubprocess *reader, *card;
  char *control; /* the card's socket */
  char *dump;    /* where the card's files go on "dump" */
} Wire;

/* FALSE when pcscd is not installed. */
gboolean wire_is_possible (void);
/* The reader runs, nothing lies there. One at a time. */
Wire *wire_new (void);
void wire_free (Wire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_free)

/* Starts a card with these options (NULL-terminated) and waits until the reader has it. */
void wire_lay_card (Wire *wire, const char *const *options);
void wire_stop_card (Wire *wire);
/* One line to the card; the answer without "ok", which it must begin with. */
char *wire_ask (const Wire *wire, const char *line);
void wire_tell (const Wire *wire, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A word of the card's status, such as "locked". */
char *wire_status (const Wire *wire, const char *name);
/* Whether PC/SC says within SECONDS that a card lies there, or that none does. */
gboolean wire_wait (gboolean present, double seconds);

/* pcscd dies; wire_revive starts another at the same place. */
void wire_kill (Wire *wire);
void wire_revive (Wire *wire);
