/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What DER (ITU-T X.690) has beyond tag and length: whole numbers, and the order of a set.
 */
#pragma once

#include "format/tlv.h"

/* X.690 section 8.3: appends NUMBER under TAG in the fewest octets. */
void tambo_der_put_number (GByteArray *array, guint32 tag, guint64 number);
/* The value of an INTEGER or ENUMERATED between 0 and MAXIMUM, in the fewest octets. */
gboolean tambo_der_read_number (const TamboTlv *tlv, guint64 maximum,
                                guint64 *out_number) G_GNUC_WARN_UNUSED_RESULT;
/* Section 11.6: appends a SET of ENCODINGS (GBytes, DER of one member each) in the order of DER. */
void tambo_der_put_set (GByteArray *array, GPtrArray *encodings);
