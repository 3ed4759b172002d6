/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: the words by which a case is found. On the disk stand only the first 64 bits
 * of their HMAC-SHA256 under a key derived from the data key. Whoever has the disk alone sees that
 * two cases share a word, never which one.
 */
#pragma once

#include "store/cases.h"

/* Brings the index of ENROLMENT, whose row is there, up to date. Needs an open transaction and the
 * unlocked store. */
gboolean tambo_search_index (TamboStore *store, const TamboEnrolment *enrolment, GError **error);
/* Drops a case from the index; likewise in a transaction. */
gboolean tambo_search_forget (TamboStore *store, const char *id, GError **error);

/* TEXT as it is compared: transliterated by Doc 9303-3, in small letters, the spellings of one letter
 * (Müller, Mueller, Muller) made one; of all else only letters and digits. */
char *tambo_search_fold (const char *text);
/* "1974-08-12" of "1974-08-12", "12.08.1974" or "12/8/1974"; NULL for no date. */
char *tambo_search_fold_date (const char *text);
