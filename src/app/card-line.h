/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One line that says what lies on the card readers, as it changes. It watches only while a page that
 * needs a card is shown.
 */
#pragma once

#include <adwaita.h>

#include "station/card-watch.h"

#define TAMBO_TYPE_CARD_LINE (tambo_card_line_get_type ())
G_DECLARE_FINAL_TYPE (TamboCardLine, tambo_card_line, TAMBO, CARD_LINE, AdwBin)

/* Signal "moved": a card came or went, or the readers did. */
void tambo_card_line_start (TamboCardLine *self);
void tambo_card_line_stop (TamboCardLine *self);

/* UNKNOWN while it does not watch. */
TamboCardsState tambo_card_line_get_state (TamboCardLine *self);
/* Where a card lies; NULL without. Borrowed until the next signal. */
const char *tambo_card_line_get_reader (TamboCardLine *self);
/* How often a card came or went, since this line was made. */
guint tambo_card_line_count_moves (TamboCardLine *self);
