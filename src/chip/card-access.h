/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SecurityInfos of Doc 9303-11 section 9.2 and EF.CardAccess of Doc 9303-10 section 3.11.3: which
 * forms of PACE a chip offers.
 */
#pragma once

#include <glib.h>

#include "chip/chip-error.h"
#include "format/tlv.h"

/* In the master file. */
#define TAMBO_FILE_CARD_ACCESS 0x011C
#define TAMBO_FILE_CARD_SECURITY 0x011D
#define TAMBO_FILE_ATR_INFO 0x2F01

/* The last two numbers of a protocol's object identifier, section 9.2.1. */
typedef enum {
  TAMBO_PACE_DH_GM = 1,
  TAMBO_PACE_ECDH_GM = 2,
  TAMBO_PACE_DH_IM = 3,
  TAMBO_PACE_ECDH_IM = 4,
  TAMBO_PACE_ECDH_CAM = 6,
} TamboPaceMapping;

typedef enum {
  TAMBO_PACE_3DES = 1,
  TAMBO_PACE_AES_128 = 2,
  TAMBO_PACE_AES_192 = 3,
  TAMBO_PACE_AES_256 = 4,
} TamboPaceCipher;

typedef struct {
  TamboPaceMapping mapping;
  TamboPaceCipher cipher;
  guint parameter_id;
  gboolean ambiguous; /* the chip has other domain parameters too: MSE:Set AT names these */
} TamboPaceInfo;

/* The value of the protocol's object identifier, without tag and length. */
#define TAMBO_PACE_OID_SIZE 10
void tambo_pace_info_write_oid (const TamboPaceInfo *info, guint8 out_oid[TAMBO_PACE_OID_SIZE]);
/* "PACE-ECDH-GM-AES-CBC-CMAC-128, NIST P-256". */
char *tambo_pace_info_dup_name (const TamboPaceInfo *info);

/* One SecurityInfo: all borrowed; OPTIONAL has tag 0 where there is none. */
typedef struct {
  const guint8 *oid;
  gsize oid_size;
  TamboTlv required, optional;
  TamboTlv whole;
} TamboSecurityInfo;

/* A reader over the SecurityInfo of DATA, which is one SET and nothing behind. */
gboolean tambo_security_infos_open (gconstpointer data, gsize size, TamboReader *out_reader,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE for what is not a SecurityInfo; call while there is something left. */
gboolean tambo_security_infos_next (TamboReader *reader, TamboSecurityInfo *out_info,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The number of an INTEGER that is not negative and fits. */
gboolean tambo_security_info_number (const TamboTlv *tlv,
                                     guint *out_number) G_GNUC_WARN_UNUSED_RESULT;

/* The PACEInfo (array of TamboPaceInfo) of EF.CardAccess that are known here, best first: chip
 * authentication mapping, then curves, then the longer key. Perhaps none. MALFORMED. */
GArray *tambo_card_access_parse (GBytes *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* SET_A has no SecurityInfo that SET_B lacks; with PACE_ONLY, no PACEInfo. Section 4.2: what the chip
 * says unsigned before access control, and signed in DG14. */
gboolean tambo_security_infos_within (const TamboTlv *set_a, const TamboTlv *set_b,
                                      gboolean pace_only);

/* A file that offers N_INFOS. */
GBytes *tambo_card_access_encode (const TamboPaceInfo *infos, gsize n_infos);
