/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can go wrong with a card and on its line, as a list of words: NAME at every command, NAME@N at
 * the Nth alone, NAME=VALUE for what has a size.
 */
#pragma once

#include <glib.h>

typedef enum {
  TAMBO_CARD_FAULT_MUTE,         /* no answer to a command */
  TAMBO_CARD_FAULT_WRONG_STATUS, /* the command is done, its status word is 6F42 */
  TAMBO_CARD_FAULT_TRUNCATE,   /* the command is done, the answer breaks off and the card is away */
  TAMBO_CARD_FAULT_NO_MEMORY,  /* CREATE FILE answers 6A84; N counts the files that are created */
  TAMBO_CARD_FAULT_SM_LE_ZERO, /* Le = 00 under secure messaging reads nothing */
  TAMBO_CARD_FAULT_PIECES,     /* 61xx instead of an answer, which GET RESPONSE fetches in pieces */
  TAMBO_CARD_FAULT_WRONG_LE,   /* 6Cxx instead of an answer, which the right Le brings */
  TAMBO_CARD_FAULT_RESET,      /* the card has forgotten its session before the command */
  TAMBO_CARD_FAULT_WRONG_CARD, /* the card is away, and another one comes back */
  TAMBO_CARD_N_FAULTS,
} TamboCardFault;

typedef struct {
  /* At which command, counted from 1: 0 never, -1 at each. */
  gint64 at[TAMBO_CARD_N_FAULTS];
  guint32 seed; /* 61xx and 6Cxx with a value come at random, one command in four; 0: not */
  guint speed;  /* of the contactless line in kbit/s; 0: as fast as the host */
  guint jitter; /* up to so many milliseconds before an answer */
} TamboCardFaults;

/* Adds LIST to FAULTS; "none" takes all away. */
gboolean tambo_card_faults_parse (TamboCardFaults *faults, const char *list,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether FAULT comes at the COUNTth command. */
gboolean tambo_card_faults_has (const TamboCardFaults *faults, TamboCardFault fault, guint64 count);
