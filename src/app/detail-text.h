/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The details that the rooms below add to a check, in the clerk's language. They speak untranslated English; what the
 * window has no words for is for support alone, and says so.
 */
#pragma once

#include <glib.h>

/* What is wrong with a field, such as "is in the future" of "birth_date is in the future"; NULL: not known. */
const char *tambo_detail_text_fault (const char *detail);
/* Why a check of a chip was not passed; NULL: not known. */
char *tambo_detail_text_verdict (const char *detail);
/* "For support: DETAIL". */
char *tambo_detail_text_support (const char *detail);
