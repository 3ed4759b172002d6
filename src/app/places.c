/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"

#include <glib/gi18n.h>

#include "app/devices-page.h"
#include "app/issue-page.h"

#define DESK (TAMBO_ROLE_CLERK | TAMBO_ROLE_SUPERVISOR)

static const TamboPlace places[] = {
  { "issue", N_ ("Issue"), "media-flash-symbolic", "<Control><Shift>i", tambo_issue_page_get_type,
    DESK },
  { "devices", N_ ("Devices"), "computer-symbolic", "<Control>d", tambo_devices_page_get_type,
    TAMBO_ROLES_ALL },
};

const TamboPlace *tambo_places_get (guint *out_count) {
  *out_count = G_N_ELEMENTS (places);
  return places;
}
