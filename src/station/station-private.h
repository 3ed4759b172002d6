/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the use cases of this room share and nobody else sees.
 */
#pragma once

#include "station/station.h"
#include "store/outbox.h"

#define TAMBO_ROLES_ALL                                                                            \
  (TAMBO_ROLE_CLERK | TAMBO_ROLE_SUPERVISOR | TAMBO_ROLE_TECHNICIAN | TAMBO_ROLE_AUDITOR)
#define TAMBO_ROLES_DESK (TAMBO_ROLE_CLERK | TAMBO_ROLE_SUPERVISOR)

/* The station's signing key; borrowed. */
TamboKey *tambo_station_get_key (TamboStation *self);

/* Paths inside the folder. */
char *tambo_station_path (TamboStation *self, const char *name);

/* The key that opens what headquarters sends: its private half needs a signed-in operator. */
TamboKey *tambo_station_open_inbox_key (TamboStation *self,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_station_dup_inbox_point (TamboStation *self,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Seals PACKET as a record of KIND and appends it to the outbox. Inside an open transaction, so that
 * the sequence and the chain of manifests hold. CASE_ID may be NULL. */
gboolean tambo_station_queue_record (TamboStation *self, const char *kind, const char *id,
                                     const char *case_id, TamboPacket *packet, int priority,
                                     GError **error);
