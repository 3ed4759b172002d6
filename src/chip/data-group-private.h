/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all data groups have in common: one object of the file's tag. Private to the room.
 */
#pragma once

#include "chip/data-group.h"
#include "format/tlv.h"

/* Takes ARRAY over. */
GBytes *tambo_data_group_wrap (GByteArray *array, TamboLdsFile file);
/* A group template around RECORDS (TamboCbeffRecord); without any, random bytes in 53, so that the hashes
 * of all such documents differ. */
GBytes *tambo_data_group_wrap_biometric (GPtrArray *records, TamboLdsFile file);
/* The value of a file that is one object of FILE's tag. */
gboolean tambo_data_group_unwrap (GBytes *bytes, TamboLdsFile file, TamboTlv *out_tlv,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* MALFORMED, "FILE WHAT"; gives NULL. */
gpointer tambo_data_group_malformed (GError **error, TamboLdsFile file, const char *what);
