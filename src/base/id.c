/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/id.h"

#include <string.h>

#include "base/crypto.h"

#define UUID_LENGTH 36

/* Digits and letters without 0 O, 1 I L, 2's Z, 5's S, 8's B, and U (heard and read as V): 27 signs,
 * each worth its place in the row. */
static const char tracking_alphabet[] = "23456789ACDEFGHJKMNPQRTVWXY";
#define TRACKING_SIGNS (sizeof tracking_alphabet - 1)
#define TRACKING_RANDOM 8

/* ISO 7064's pure system with radix 2: the sum of value times 2^place has to be 1 modulo M. The
 * standard's M of 37 serves 36 signs; the next prime above 27 signs is 29. Any two signs differ by
 * less than M, M is prime and 2 is a primitive root of it, so every single wrong sign and every
 * swap of neighbours changes the sum. Two of the 29 check values have no sign: such a number is
 * drawn again. */
#define TRACKING_MODULUS 29

static const char tracking_form[] = "TB-****-****-*";

char *tambo_id_new (void) {
  guint8 b[16];

  tambo_random (b, sizeof b);
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                          b[12], b[13], b[14], b[15]);
}

gboolean tambo_id_is_valid (const char *text) {
  if (text == NULL || strlen (text) != UUID_LENGTH)
    return FALSE;
  for (gsize i = 0; i < UUID_LENGTH; i++) {
    gboolean is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;

    if (is_hyphen ? text[i] != '-' : strchr ("0123456789abcdef", text[i]) == NULL)
      return FALSE;
  }
  return text[14] == '4' && strchr ("89ab", text[19]) != NULL;
}

static guint draw_sign (void) {
  const guint limit = 256 - 256 % TRACKING_SIGNS;
  guint8 byte;

  /* Bytes past the last whole multiple would make some signs likelier. */
  do
    tambo_random (&byte, 1);
  while (byte >= limit);
  return byte % TRACKING_SIGNS;
}

/* The sum over the random signs and the check sign, which stands last with weight 1. */
static guint weighted_sum (const guint *values, gsize n_values) {
  guint sum = 0;

  for (gsize i = 0; i < n_values; i++)
    sum = (sum * 2 + values[i]) % TRACKING_MODULUS;
  return sum;
}

char *tambo_tracking_new (void) {
  guint values[TRACKING_RANDOM + 1] = { 0 };
  char *text = g_strdup (tracking_form);
  gsize used = 0;

  do {
    for (gsize i = 0; i < TRACKING_RANDOM; i++)
      values[i] = draw_sign ();
    values[TRACKING_RANDOM] = 0;
    values[TRACKING_RANDOM] =
        (TRACKING_MODULUS + 1 - weighted_sum (values, G_N_ELEMENTS (values))) % TRACKING_MODULUS;
  } while (values[TRACKING_RANDOM] >= TRACKING_SIGNS);

  for (gsize i = 0; text[i] != '\0'; i++)
    if (text[i] == '*')
      text[i] = tracking_alphabet[values[used++]];
  return text;
}

gboolean tambo_tracking_is_valid (const char *text) {
  guint values[TRACKING_RANDOM + 1];
  gsize used = 0;

  if (text == NULL || strlen (text) != strlen (tracking_form))
    return FALSE;
  for (gsize i = 0; text[i] != '\0'; i++) {
    const char *sign;

    if (tracking_form[i] != '*') {
      if (text[i] != tracking_form[i])
        return FALSE;
      continue;
    }
    sign = strchr (tracking_alphabet, text[i]);
    if (sign == NULL)
      return FALSE;
    values[used++] = (guint) (sign - tracking_alphabet);
  }
  return weighted_sum (values, used) == 1;
}
