/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The worked examples of Doc 9303-11 appendices G, H and I, byte for byte.
 */
#pragma once

#include "chip/card-access.h"

typedef struct {
  const char *clause;
  TamboPaceInfo info;
  const char *mrz;          /* MRZ information, or NULL */
  const char *password_key; /* K-pi */
  const char *s, *t;        /* nonces; T for integrated mapping */
  const char *terminal_mapping, *terminal_exchange;
  const char *chip_mapping, *chip_exchange; /* NULL where the appendix does not say them */
  const char *static_private, *static_public, *proof; /* of chip authentication mapping */
  const char *generator, *ks_enc, *ks_mac;
  const char *trace[12]; /* pairs: command, answer */
} PaceExample;

extern const PaceExample pace_examples[];
extern const gsize n_pace_examples;
