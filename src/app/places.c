/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"

#include <glib/gi18n.h>

#include "app/devices-page.h"

#define EVERYBODY                                                                                  \
  (TAMBO_ROLE_CLERK | TAMBO_ROLE_SUPERVISOR | TAMBO_ROLE_TECHNICIAN | TAMBO_ROLE_AUDITOR)

static const TamboPlace places[] = {
  { "devices",
    N_ ("Devices"), "computer-symbolic", "<Control>d", tambo_devices_page_get_type, EVERYBODY },
};

const TamboPlace *tambo_places_get (guint *out_count) {
  *out_count = G_N_ELEMENTS (places);
  return places;
}
