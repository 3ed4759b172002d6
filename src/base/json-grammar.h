/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grammar of RFC 8259, looked at before json-glib is: that parser also takes comments, bare
 * words and assignments, cuts strings at U+0000, wraps integers, recurses as deep as the text asks
 * and stops the program at half a surrogate pair.
 */
#pragma once

#include <glib.h>

/* NULL when TEXT is one JSON value, no deeper than TAMBO_JSON_MAX_DEPTH, whose integers fit 64
 * bits; otherwise what is wrong with it, a constant. */
const char *tambo_json_grammar_fault (const char *text, gsize size);
