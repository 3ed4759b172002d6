/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which access control opens a chip, Doc 9303-11 section 4.2: PACE where EF.CardAccess offers a form of
 * it that is known here, BAC otherwise. Private to the room.
 */
#pragma once

#include "chip/inspection.h"
#include "chip/pace.h"

/* An open chip, the eMRTD application selected. */
typedef struct {
  TamboPaceSession session; /* by BAC: its SM alone */
  gboolean is_pace;
  TamboPaceInfo info;    /* by PACE */
  GBytes *card_access;   /* as the chip gave it, unsigned; NULL without */
  GBytes *card_security; /* by chip authentication mapping: EF.CardSecurity, or NULL */
  const char *note;      /* why PACE was not taken although the chip has EF.CardAccess; or NULL */
} TamboAccess;

void tambo_access_clear (TamboAccess *access);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboAccess, tambo_access_clear)
gboolean tambo_access_open (TamboChannel *channel, const TamboInspectionKeys *keys,
                            TamboAccess *out_access, GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* access-control, and with chip authentication mapping the rows of card-security.h. */
void tambo_access_judge (const TamboAccess *access, GPtrArray *csca, GPtrArray *verdicts);
/* card-access: EF.CardAccess is what the signed DG14 says, and nobody hid a PACE that the chip has.
 * No row without either. */
void tambo_access_judge_infos (const TamboAccess *access, GBytes *dg14, GPtrArray *verdicts);
