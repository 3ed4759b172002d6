/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inspection: what a border does. Selects the application, opens it with the MRZ, reads files byte for
 * byte and judges them.
 */
#pragma once

#include "chip/bac.h"
#include "chip/lds.h"
#include "chip/sod.h"
#include "chip/terminal-authentication.h"
#include "record/mrz.h"

/* What opens a chip: at least one of them. */
typedef struct {
  const TamboMrz *mrz;           /* NULL: the CAN alone is known, which opens by PACE only */
  const char *can;               /* card access number; NULL: the MRZ opens, by PACE or BAC */
  const TamboTerminal *terminal; /* opens DG3 and DG4; NULL: they stay shut */
} TamboInspectionKeys;

/* Opens the chip by PACE where EF.CardAccess offers it, by BAC otherwise, and selects the eMRTD
 * application. AUTHENTICATION when MRZ or CAN are wrong. */
TamboSecureMessaging *tambo_inspection_open_with (TamboChannel *channel,
                                                  const TamboInspectionKeys *keys,
                                                  GCancellable *cancellable,
                                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with the MRZ alone. */
TamboSecureMessaging *tambo_inspection_open (TamboChannel *channel, const TamboMrz *mrz,
                                             GCancellable *cancellable,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads one file whole: SELECT, then READ BINARY, the first for as much as an answer carries, the others
 * never past the length in the header. SM may be NULL for a chip that is read in the clear. MALFORMED for
 * a header that announces more than 1 MiB. */
GBytes *tambo_inspection_read_file (TamboChannel *channel, TamboSecureMessaging *sm,
                                    TamboLdsFile file, GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* COM, SOD and every data group that COM names and the chip lets be read. */
TamboLds *tambo_inspection_read (TamboChannel *channel, TamboSecureMessaging *sm,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the chip with KEYS and reads the same; with a terminal's key DG3 and DG4 too. AUTHENTICATION when
 * the chip does not let the keys in, TERMINAL when it does not let the terminal in. */
TamboLds *tambo_inspection_read_as (TamboChannel *channel, const TamboInspectionKeys *keys,
                                    GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Access control, reading, passive and active authentication, DG1 against MRZ: rows in VERDICTS
 * (access-control with the protocol; with chip authentication mapping card-security and
 * chip-authentication; reading where it failed; active-authentication; chip-authentication where DG14
 * has a key; terminal-authentication where COM announces DG3 or DG4; those of chip/sod.h; card-access;
 * mrz). CSCA are files as there. Fails with ERROR only when the card could not be talked to; a check that
 * fails is a row. The files read, or NULL, also without ERROR. */
TamboLds *tambo_inspect (TamboChannel *channel, const TamboMrz *mrz, GPtrArray *csca,
                         GPtrArray *verdicts, GCancellable *cancellable, GError **error);
TamboLds *tambo_inspect_with (TamboChannel *channel, const TamboInspectionKeys *keys,
                              GPtrArray *csca, GPtrArray *verdicts, GCancellable *cancellable,
                              GError **error);
/* There are verdicts and none failed; what was skipped does not count. */
gboolean tambo_verdicts_all_passed (GPtrArray *verdicts);
