/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The course of the ridges on a coarse grid, and with it where the finger is: what the matcher looks at
 * beside the minutiae. It travels in the extended data of an ISO/IEC 19794-2 record, as an area of a
 * type that the standard leaves to vendors; records of others have none, and match without it.
 */
#pragma once

#include "biometric/ridge-field.h"

#define TAMBO_RIDGE_FLOW_CELL 16 /* pixels at 500 ppi */
#define TAMBO_RIDGE_FLOW_NONE 255

typedef struct {
  int columns, rows;
  guint8
      *angles; /* 0..127, units of 360/256 degrees counter-clockwise; NONE outside of the finger */
} TamboRidgeFlow;

void tambo_ridge_flow_clear (TamboRidgeFlow *flow);

/* The extended data area. */
GBytes *tambo_ridge_flow_encode (const TamboRidgeField *field);
/* FALSE when EXTENDED (or NULL) has no such area or a malformed one. */
gboolean tambo_ridge_flow_parse (GBytes *extended,
                                 TamboRidgeFlow *out_flow) G_GNUC_WARN_UNUSED_RESULT;
