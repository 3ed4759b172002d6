/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <openssl/evp.h>

#include "base/bytes.h"
#include "chip/pace.h"

#define SHA1_SIZE 20
#define CAN_SIZE 6

void tambo_pace_password_clear (TamboPacePassword *password) {
  g_clear_pointer (&password->secret, g_bytes_unref);
}

void tambo_pace_password_from_mrz (const char *mrz_information, TamboPacePassword *out_password) {
  guint8 hash[SHA1_SIZE];

  if (EVP_Digest (mrz_information, strlen (mrz_information), hash, NULL, EVP_sha1 (), NULL) != 1)
    g_error ("the cryptographic library refused SHA-1");
  out_password->reference = TAMBO_PACE_PASSWORD_MRZ;
  out_password->secret = tambo_secret_new (hash, sizeof hash);
  tambo_secret_wipe (hash, sizeof hash);
}

gboolean tambo_pace_password_from_can (const char *can, TamboPacePassword *out_password,
                                       GError **error) {
  if (strlen (can) != CAN_SIZE || strspn (can, "0123456789") != CAN_SIZE) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                         "a card access number has six digits");
    return FALSE;
  }
  out_password->reference = TAMBO_PACE_PASSWORD_CAN;
  out_password->secret = tambo_secret_new (can, CAN_SIZE);
  return TRUE;
}
