/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"

#include <glib/gi18n.h>

#include "app/approvals-page.h"
#include "app/audit-page.h"
#include "app/blanks-page.h"
#include "app/closing-page.h"
#include "app/deliver-page.h"
#include "app/devices-page.h"
#include "app/figures-page.h"
#include "app/issue-page.h"
#include "app/operators-page.h"
#include "app/outbox-page.h"
#include "app/practice-page.h"
#include "app/preferences-page.h"
#include "app/verify-page.h"

#define DESK (TAMBO_ROLE_CLERK | TAMBO_ROLE_SUPERVISOR)

static const TamboPlace places[] = {
  { "issue", N_ ("Issue"), "media-flash-symbolic", "<Control><Shift>i", tambo_issue_page_get_type,
    DESK },
  { "deliver", N_ ("Deliver"), "contact-new-symbolic", "<Control><Shift>h",
    tambo_deliver_page_get_type, DESK },
  { "verify", N_ ("Verify a chip"), "channel-secure-symbolic", "<Control><Shift>v",
    tambo_verify_page_get_type, DESK },
  { "approvals", N_ ("Approvals"), "object-select-symbolic", "<Control><Shift>a",
    tambo_approvals_page_get_type, DESK },
  { "outbox", N_ ("Outbox"), "mail-send-symbolic", "<Control>o", tambo_outbox_page_get_type,
    TAMBO_ROLES_ALL },
  { "blanks", N_ ("Blanks"), "view-grid-symbolic", "<Control><Shift>b", tambo_blanks_page_get_type,
    DESK },
  { "operators", N_ ("Operators"), "system-users-symbolic", "<Control><Shift>o",
    tambo_operators_page_get_type, TAMBO_ROLES_TRUSTED },
  { "closing", N_ ("Day closing"), "x-office-calendar-symbolic", "<Control><Shift>d",
    tambo_closing_page_get_type, TAMBO_ROLE_SUPERVISOR },
  { "figures", N_ ("Figures"), "power-profile-performance-symbolic", "<Control><Shift>f",
    tambo_figures_page_get_type, TAMBO_ROLE_SUPERVISOR },
  { "audit", N_ ("Audit log"), "security-high-symbolic", "<Control>j", tambo_audit_page_get_type,
    TAMBO_ROLES_TRUSTED | TAMBO_ROLE_AUDITOR },
  { "devices", N_ ("Devices"), "computer-symbolic", "<Control>d", tambo_devices_page_get_type,
    TAMBO_ROLES_ALL },
  { "preferences", N_ ("Preferences"), "emblem-system-symbolic", "<Control>comma",
    tambo_preferences_page_get_type, TAMBO_ROLES_ALL },
  { "practice", N_ ("Practice"), "applications-utilities-symbolic", NULL,
    tambo_practice_page_get_type, TAMBO_ROLES_ALL },
};

const TamboPlace *tambo_places_get (guint *out_count) {
  *out_count = G_N_ELEMENTS (places);
  return places;
}
