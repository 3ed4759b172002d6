/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * LDSSecurityObject, Doc 9303-10 section 4.6.2.3: the hashes of the data groups. Private to the room.
 */
#pragma once

#include "chip/lds.h"

#define TAMBO_OID_LDS_SECURITY_OBJECT "2.23.136.1.1.1"
#define TAMBO_MAX_HASH_SIZE 64

typedef struct {
  int digest; /* OpenSSL's NID of the hash algorithm */
  gsize hash_size;
  guint32 groups;                          /* bit N: data group N is named */
  guint8 hashes[17][TAMBO_MAX_HASH_SIZE];  /* by data group number; 0 is not used */
  char lds_version[5], unicode_version[7]; /* what EF.COM has to say; empty in version 0 */
} TamboSecurityObject;

/* DIGEST ("SHA256", …) over every data group of LDS. VERSION is 0 or 1; 1 says the versions of EF.COM
 * besides (ldsVersionInfo). */
GBytes *tambo_security_object_encode (const TamboLds *lds, guint version, const char *digest);
/* Versions 0 and 1, SHA-224 to SHA-512, each data group once, nothing behind. */
gboolean tambo_security_object_parse (gconstpointer data, gsize size,
                                      TamboSecurityObject *out_object,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The hash of FILE equals the one named for data group NUMBER. */
gboolean tambo_security_object_matches (const TamboSecurityObject *object, guint number,
                                        GBytes *file);
