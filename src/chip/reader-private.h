/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What those who look at the readers share. Private to the room; CONTEXT is an SCARDCONTEXT.
 */
#pragma once

#include "chip/reader.h"

/* Names, NULL-terminated; none is an empty array. */
char **tambo_pcsc_list_names (long context, GError **error) G_GNUC_WARN_UNUSED_RESULT;
