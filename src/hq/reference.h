/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By what the station knows the holder again when the document is handed over: a template of each captured
 * finger, ISO/IEC 19794-2, and why the others are not there.
 */
#pragma once

#include "record/enrolment.h"
#include "sync/protocol.h"

/* Adds a part "reference-right-index" to ORDER for each fingerprint of PACKET, the enrolment's. A picture
 * in which there is nothing to compare gives none. */
gboolean tambo_hq_reference_add (const TamboEnrolment *enrolment, TamboPacket *packet,
                                 TamboPacket *order, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Elements are {"finger": …, "reason": …}. */
JsonArray *tambo_hq_reference_exceptions (const TamboEnrolment *enrolment);
