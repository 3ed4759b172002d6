/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chip profiles: Doc 9303-10 section 4.5.1 leaves personalisation to the manufacturer, so the
 * commands of each kind of chip are data here: templates, TLV dialect, sizes, key loading, lock.
 */
#pragma once

#include "chip/lds.h"

typedef struct {
  const char *name; /* "jmrtd" */
  guint8 create_p1, create_p2;
  guint8 create_tag;        /* template tag of CREATE FILE: 63 for jmrtd, 62 for ISO 7816-4 FCP */
  gsize max_write;          /* data bytes of one UPDATE BINARY */
  gsize max_offset;         /* highest offset of D6; beyond it a chip needs D7 */
  guint32 refused_files;    /* bit N: TamboLdsFile N cannot be written on this chip */
  guint16 bac_key_p1p2;     /* PUT DATA for the BAC key */
  guint8 bac_key_tag;
  guint8 lock_ins, lock_p1, lock_p2;
} TamboChipProfile;

/* NULL when there is none of that name. Static. */
const TamboChipProfile *tambo_chip_profile_find (const char *name);
/* Names, NULL-terminated, static. */
const char *const *tambo_chip_profile_names (void);
