/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chip with the passport applet of the JMRTD project: its personalisation dialect in the clear
 * until it is locked (CREATE FILE with template 63, UPDATE BINARY, PUT DATA, lock DA DEAD), Basic
 * Access Control and 3DES secure messaging (ICAO Doc 9303-11 sections 4.3 and 9.8), active
 * authentication with RSA-1024 (section 6.1). No sockets and no clock: one command in, one answer out.
 */
#pragma once

#include <glib.h>

typedef struct _TamboCardJmrtd TamboCardJmrtd;

#define TAMBO_CARD_JMRTD_MEMORY (64 * 1024)

/* What some real specimens do; none is set on a new card. */
typedef enum {
  TAMBO_CARD_QUIRK_SM_LE_ZERO = 1 << 0, /* under SM, Le = 00 reads nothing */
  TAMBO_CARD_QUIRK_NO_MEMORY = 1 << 1,  /* CREATE FILE always answers 6A84 */
} TamboCardQuirks;

typedef void (*TamboCardRandom) (gpointer out_data, gsize size);

/* A blank chip whose files may have MEMORY bytes together. */
TamboCardJmrtd *tambo_card_jmrtd_new (gsize memory);
void tambo_card_jmrtd_free (TamboCardJmrtd *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardJmrtd, tambo_card_jmrtd_free)

/* Where challenges and key parts come from, for the worked example of appendix D. */
void tambo_card_jmrtd_set_random (TamboCardJmrtd *card, TamboCardRandom random);
void tambo_card_jmrtd_set_quirks (TamboCardJmrtd *card, TamboCardQuirks quirks);

/* Loss of power: selection, challenge and session are gone; files, keys and the lock stay. */
void tambo_card_jmrtd_reset (TamboCardJmrtd *card);

/* Any bytes at all are a command; the answer always ends in a status word. */
GBytes *tambo_card_jmrtd_process (TamboCardJmrtd *card, GBytes *command) G_GNUC_WARN_UNUSED_RESULT;

gboolean tambo_card_jmrtd_is_locked (const TamboCardJmrtd *card);
gsize tambo_card_jmrtd_get_memory_used (const TamboCardJmrtd *card);
/* How many files were asked for. */
guint tambo_card_jmrtd_get_creations (const TamboCardJmrtd *card);
/* What lies in a file, as the maker of the chip could see it; NULL when there is none. */
GBytes *tambo_card_jmrtd_dup_file (const TamboCardJmrtd *card, guint16 file_id);
