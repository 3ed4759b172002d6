/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A signed LDS of the ICAO specimen for the tests of this room.
 */
#pragma once

#include "chip/sod.h"

#define SPECIMEN_MRZ                                                                               \
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"                                                 \
  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define SPECIMEN_INFORMATION "L898902C3674081221204159"

/* DG1, a DG7 of SIZE bytes, COM; signed by SIGNER unless it is NULL. */
TamboLds *specimen_lds (const TamboSigner *signer, gsize size);
/* COM and SOD again, after a data group was set. */
void specimen_sign (TamboLds *lds, const TamboSigner *signer);
/* A DG14 with PACE and the public half of a new key for chip authentication, and signed again; gives the
 * private half as chips take it. */
GBytes *specimen_add_keys (TamboLds *lds, const TamboSigner *signer);
/* GBytes of one PEM. */
GPtrArray *specimen_csca (const TamboSigner *csca);
/* The verdict of CHECK, or -1 when there is no such row. */
int specimen_result (GPtrArray *verdicts, const char *check);
GPtrArray *specimen_verdicts (void);
