/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fingerprint scanner behind a Secure Biometric Interface (MOSIP SBI 0.9.5 and 1.0): what it says of
 * itself, and the hand of nobody that lies on it. Thread-safe.
 */
#pragma once

#include "format/image.h"
#include "simulator/sbi-signer.h"

typedef enum {
  TAMBO_SCANNER_WELL,
  /* What it gets wrong in a capture that looks well. */
  TAMBO_SCANNER_WRONG_SIGNATURE,
  TAMBO_SCANNER_STRANGER, /* signed well, by a provider that nobody knows */
  TAMBO_SCANNER_BROKEN_CHAIN,
  TAMBO_SCANNER_FEWER_FINGERS,
  TAMBO_SCANNER_WRONG_FINGER,
  TAMBO_SCANNER_OTHER_SCANNER,     /* the serial number in the picture */
  TAMBO_SCANNER_OTHER_TRANSACTION, /* an answer kept from before */
  TAMBO_SCANNER_OLD,               /* taken an hour ago */
  TAMBO_SCANNER_OTHER_VERSION,
  TAMBO_SCANNER_NO_FINGER, /* error 101 */
  /* What the applicant does, and the scanner does not notice. */
  TAMBO_SCANNER_POOR,      /* every print is smeared */
  TAMBO_SCANNER_POOR_LAST, /* … the outermost finger's alone */
  TAMBO_SCANNER_OTHER_HAND,
} TamboScannerFault;

typedef enum {
  TAMBO_SCANNER_JPEG2000,
  TAMBO_SCANNER_WSQ,
  TAMBO_SCANNER_RAW,
  TAMBO_SCANNER_PNG,
} TamboScannerCompression;

typedef struct {
  guint16 port;
  guint32 seed;           /* of the right thumb; the others follow, as positions do */
  gboolean is_single;     /* a scanner for one finger */
  gboolean is_old_record; /* ISO/IEC 19794-4:2005 instead of 2011 */
  gboolean hashes_digits; /* the chain goes over hexadecimal digits, not over bytes */
  TamboScannerCompression compression;
  TamboSbiAlgorithm algorithm;
  gboolean is_expired; /* its certificate was good until yesterday */
  const char *version; /* the newest that it speaks, "1.0" or "0.9.5"; borrowed */
  int quality;         /* that it finds its pictures to have */
} TamboScannerSettings;

typedef struct _TamboScanner TamboScanner;

TamboScanner *tambo_scanner_new (const TamboScannerSettings *settings, GError **error);
void tambo_scanner_free (TamboScanner *scanner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboScanner, tambo_scanner_free)

void tambo_scanner_set_port (TamboScanner *scanner, guint16 port);
/* "Ready", "Busy", "Not Ready", "Not Registered". */
gboolean tambo_scanner_set_status (TamboScanner *scanner, const char *status, GError **error);
char *tambo_scanner_dup_provider_pem (TamboScanner *scanner);

/* The answers, as JSON text. */
char *tambo_scanner_discovery (TamboScanner *scanner);
char *tambo_scanner_info (TamboScanner *scanner, TamboScannerFault fault);
char *tambo_scanner_capture (TamboScanner *scanner, const char *request, gsize size,
                             TamboScannerFault fault);
/* The glass with a finger on it, a JPEG. */
GBytes *tambo_scanner_frame (TamboScanner *scanner);
