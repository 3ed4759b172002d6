/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the versions of 2005 and 2011 share.
 */
#pragma once

#include "base/bytes.h"
#include "format/format-error.h"
#include "format/iso19794-2.h"

#define TAMBO_MINUTIAE_MAGIC_SIZE 8
#define TAMBO_MINUTIAE_MAGIC_2011 "FMR\000030\0"
#define TAMBO_MINUTIAE_POSITION_MAX 10
#define TAMBO_MINUTIAE_QUALITY_MAX 100

/* Six bytes a minutia, then the extended data with their length. UNTOLD stands for no quality. */
void tambo_minutiae_put (GByteArray *array, const TamboMinutiaeView *view, guint8 untold);

/* Type, place and angle; FALSE when cut short or outside of the picture. */
gboolean tambo_minutiae_take_place (TamboReader *reader, guint width, guint height,
                                    TamboMinutia *minutia) G_GNUC_WARN_UNUSED_RESULT;
TamboMinutiaeRecord *tambo_minutiae_parse_2011 (GBytes *bytes, GError **error);
/* NULL. */
gpointer tambo_minutiae_fail (GError **error, TamboFormatError code, const char *message);
