/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hand that lays the simulated chip on a reader and takes it away: insertion and removal, the
 * tear at a chosen command, the faults of the line. Lives on the default main context.
 */
#pragma once

#include <gio/gio.h>

#include "chip/scp.h"
#include "simulator/card-passport.h"

typedef enum {
  TAMBO_CARD_FAULT_MUTE,         /* no answer to a command */
  TAMBO_CARD_FAULT_WRONG_STATUS, /* the command is done, its status word is 6F42 */
  TAMBO_CARD_FAULT_TRUNCATE,   /* the command is done, the answer breaks off and the card is away */
  TAMBO_CARD_FAULT_NO_MEMORY,  /* CREATE FILE answers 6A84 */
  TAMBO_CARD_FAULT_SM_LE_ZERO, /* Le = 00 under secure messaging reads nothing */
  TAMBO_CARD_N_FAULTS,
} TamboCardFault;

typedef struct {
  char *host;
  guint16 port;
  gboolean listens; /* the reader comes to the card */
  gsize memory;
  int reinsert_after; /* milliseconds after a tear; negative: stays away */
  char *dump;         /* folder, or NULL */
  char *lds;          /* folder of a passport that is finished already, or NULL for a blank chip */
  TamboCardPace pace; /* of a passport */
  char *can;          /* NULL without */
  char *profile;      /* kind of a blank chip; NULL: jmrtd */
  TamboScpProtocol protocol; /* of a chip with a secure channel */
  /* At which command, counted from 1: 0 never, -1 at each. */
  gint64 faults[TAMBO_CARD_N_FAULTS];
} TamboCardOptions;

void tambo_card_options_clear (TamboCardOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboCardOptions, tambo_card_options_clear)
/* A list of NAME or NAME@N, separated by commas. */
gboolean tambo_card_options_parse_faults (TamboCardOptions *options, const char *list,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _TamboCardSlot TamboCardSlot;

/* A chip that is not inserted yet. OPTIONS is borrowed and outlives the slot. */
TamboCardSlot *tambo_card_slot_new (const TamboCardOptions *options,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the card away, and dumps it where a folder is given. */
void tambo_card_slot_free (TamboCardSlot *slot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardSlot, tambo_card_slot_free)

/* Says "card ready" on standard output as soon as the reader has asked for the card. A card that has
 * just left comes back when the reader must have missed it. */
void tambo_card_slot_insert (TamboCardSlot *slot);
void tambo_card_slot_remove (TamboCardSlot *slot);
/* The card leaves at the Nth command from now, before or after executing it; 0 never. */
void tambo_card_slot_tear (TamboCardSlot *slot, guint64 n, gboolean before);
/* Another chip like the first; lies on the reader if the old one did, which stays on FALSE. */
gboolean tambo_card_slot_renew (TamboCardSlot *slot, GError **error);

/* One line of the control socket, without its newline: "insert", "remove", "tear N [before]",
 * "new", "dump", "status". Gives "ok", to "status" with what is asked for, or "error: …". */
char *tambo_card_slot_control (TamboCardSlot *slot, const char *line);
