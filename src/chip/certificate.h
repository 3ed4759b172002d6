/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Certificates of Doc 9303-12 section 7.1: reading them and judging a document signer's. Private to
 * the room; making them is signer.c's.
 */
#pragma once

#include "base/cleanup.h"
#include "chip/chip-error.h"

/* PEM or DER, nothing behind it. */
X509 *tambo_certificate_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE when SIGNER's chain ends in one of CSCA (GBytes, PEM or DER), all are valid today, and their
 * keys lie on curves that are known by name. AUTHENTICATION otherwise. */
gboolean tambo_certificate_verify_chain (X509 *signer, GPtrArray *csca,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Explicit parameters are accepted only where they are those of a curve that has a name. */
gboolean tambo_certificate_curve_is_known (X509 *certificate);
