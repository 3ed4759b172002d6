/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The biometric information template of Doc 9303-10 section 4.7.2 (ISO/IEC 7816-11, CBEFF): the group
 * template 7F61 around one 7F60 per record, header A1, biometric data block 5F2E (ISO/IEC 19794) or
 * 7F2E { A1 … } (ISO/IEC 39794, DER).
 */
#pragma once

#include <glib.h>

typedef enum {
  TAMBO_CBEFF_FACE = 0x02,
  TAMBO_CBEFF_FINGER = 0x08,
  TAMBO_CBEFF_IRIS = 0x10,
} TamboCbeffType;

/* Which of the two families of standards a data block is of. */
typedef enum {
  TAMBO_ENCODING_19794,
  TAMBO_ENCODING_39794,
} TamboBiometricEncoding;

/* What documents that are issued on DATE (yyyy-mm-dd) carry by default: ISO/IEC 39794 from 2030-01-01, as
 * the last day on which Doc 9303-10 allows the older one. Readers take both since 2026-01-01. */
TamboBiometricEncoding tambo_biometric_encoding_for_date (const char *date);

typedef struct {
  TamboCbeffType type;
  guint8 subtype; /* 0 for a face; finger and hand bits of ISO/IEC 19785-3 for a finger */
  TamboBiometricEncoding encoding;
  GBytes *data; /* the 19794 record, or the 39794 block from its tag on; owned */
} TamboCbeffRecord;

/* That one group template takes. */
#define TAMBO_CBEFF_MAX_RECORDS 9

void tambo_cbeff_record_free (TamboCbeffRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCbeffRecord, tambo_cbeff_record_free)

/* RECORDS are TamboCbeffRecord. The result begins with 7F61. */
GBytes *tambo_cbeff_encode (GPtrArray *records);
/* Elements are TamboCbeffRecord, owned; at most nine. */
GPtrArray *tambo_cbeff_parse (gconstpointer data, gsize size,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
