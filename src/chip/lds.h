/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Logical Data Structure of ICAO Doc 9303-10: which files there are, their tags and identifiers,
 * and a set of them in memory.
 */
#pragma once

#include <gio/gio.h>

#include "chip/chip-error.h"

typedef enum {
  TAMBO_LDS_COM,
  TAMBO_LDS_DG1,
  TAMBO_LDS_DG2,
  TAMBO_LDS_DG3,
  TAMBO_LDS_DG4,
  TAMBO_LDS_DG5,
  TAMBO_LDS_DG6,
  TAMBO_LDS_DG7,
  TAMBO_LDS_DG8,
  TAMBO_LDS_DG9,
  TAMBO_LDS_DG10,
  TAMBO_LDS_DG11,
  TAMBO_LDS_DG12,
  TAMBO_LDS_DG13,
  TAMBO_LDS_DG14,
  TAMBO_LDS_DG15,
  TAMBO_LDS_DG16,
  TAMBO_LDS_SOD,
  TAMBO_LDS_N_FILES,
} TamboLdsFile;

/* The eMRTD application, Doc 9303-10 section 3.9.1. */
#define TAMBO_LDS_AID "\xA0\x00\x00\x02\x47\x10\x01"
#define TAMBO_LDS_AID_SIZE 7

const char *tambo_lds_file_name (TamboLdsFile file); /* "COM", "DG1", …, "SOD" */
gboolean tambo_lds_file_from_name (const char *name,
                                   TamboLdsFile *out_file) G_GNUC_WARN_UNUSED_RESULT;
guint8 tambo_lds_file_tag (TamboLdsFile file); /* 0x60, 0x61, … 0x77 */
guint16 tambo_lds_file_id (TamboLdsFile file); /* 0x011E, 0x0101, … 0x011D */
gboolean tambo_lds_file_from_tag (guint8 tag, TamboLdsFile *out_file) G_GNUC_WARN_UNUSED_RESULT;

/* What EF.COM says, section 4.6.1: the version of the LDS beside a SOD of version 0 and of version 1, and
 * that of Unicode. */
#define TAMBO_LDS_VERSION_0 "0107"
#define TAMBO_LDS_VERSION_1 "0108"
#define TAMBO_LDS_UNICODE "040000"

/* Files by name; each entry is NULL or owned bytes as they lie on the chip. */
typedef struct {
  GBytes *files[TAMBO_LDS_N_FILES];
} TamboLds;

TamboLds *tambo_lds_new (void);
void tambo_lds_free (TamboLds *lds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboLds, tambo_lds_free)
void tambo_lds_set (TamboLds *lds, TamboLdsFile file, GBytes *bytes); /* takes a reference */
gboolean tambo_lds_equal (const TamboLds *a, const TamboLds *b);

/* One archive for the wire and for a sealed body: repeated (u8 file | u32 size | bytes). */
GBytes *tambo_lds_encode (const TamboLds *lds);
TamboLds *tambo_lds_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
