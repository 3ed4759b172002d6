/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of a passport. Private to card-passport*.c.
 */
#pragma once

#include "base/cleanup.h"
#include "chip/pace.h"
#include "simulator/card-agreement.h"
#include "simulator/card-emrtd.h"
#include "simulator/card-passport.h"
#include "simulator/card-terminal.h"

/* Files that are not of the LDS. */
typedef enum {
  TAMBO_CARD_ACCESS,   /* of the master file, for all */
  TAMBO_CARD_ATR_INFO, /* likewise */
  TAMBO_CARD_SECURITY, /* of the master file, under a session */
  TAMBO_CARD_CVCA,     /* of the application */
  TAMBO_CARD_N_EXTRA_FILES,
} TamboCardExtraFile;

struct _TamboCardPassport {
  /* What survives without power. */
  TamboCardEmrtd *emrtd;
  GBytes *document_number; /* with its check digit */
  TamboPacePassword mrz_password, can_password;
  TamboPaceChip *pace; /* NULL: no PACE */
  gboolean is_mapped;  /* PACE proves the chip too */
  EVP_PKEY *active_key;
  TamboCardAgreement *agreement;
  TamboCardTerminal *terminal;
  TamboCardFile extra[TAMBO_CARD_N_EXTRA_FILES];
  gboolean is_open; /* DG3 and DG4 are for whoever has come by the MRZ, too */

  /* What does not. */
  GBytes *identity;     /* ID_IC of the session */
  GBytes *terminal_key; /* Comp of the terminal's newest ephemeral key */
};
