/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chip profiles: Doc 9303-10 section 4.5.1 leaves personalisation to the manufacturer, so the
 * commands of each kind of chip are data here: templates (command-template.h), TLV dialect, sizes,
 * authentication, key loading, lock.
 */
#pragma once

#include "chip/lds.h"

typedef enum {
  TAMBO_CHIP_OPEN,        /* a blank takes commands from anyone */
  TAMBO_CHIP_MUTUAL_3DES, /* GET CHALLENGE and MUTUAL AUTHENTICATE as in 9303-11 section 4.3 with the
                             personalisation keys, then secure messaging of section 9.8.6.1 */
  TAMBO_CHIP_SCP,         /* a secure channel of GlobalPlatform, chip/scp.h */
} TamboChipAuthentication;

typedef struct {
  const char *name; /* "jmrtd" */

  TamboChipAuthentication authentication;
  const char *select;  /* what to select instead of the eMRTD application; NULL: that */
  const char *prepare; /* before the authentication; NULL: nothing. Refused by a locked chip */
  const char *begin;   /* first command under the authentication; likewise */

  const char *create;
  gboolean knows_files; /* a second CREATE FILE is refused with 6A89, and SELECT gives the FCP */
  const char *write;    /* one piece of a file */
  const char
      *write_first; /* the first piece, without a SELECT before; NULL: as WRITE, after SELECT */
  const char *write_far; /* a piece at an offset above MAX_OFFSET; NULL: none can be written */
  gsize max_write, max_write_first, max_write_far; /* {data} bytes of each */
  gboolean extends; /* WRITE takes more where EF.ATR/INFO declares greater commands */
  gsize max_offset;
  guint32 refused_files; /* bit N: TamboLdsFile N cannot be written on this chip */

  const char *bac_keys;
  const char *active_modulus, *active_exponent; /* NULL: it takes no active authentication key */
  const char *active_curve_key; /* the same on a curve, ECPrivateKey; NULL: it takes none */
  const char *chip_key; /* of chip authentication, ECPrivateKey of RFC 5915; NULL: it takes none */
  const char *card_access;   /* EF.CardAccess; NULL: it offers no PACE */
  const char *pace_password; /* one for each that opens it */
  gsize max_key;             /* {data} bytes of these */
  const char *generate; /* makes a key for active authentication, answers 7F49; NULL: it cannot */

  const char *lock_file; /* for each file after SELECT; NULL: there is one lock for the whole */
  const char *lock;
} TamboChipProfile;

/* NULL when there is none of that name. Static. */
const TamboChipProfile *tambo_chip_profile_find (const char *name);
/* Names, NULL-terminated, static. */
const char *const *tambo_chip_profile_names (void);
