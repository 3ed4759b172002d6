/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a desk shows all day beside its work.
 */
#pragma once

#include "station/station.h"

typedef struct {
  guint waiting;    /* records that headquarters has not acknowledged */
  guint approvals;  /* cases that wait for a second person */
  guint cases_left; /* applicants for whom the disk still has room */
} TamboDeskStatus;

/* Needs no operator. */
gboolean tambo_desk_status_read (TamboStation *station, TamboDeskStatus *out_status,
                                 GError **error);
