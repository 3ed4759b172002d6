/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The audit log: who did what and when, the proof that nothing was changed, and the export of it.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_AUDIT_PAGE (tambo_audit_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboAuditPage, tambo_audit_page, TAMBO, AUDIT_PAGE, TamboDeskPage)
