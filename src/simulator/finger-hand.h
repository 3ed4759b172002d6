/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hand over the sensor: which finger comes next, and its impression. Thread-safe.
 */
#pragma once

#include "format/image.h"

typedef struct _TamboHand TamboHand;

/* Impressions are numbered from FIRST_PRESS, so that a run can be repeated. */
TamboHand *tambo_hand_new (guint32 first_press);
void tambo_hand_free (TamboHand *hand);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHand, tambo_hand_free)

/* "5" or "5,6": grown fingers, used in turn. */
gboolean tambo_hand_use_seeds (TamboHand *hand, const char *list, GError **error);
/* Pictures of prints, used in turn; NULL-terminated. */
gboolean tambo_hand_use_images (TamboHand *hand, const char *const *paths, GError **error);

/* The print for the next touch; the same finger again until tambo_hand_lift. */
TamboImage *tambo_hand_press (TamboHand *hand);
/* The sensor took the last print: the next finger's turn. */
void tambo_hand_lift (TamboHand *hand);
