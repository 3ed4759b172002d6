/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chip authentication as four states' passports were seen to do it: the values of the traces that the
 * gmrtd project publishes (chipauth/chip_auth_test.go).
 */
#pragma once

#include "chip/secure-messaging.h"

/* In hexadecimal. */
typedef struct {
  TamboSmCipher cipher;
  const char *ks_enc, *ks_mac, *ssc;
} ExampleSession;

typedef struct {
  const char *name;
  const char *dg14;
  const char *ephemeral; /* the terminal's private key */
  gboolean general;      /* MSE:Set AT although it is 3DES */
  ExampleSession before, after;
  const char *pairs[7]; /* commands and answers */
} ChipAuthenticationExample;

extern const ChipAuthenticationExample chip_authentication_examples[];
extern const gsize n_chip_authentication_examples;
