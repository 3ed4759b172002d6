/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of an issuance order, opened with the station's inbox key.
 */
#pragma once

#include "chip/personalisation.h"
#include "station/headquarters.h"

/* What the chip gets. */
typedef struct {
  TamboLds *lds;
  gboolean has_active;
  TamboActiveKey active; /* of active authentication, where HAS_ACTIVE */
} TamboOrderContent;

void tambo_order_content_clear (TamboOrderContent *content);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboOrderContent, tambo_order_content_clear)

/* Opens, verifies and reads the order of ID. Either out_ parameter may be NULL. */
gboolean tambo_order_packet_open (TamboStation *station, const char *id, TamboOrder **out_order,
                                  TamboOrderContent *out_content,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
