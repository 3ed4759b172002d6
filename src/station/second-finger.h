/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A second person who comes with a finger in place of name and password: whoever of the trusted ones has
 * enrolled it (finger-unlock.h), and is not the one at the desk.
 */
#pragma once

#include "format/image.h"
#include "station/station.h"

#define TAMBO_SECOND_FINGER_ATTEMPTS 3

/* Whether it is worth asking for one: somebody else is known by a finger, and may try. */
gboolean tambo_second_finger_is_possible (TamboStation *station);

/* As tambo_station_bring_second. PASSWORD (store) for a finger that is nobody's; FOUR_EYES for that of the
 * one at the desk; after TAMBO_SECOND_FINGER_ATTEMPTS of them NOT_SIGNED_IN, until a second person has come
 * with a password. However many are known, one in 10,000 strangers' fingers is let
 * through, at most. */
gboolean tambo_second_finger_bring (TamboStation *station, const TamboImage *image, GError **error);
