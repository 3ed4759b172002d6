/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Seals at the desk: receipts get one, and whoever comes with one is told whether it holds, without a network.
 */
#pragma once

#include "chip/digital-seal.h"
#include "format/image.h"
#include "station/station.h"

/* For so long a receipt can be shown. */
#define TAMBO_SEAL_RECEIPT_DAYS 365

/* The seal of a receipt that is given today, and its last day; NULL without an error where this station has no certificate yet. */
char *tambo_seal_desk_make_receipt (TamboStation *station, const char *tracking_number,
                                    gboolean practice, char **out_expiry,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Holds TEXT against the authorities that this STATION trusts (NULL: none) and those of CA_FILES (paths; NULL:
 * none). TAMBO_CHIP_ERROR or TAMBO_FORMAT_ERROR when it does not hold. */
TamboSeal *tambo_seal_desk_verify (TamboStation *station, const char *const *ca_files,
                                   const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The seal among the QR codes of a picture; NOT_FOUND when there is no code at all, INTEGRITY when there are
 * codes and none is a seal. */
char *tambo_seal_desk_read (const TamboImage *image, GError **error) G_GNUC_WARN_UNUSED_RESULT;
