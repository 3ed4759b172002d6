/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document reader that types: it sends the machine-readable zone as keys, faster than anybody types, and
 * wherever the focus is. Keys with their times in; lines out. Pure: no clock, no keyboard.
 *
 * A reader may be set for a US keyboard while the desk has another layout: each key comes with what it writes
 * here and with what it writes there, and the reading whose check digits hold is taken. What turns out to be
 * no such zone, such as another bar code, is given back as it was typed.
 */
#pragma once

#include <glib.h>

#define TAMBO_WEDGE_GAP_MS 30 /* longest between two keys of a reader; auto-repeat is slower */
#define TAMBO_WEDGE_LINE_GAP_MS 150 /* and between two lines */
#define TAMBO_WEDGE_RECOGNISED 10   /* keys in a row that nobody types so fast */

typedef struct {
  guint32 time;   /* of the event, milliseconds; may wrap */
  gunichar typed; /* '\n' for Enter; 0 for a key that writes nothing, or a shortcut */
  char struck;    /* on a US keyboard; 0 for none */
} TamboWedgeKey;

typedef enum {
  TAMBO_WEDGE_PASS,      /* somebody types */
  TAMBO_WEDGE_RECOGNISE, /* a reader: what it wrote so far is to be taken back, and this key swallowed */
  TAMBO_WEDGE_SWALLOW, /* more of it */
} TamboWedgeVerdict;

typedef struct _TamboWedge TamboWedge;

TamboWedge *tambo_wedge_new (void);
void tambo_wedge_free (TamboWedge *wedge); /* wipes what it holds */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboWedge, tambo_wedge_free)

TamboWedgeVerdict tambo_wedge_key (TamboWedge *wedge, const TamboWedgeKey *key);
/* TRUE after a key that may be the first of a reader: whatever it is about to write into is to be remembered. */
gboolean tambo_wedge_is_first (const TamboWedge *wedge);
/* How long after the last key the reader has surely ended; 0 when none is typing. */
guint tambo_wedge_get_patience (const TamboWedge *wedge);
/* No key came for that long. */
void tambo_wedge_end (TamboWedge *wedge);

/* After tambo_wedge_end, or a key that did not belong any more: what was swallowed, as lines of a machine-
 * readable zone (a check digit may be wrong) or as typed. FALSE when there is nothing; one of both is set. */
gboolean tambo_wedge_take (TamboWedge *wedge, char **out_mrz, char **out_typed);

/* What a US keyboard has on the key of an evdev code; 0 for none that a zone needs. */
char tambo_wedge_struck (guint code, gboolean has_shift);
