/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of an issuance order, opened with the station's inbox key.
 */
#pragma once

#include "chip/lds.h"
#include "station/headquarters.h"

/* Opens, verifies and reads the order of ID. Either out_ parameter may be NULL. */
gboolean tambo_order_packet_open (TamboStation *station, const char *id, TamboOrder **out_order,
                                  TamboLds **out_lds, GError **error) G_GNUC_WARN_UNUSED_RESULT;
