/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Supporting documents from the scanner and from files: what the procedure asks for, and what is there.
 */
#pragma once

#include "app/step-page.h"

#define TAMBO_TYPE_DOCUMENTS_PAGE (tambo_documents_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboDocumentsPage, tambo_documents_page, TAMBO, DOCUMENTS_PAGE,
                      TamboStepPage)
