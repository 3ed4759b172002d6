/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/lds-desk.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "chip/active-authentication.h"
#include "chip/key-info.h"
#include "format/image-codec.h"
#include "record/finger.h"

#define FINGER_FILE_MAX_SIZE (32 * 1024 * 1024)
#define KEY_FILE_MAX_SIZE (64 * 1024)
#define PRACTICE_YEARS 10
#define P256 12 /* Doc 9303-11 table 6 */

/* ---- fingers ---- */

gboolean tambo_lds_desk_add_finger (GPtrArray *records, const char *position_and_file,
                                    GError **error) {
  g_auto (GStrv) words = g_strsplit (position_and_file, "=", 2);
  TamboFinger position =
      words[0] != NULL ? tambo_finger_from_string (words[0]) : TAMBO_FINGER_UNKNOWN;
  if (words[0] == NULL || words[1] == NULL || position == TAMBO_FINGER_UNKNOWN) {
    g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                 "'%s' is not POSITION=FILE, such as right-index=FILE", position_and_file);
    return FALSE;
  }

  g_autoptr (GBytes) file = tambo_file_read (words[1], FINGER_FILE_MAX_SIZE, error);
  g_autoptr (TamboImage) image = file != NULL ? tambo_image_decode (file, error) : NULL;
  if (image == NULL)
    return FALSE;
  TamboFingerRecord *record = tambo_lds_finger_record ((guint8) position, image, error);
  if (record != NULL)
    g_ptr_array_add (records, record);
  return record != NULL;
}

/* ---- signers ---- */

/* "pkcs11:URI" or "pkcs11:URI,CERT": a URI has no comma, which RFC 7512 writes as %2C. */
static TamboSigner *load_token_signer (const char *uri, const char *certificate_path,
                                       GError **error) {
  g_autoptr (GBytes) certificate =
      certificate_path != NULL ? tambo_file_read (certificate_path, KEY_FILE_MAX_SIZE, error)
                               : NULL;

  if (certificate_path != NULL && certificate == NULL)
    return NULL;
  return tambo_signer_new_from_token (uri, certificate, error);
}

TamboSigner *tambo_lds_desk_load_signer (const char *key_and_certificate, GError **error) {
  g_auto (GStrv) parts = g_strsplit (key_and_certificate, ",", 2);
  if (tambo_token_is_uri (parts[0]))
    return load_token_signer (parts[0], parts[1], error);
  if (g_strv_length (parts) != 2) {
    g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                 "a signer is given as KEY,CERT, two PEM files, or as pkcs11:URI[,CERT]");
    return NULL;
  }

  g_autoptr (GBytes) pem = tambo_file_read (parts[0], KEY_FILE_MAX_SIZE, error);
  g_autoptr (GBytes) certificate =
      pem != NULL ? tambo_file_read (parts[1], KEY_FILE_MAX_SIZE, error) : NULL;
  g_autoptr (TamboSigningKey) key =
      certificate != NULL ? tambo_signing_key_parse (pem, error) : NULL;
  return key != NULL ? tambo_signer_new (key, certificate, error) : NULL;
}

TamboSigner *tambo_lds_desk_make_signer (GBytes **out_csca, GError **error) {
  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Practice CSCA", PRACTICE_YEARS, error);
  g_autoptr (TamboSigner) signer =
      csca != NULL ? tambo_document_signer_new (csca, "Practice document signer", 1, error) : NULL;
  if (signer == NULL)
    return NULL;
  *out_csca = tambo_signer_dup_certificate_der (csca, error);
  return *out_csca != NULL ? g_steal_pointer (&signer) : NULL;
}

/* ---- keys ---- */

static EVP_PKEY *read_public_key (const char *path, GError **error) {
  g_autoptr (GBytes) file = tambo_file_read (path, KEY_FILE_MAX_SIZE, error);

  return file != NULL ? tambo_public_key_parse (file, error) : NULL;
}

/* DG15, and what DG14 has to say of it. */
static gboolean add_active_public_key (const char *path, TamboLdsExtras *extras, GPtrArray *infos,
                                       GError **error) {
  g_autoptr (EVP_PKEY) key = read_public_key (path, error);
  g_autoptr (GBytes) info = key != NULL ? tambo_public_key_info (key, error) : NULL;

  if (info == NULL)
    return FALSE;
  g_clear_pointer (&extras->dg15, g_bytes_unref);
  extras->dg15 = tambo_dg15_encode (info);
  tambo_key_infos_add_active (infos, key);
  return TRUE;
}

static gboolean add_chip_key (const char *path, GPtrArray *infos, GError **error) {
  g_autoptr (EVP_PKEY) key = read_public_key (path, error);

  return key != NULL
         && tambo_key_infos_add_chip_authentication (infos, key, TAMBO_PACE_AES_128, error);
}

/* One that a chip takes. */
static gboolean add_active_key (const char *path, TamboLdsExtras *extras, GPtrArray *infos,
                                GError **error) {
  g_autoptr (GBytes) pem = tambo_file_read (path, KEY_FILE_MAX_SIZE, error);
  g_auto (TamboActiveKey) key = { 0 };
  g_autoptr (GBytes) dg15 = NULL;

  return pem != NULL && tambo_active_key_parse (pem, &key, &dg15, error)
         && add_active_public_key (path, extras, infos, error);
}

gboolean tambo_lds_desk_read_keys (const TamboLdsDeskKeys *keys, TamboLdsExtras *extras,
                                   GBytes **out_card_access, GError **error) {
  const TamboPaceInfo pace = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, P256, FALSE };
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if ((keys->active_key != NULL && !add_active_key (keys->active_key, extras, infos, error))
      || (keys->active_public_key != NULL
          && !add_active_public_key (keys->active_public_key, extras, infos, error))
      || (keys->chip_key != NULL && !add_chip_key (keys->chip_key, infos, error)))
    return FALSE;
  if (keys->pace) {
    tambo_key_infos_add_pace (infos, &pace);
    *out_card_access = tambo_card_access_encode (&pace, 1);
  }
  if (infos->len > 0)
    extras->dg14 = tambo_dg14_encode (infos);
  return TRUE;
}

/* ---- the whole ---- */

TamboLds *tambo_lds_desk_build (const TamboApplicant *applicant, GBytes *portrait,
                                GBytes *signature, const TamboLdsExtras *extras,
                                const TamboSigner *signer, GError **error) {
  g_autoptr (TamboImage) face = tambo_image_decode (portrait, error);
  if (face == NULL)
    return NULL;
  g_autoptr (TamboImage) ink = NULL;
  if (signature != NULL && (ink = tambo_image_decode (signature, error)) == NULL)
    return NULL;
  return tambo_lds_build (applicant, face, ink, extras, signer, error);
}
