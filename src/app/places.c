/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places.h"

#include <glib/gi18n.h>

#include "app/devices-page.h"

static const TamboPlace places[] = {
  { "devices",
    N_ ("Devices"), "computer-symbolic", "<Control>d", tambo_devices_page_get_type,
        TAMBO_ROLES_ALL },
};

const TamboPlace *tambo_places_get (guint *out_count) {
  *out_count = G_N_ELEMENTS (places);
  return places;
}
