/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all parts of ISO/IEC 39794 have in common (part 1, clause 8): DER of ASN.1 with implicit context
 * tags. Each sequence may grow: members of higher numbers than are known are passed over. Private to the
 * room.
 */
#pragma once

#include "format/der.h"

#define TAMBO_39794_MEMBER(number) (0x80u + (number))
#define TAMBO_39794_GROUP(number) (0xA0u + (number)) /* a member that has members */

/* Generation and year of the edition of 2019. */
void tambo_39794_put_version (GByteArray *array);
gboolean tambo_39794_check_version (const TamboTlv *version) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the members of SEQUENCE with the numbers 0 to N-1 into OUT_MEMBERS, with tag 0 where one is not
 * there. FALSE unless SEQUENCE is whole and in order. */
gboolean tambo_39794_members (const TamboTlv *sequence, TamboTlv *out_members,
                              guint n) G_GNUC_WARN_UNUSED_RESULT;

/* A CHOICE of a code and of an extension with a code to fall back on. */
void tambo_39794_put_code (GByteArray *array, guint number, guint code);
void tambo_39794_put_extension_code (GByteArray *array, guint number, guint code);
/* Either of the two. */
gboolean tambo_39794_read_code (const TamboTlv *choice, guint *out_code) G_GNUC_WARN_UNUSED_RESULT;

/* A number up to MAXIMUM; FALSE also where MEMBER is not there. */
gboolean tambo_39794_read_number (const TamboTlv *member, guint maximum,
                                  guint *out_number) G_GNUC_WARN_UNUSED_RESULT;
