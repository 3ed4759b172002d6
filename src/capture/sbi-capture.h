/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A registration capture of a Secure Biometric Interface (SBI 0.9.5 and 1.0, "Registration Capture"):
 * what is asked, and what of the answer is accepted. All of it or nothing: every finger that was asked
 * for, no other, signed by the device that was asked, now, for this request, in an unbroken chain.
 */
#pragma once

#include "capture/fingerprint-reader.h"
#include "capture/sbi-device.h"

/* The hash before the first one: SHA-256 of nothing. */
#define TAMBO_SBI_FIRST_HASH "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"

/* All borrowed. */
typedef struct {
  const TamboSbiDevice *device; /* as its information said */
  TamboPress press;
  TamboFinger finger;        /* of a single press; UNKNOWN for any */
  guint missing;             /* bits 1 << TamboFinger */
  const char *transaction;   /* 4 to 50 letters, digits, hyphens */
  const char *previous_hash; /* 64 hexadecimal digits */
  guint timeout_ms;
  int quality; /* 0 to 100: the scanner takes the picture by itself once it is reached */
} TamboSbiRequest;

char *tambo_sbi_request_to_json (const TamboSbiRequest *request, gint64 now);
/* Bits 1 << TamboFinger: what has to come; 0 for any one finger. */
guint tambo_sbi_request_fingers (const TamboSbiRequest *request);
/* Which sensor of the scanner takes them. */
TamboSbiSubId tambo_sbi_request_sub_id (const TamboSbiRequest *request);

/* The answer to REQUEST, whose tokens OPENER lets pass (data: TRUST), at the time NOW: of
 * TamboFingerprintCapture, owned, and the last hash of the chain. RETRY when the scanner saw other
 * fingers than these; UNTRUSTED when a signature, the chain, the time or the transaction is wrong;
 * PROTOCOL for anything else that SBI does not allow. */
GPtrArray *tambo_sbi_captures_parse (const char *text, gsize size, const TamboSbiRequest *request,
                                     TamboSbiOpener opener, gpointer data, gint64 now,
                                     char **out_last_hash,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "Left IndexFinger" */
const char *tambo_sbi_finger_to_string (TamboFinger finger);
TamboFinger tambo_sbi_finger_from_string (const char *text);
