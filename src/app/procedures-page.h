/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the applicant came for. Signal "procedure-chosen" (id).
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_PROCEDURES_PAGE (tambo_procedures_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboProceduresPage, tambo_procedures_page, TAMBO, PROCEDURES_PAGE, AdwBin)

void tambo_procedures_page_set_session (TamboProceduresPage *self, TamboSession *session);
/* PERSON is whose document was read, for the clerk to see; NULL when none was. */
void tambo_procedures_page_enter (TamboProceduresPage *self, const char *person);
