/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The last closing of a day on paper, for the office's files: what was signed, and nothing that was counted since.
 */
#pragma once

#include "format/image.h"
#include "station/station.h"

/* A PDF, by whoever may close the day. NOT_FOUND before the first closing; INTEGRITY when it is not what this
 * station signed. */
GBytes *tambo_closing_sheet_draw (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same as a picture that is WIDTH pixels wide. */
TamboImage *tambo_closing_sheet_picture (TamboStation *station, int width,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
