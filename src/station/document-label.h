/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The label of an issued document's envelope.
 */
#pragma once

#include "format/image.h"
#include "station/headquarters.h"

/* Of ORDER, whose document is on BLANK. A PDF; or a picture that is WIDTH pixels wide. */
GBytes *tambo_document_label_draw (TamboStation *station, const TamboOrder *order,
                                   const char *blank, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboImage *tambo_document_label_picture (TamboStation *station, const TamboOrder *order,
                                          const char *blank, int width,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
