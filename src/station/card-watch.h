/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lies on the card readers, for whoever listens: the window's banner, the terminal's watch. Told in
 * the main context it was made in, within half a second of the hand that moves a card.
 */
#pragma once

#include <glib-object.h>

typedef enum {
  TAMBO_CARDS_UNKNOWN,       /* nothing was told yet */
  TAMBO_CARDS_NO_SERVICE,    /* pcscd is gone; it is waited for */
  TAMBO_CARDS_NO_PERMISSION, /* this user may not use it */
  TAMBO_CARDS_NO_READER,
  TAMBO_CARDS_EMPTY, /* readers, and no card on any */
  TAMBO_CARDS_MUTE,  /* something lies there that does not answer */
  TAMBO_CARDS_PRESENT,
} TamboCardsState;

#define TAMBO_TYPE_CARD_WATCH (tambo_card_watch_get_type ())
G_DECLARE_FINAL_TYPE (TamboCardWatch, tambo_card_watch, TAMBO, CARD_WATCH, GObject)

/* Its signals: "event" with a name ("card-inserted", "service-lost", …), a reader (NULL of the service)
 * and a detail (the cause, or what the reader is; NULL without); then "changed", whenever the state or
 * its reader has. */
TamboCardWatch *tambo_card_watch_new (void);
TamboCardsState tambo_card_watch_get_state (TamboCardWatch *self);
/* "present", "no-service" and the like; static. */
const char *tambo_cards_state_to_string (TamboCardsState state);
/* A reader on which a card lies; NULL without. Borrowed until the next event. */
const char *tambo_card_watch_get_reader (TamboCardWatch *self);
/* Why there is no service; NULL otherwise. Likewise. */
const char *tambo_card_watch_get_cause (TamboCardWatch *self);
/* The advice for it, for people; NULL otherwise. Static. */
const char *tambo_card_watch_get_advice (TamboCardWatch *self);
