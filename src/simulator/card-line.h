/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lies between a reader and the chip's own commands: answers that come in pieces (61xx and GET
 * RESPONSE, ISO/IEC 7816-4 section 5.3.4) or only after the right Le (6Cxx), and the time that the
 * contactless line takes.
 */
#pragma once

#include "simulator/card-fault.h"

typedef struct _TamboCardLine TamboCardLine;

TamboCardLine *tambo_card_line_new (void);
void tambo_card_line_free (TamboCardLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardLine, tambo_card_line_free)
/* Loss of power: what was held back is gone. */
void tambo_card_line_reset (TamboCardLine *line);

/* The chip's own answer to one command. */
typedef GBytes *(*TamboCardLineChip) (GBytes *command, gpointer chip);
/* The answer to the COUNTth command, as FAULTS let it come through. */
GBytes *tambo_card_line_process (TamboCardLine *line, const TamboCardFaults *faults, guint64 count,
                                 GBytes *command, TamboCardLineChip chip,
                                 gpointer data) G_GNUC_WARN_UNUSED_RESULT;

/* Microseconds of a command and its answer at SPEED kbit/s: ISO/IEC 14443-4 blocks of 256 bytes, nine
 * bits a byte (type A), half a millisecond of turn-round for each block. 0 for SPEED 0. */
guint64 tambo_card_line_time (guint speed, gsize command_size, gsize answer_size);
/* How long the answer is kept back: its line time and the jitter. */
guint64 tambo_card_line_delay (TamboCardLine *line, const TamboCardFaults *faults,
                               gsize command_size, gsize answer_size);
