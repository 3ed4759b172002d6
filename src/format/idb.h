/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ICAO Datastructure for Barcode: a signed statement as letters and digits, for a QR code. "RDB1", a letter
 * that says whether it is signed and compressed, and in base 32 (RFC 4648, no padding): the issuing state, the
 * algorithm, the signer's certificate by the end of its SHA-1, the date, messages, the certificate itself, and
 * the signature, r and s of ECDSA. What is signed are header and messages.
 */
#pragma once

#include "format/format-error.h"

/* Of messages. */
typedef enum {
  TAMBO_IDB_EXPIRY = 0x84,   /* a masked date */
  TAMBO_IDB_DOCUMENT = 0x85, /* its number */
  TAMBO_IDB_TYPE = 0x86,     /* one byte, the issuing state's own */
} TamboIdbTag;

#define TAMBO_IDB_REFERENCE_SIZE 5
#define TAMBO_IDB_SIGNATURE_SIZE 64

typedef struct {
  char country[4]; /* three capitals, or fewer and "<" */
  guint8 reference[TAMBO_IDB_REFERENCE_SIZE];
  char date[11];       /* "2026-11-22": when it was made */
  char expiry[11];     /* "" for none */
  char *document;      /* number; NULL for none */
  int type;            /* -1 for none */
  GBytes *certificate; /* DER; NULL for none */
  GBytes *signature;   /* TAMBO_IDB_SIGNATURE_SIZE bytes; NULL before it is signed */
  GBytes *statement;   /* of one that was parsed: what was signed */
} TamboIdb;

void tambo_idb_free (TamboIdb *idb);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboIdb, tambo_idb_free)

/* Whether TEXT says that it is one. */
gboolean tambo_idb_sniff (const char *text);
/* Header and messages, to be signed. MALFORMED when the country or a date has no form. */
GBytes *tambo_idb_make_statement (const TamboIdb *idb, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* STATEMENT with the certificate and the signature of IDB. */
char *tambo_idb_encode (const TamboIdb *idb, GBytes *statement);
/* A signed one. Messages that are not known are passed over; they are signed all the same. */
TamboIdb *tambo_idb_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
