/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The places of the window beside the sign-in, the cases and an enrolment: one table. A place is there
 * for those whose role may do at least one thing in it, and absent for the others.
 */
#pragma once

#include <glib-object.h>

#include "station/permissions.h"

typedef struct {
  const char *name;  /* of the stack's child and of win.go */
  const char *title; /* N_() */
  const char *icon;
  const char *accelerator;  /* NULL for none; Ctrl+K reaches every place */
  GType (*get_type) (void); /* a TamboDeskPage */
  guint roles;              /* TamboRole bits */
} TamboPlace;

const TamboPlace *tambo_places_get (guint *out_count);
