/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bar codes of numbers that a desk's reader types: Code 128, code set B (ISO/IEC 15417).
 */
#pragma once

#include <glib.h>

/* The modules of TEXT, one byte each, 1 is dark, without the quiet zones of ten modules; NULL when it is empty, has
 * more than 48 characters, or one that is no printable ASCII. */
GByteArray *tambo_bar_code_encode (const char *text) G_GNUC_WARN_UNUSED_RESULT;
