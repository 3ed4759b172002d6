/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signatures as InkML (W3C Recommendation of 20 September 2011): one trace for each stroke, the channels
 * X, Y, F (force) and T (milliseconds), lifted movements as traces of type penUp.
 */
#pragma once

#include "format/iso19794-7.h"

gboolean tambo_inkml_sniff (GBytes *bytes);
GBytes *tambo_inkml_encode (const TamboSignature *signature);
/* Takes one trace format with X and Y and any further channels, in the pad's own units; without T the
 * samples are 5 ms apart, without F the pen presses evenly. UNSUPPORTED for values that are told by their
 * differences. */
TamboSignature *tambo_inkml_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
