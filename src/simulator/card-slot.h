/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hand that lays the simulated chip on a reader and takes it away: insertion and removal, the
 * tear at a chosen command, the faults of the line. Lives on the default main context.
 */
#pragma once

#include <gio/gio.h>

#include "chip/scp.h"
#include "simulator/card-fault.h"
#include "simulator/card-passport.h"

typedef struct {
  char *host;
  guint16 port;
  gboolean listens; /* the reader comes to the card */
  gsize memory;
  int reinsert_after; /* milliseconds after a tear; negative: stays away */
  char *dump;         /* folder, or NULL */
  char *lds;          /* folder of a passport that is finished already, or NULL for a blank chip */
  char *keys;         /* folder with a passport's private keys; NULL without */
  TamboCardPace pace; /* of a passport */
  char *can;          /* NULL without */
  char *profile;      /* kind of a blank chip; NULL: jmrtd */
  TamboScpProtocol protocol; /* of a chip with a secure channel */
  guint16 max_length;        /* of commands and answers of a chip that declares them; 0: short */
  guint32 seed; /* of a passport's challenges, the same after each reset; 0: real ones */
  TamboCardFaults faults;
} TamboCardOptions;

void tambo_card_options_clear (TamboCardOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboCardOptions, tambo_card_options_clear)

typedef struct _TamboCardSlot TamboCardSlot;

/* A chip that is not inserted yet. OPTIONS is borrowed and outlives the slot, which changes in it what
 * it is told by the control socket. */
TamboCardSlot *tambo_card_slot_new (TamboCardOptions *options,
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
 * "fault LIST", "new [PROFILE [SCP]]", "dump", "status". Gives "ok", to "status" with what is asked
 * for, or "error: …". */
char *tambo_card_slot_control (TamboCardSlot *slot, const char *line);
