/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sheets of one supporting document as they come, one after another. With each of them the document is saved
 * anew: nothing waits for a last one. One thread at a time.
 */
#pragma once

#include "format/image.h"
#include "station/enrol.h"

/* A sheet has 26 MB while its document grows. */
#define TAMBO_PAGE_PILE_MOST 12

typedef struct _TamboPagePile TamboPagePile;

TamboPagePile *tambo_page_pile_new (const char *case_id, const char *document_kind);
TamboPagePile *tambo_page_pile_ref (TamboPagePile *pile); /* any thread */
void tambo_page_pile_unref (TamboPagePile *pile);         /* the last one wipes the sheets */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPagePile, tambo_page_pile_unref)

const char *tambo_page_pile_get_kind (const TamboPagePile *pile);
guint tambo_page_pile_get_length (const TamboPagePile *pile);

/* SHEET comes after the others, and all of them are the document of ENROLMENT, in place of what was there. Takes
 * SHEET; after an error the pile is as it was. */
gboolean tambo_page_pile_add (TamboPagePile *pile, TamboStation *station, TamboEnrolment *enrolment,
                              TamboImage *sheet, GError **error);
/* The pile has the sheets of the document of ENROLMENT, which was taken back to fewer of them; none when it is
 * another one. */
void tambo_page_pile_follow (TamboPagePile *pile, const TamboEnrolment *enrolment);
