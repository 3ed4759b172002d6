/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Elementary files of Doc 9303-10 section 4: EF.COM and data groups 1, 2 and 7, built and read.
 */
#pragma once

#include "chip/lds.h"
#include "record/mrz.h"

/* DG1, section 4.7.1: 61 { 5F1F MRZ }. MRZ without newlines or with them. */
GBytes *tambo_dg1_encode (const char *mrz);
/* The MRZ with newlines between its lines. */
char *tambo_dg1_parse (GBytes *dg1, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG2, section 4.7.2: 75 { 7F61 … } around one ISO/IEC 19794-5 face record whose image is a JPEG 2000
 * or JPEG file. */
GBytes *tambo_dg2_encode (GBytes *image, TamboSex sex, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The image file inside the first face. */
GBytes *tambo_dg2_parse (GBytes *dg2, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG7, section 4.7.7: 67 { 02 01 n, 5F43 image }. */
GBytes *tambo_dg7_encode (GBytes *image);
GBytes *tambo_dg7_parse (GBytes *dg7, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* EF.COM, section 4.6.1: LDS version 0107, Unicode 040000, and the tags of the data groups that LDS
 * holds. */
GBytes *tambo_com_encode (const TamboLds *lds);
/* Bit N set: data group N is there. */
gboolean tambo_com_parse (GBytes *com, guint32 *out_groups, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
