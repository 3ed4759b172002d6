/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By what the station knows the holder again when the document is handed over: a template of each captured
 * finger, ISO/IEC 19794-2, and why the others are not there.
 */
#pragma once

#include "hq/gallery.h"

/* Adds a part "reference-right-index" to ORDER for each of FINGERS, an enrolment's. INVALID when one of its
 * pictures could not be read. */
gboolean tambo_hq_reference_add (const TamboFingerSet *fingers, TamboPacket *order,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Elements are {"finger": …, "reason": …}. */
JsonArray *tambo_hq_reference_exceptions (const TamboEnrolment *enrolment);
