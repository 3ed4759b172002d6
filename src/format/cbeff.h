/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The biometric information template of Doc 9303-10 section 4.7.2 (ISO/IEC 7816-11, CBEFF): the group
 * template 7F61 around one 7F60 per record, header A1, biometric data block 5F2E.
 */
#pragma once

#include <glib.h>

typedef enum {
  TAMBO_CBEFF_FACE = 0x02,   /* type 02, format owner 0101, format type 0008 */
  TAMBO_CBEFF_FINGER = 0x08, /* type 08, format owner 0101, format type 0007 */
} TamboCbeffType;

typedef struct {
  TamboCbeffType type;
  guint8 subtype; /* 0 for a face; finger and hand bits of ISO/IEC 19785-3 for a finger */
  GBytes *data;   /* the 19794 record, owned */
} TamboCbeffRecord;

void tambo_cbeff_record_free (TamboCbeffRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCbeffRecord, tambo_cbeff_record_free)

/* RECORDS are TamboCbeffRecord. The result begins with 7F61. */
GBytes *tambo_cbeff_encode (GPtrArray *records);
/* Elements are TamboCbeffRecord, owned; at most nine. */
GPtrArray *tambo_cbeff_parse (gconstpointer data, gsize size,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
