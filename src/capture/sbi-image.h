/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bioValue of a Secure Biometric Interface: a finger image record of ISO/IEC 19794-4, either version.
 */
#pragma once

#include "format/image.h"
#include "record/finger.h"

/* The one picture in RECORD, grey, with its resolution; PROTOCOL when there is not exactly one, when it is
 * of another finger (UNKNOWN fits all), or when it is not what its header says. */
TamboImage *tambo_sbi_image_from_record (GBytes *record, TamboFinger finger,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
