/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Commands as data, for the profiles of chips: "HEADER", "HEADER : DATA" or "HEADER : DATA : Le" in
 * hexadecimal, blanks ignored. {name} stands for a value, and "( … )" for the length (DER) of what
 * is inside and then that: "00 E0 00 00 : 62 ( 80 ( {size} ) 83 ( {fid} ) )". Private to the room.
 */
#pragma once

#include "chip/apdu.h"

/* What a template may name; what a command does not name may be left out. */
typedef struct {
  guint16 fid;        /* {fid}, 2 bytes; {sfi}, its low five bits << 3 */
  guint16 size;       /* {size}, 2 bytes */
  guint32 offset;     /* {offset}, 2 bytes; {offset3}, 3 bytes */
  guint8 block;       /* {block} */
  guint8 reference;   /* {reference}, of a PACE password */
  const guint8 *data; /* {data}, borrowed */
  gsize data_size;
  const char *number, *birth, *expiry; /* of the MRZ, borrowed */
  GBytes *k_enc, *k_mac;               /* the document's access keys, borrowed */
  GBytes *modulus, *exponent;          /* of the active authentication key, borrowed */
} TamboTemplateValues;

/* The command with its data in DATA, which the caller wipes where it is secret. FALSE when TEXT is no
 * template. */
gboolean tambo_command_template_expand (const char *text, const TamboTemplateValues *values,
                                        GByteArray *data,
                                        TamboCommand *out_command) G_GNUC_WARN_UNUSED_RESULT;
