/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/card-desk.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "chip/active-authentication.h"
#include "chip/data-group.h"
#include "chip/reader.h"

#define CARD_WAIT_MS 5000
#define KEYS_FILE_MAX_SIZE 4096
#define LDS_FILE_MAX_SIZE (1024 * 1024)
#define TRUST_FILE_MAX_SIZE (16 * 1024 * 1024)

/* ---- folders ---- */

TamboLds *tambo_card_desk_load (const char *folder, GError **error) {
  g_autoptr (TamboLds) lds = tambo_lds_new ();
  gboolean any = FALSE;

  for (int file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autofree char *path = g_build_filename (folder, tambo_lds_file_name (file), NULL);
    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      continue;
    g_autoptr (GBytes) bytes = tambo_file_read (path, LDS_FILE_MAX_SIZE, error);
    if (bytes == NULL)
      return NULL;
    tambo_lds_set (lds, file, bytes);
    any = TRUE;
  }
  if (any)
    return g_steal_pointer (&lds);
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
               "'%s' holds no file of an LDS (COM, DG1, SOD, …)", folder);
  return NULL;
}

gboolean tambo_card_desk_save (const TamboLds *lds, const char *folder, GError **error) {
  if (!tambo_file_make_folder (folder, 0700, error))
    return FALSE;
  for (int file = 0; file < TAMBO_LDS_N_FILES; file++) {
    if (lds->files[file] == NULL)
      continue;
    g_autofree char *path = g_build_filename (folder, tambo_lds_file_name (file), NULL);
    if (!tambo_file_write_durable (path, lds->files[file], 0600, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean add_file (GPtrArray *csca, const char *path, GError **error) {
  GBytes *bytes = tambo_file_read (path, TRUST_FILE_MAX_SIZE, error);

  if (bytes != NULL)
    g_ptr_array_add (csca, bytes);
  return bytes != NULL;
}

GPtrArray *tambo_card_desk_dup_csca (TamboStation *station) {
  const TamboTrust *trust = tambo_station_get_trust (station);
  GPtrArray *csca = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; trust != NULL && i < trust->csca->len; i++) {
    const char *pem = g_ptr_array_index (trust->csca, i);
    g_ptr_array_add (csca, g_bytes_new (pem, strlen (pem)));
  }
  return csca;
}

gboolean tambo_card_desk_add_trust (GPtrArray *csca, char **files, GError **error) {
  for (char **file = files; file != NULL && *file != NULL; file++)
    if (!add_file (csca, *file, error))
      return FALSE;
  return TRUE;
}

GPtrArray *tambo_card_desk_load_csca (char **files, const char *folder, GError **error) {
  g_autoptr (GPtrArray) csca = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (!tambo_card_desk_add_trust (csca, files, error))
    return NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, "csca.der", NULL) : NULL;
  if (beside != NULL && g_file_test (beside, G_FILE_TEST_EXISTS) && !add_file (csca, beside, error))
    return NULL;
  return g_steal_pointer (&csca);
}

TamboTerminal *tambo_card_desk_load_terminal (const char *key, char **certificates,
                                              GError **error) {
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) pem = tambo_file_read (key, KEYS_FILE_MAX_SIZE, error);

  if (pem == NULL || !tambo_card_desk_add_trust (files, certificates, error))
    return NULL;
  return tambo_terminal_new (pem, files, error);
}

gboolean tambo_card_desk_load_card_access (const char *folder, GBytes **out_card_access,
                                           GError **error) {
  g_autofree char *path = g_build_filename (folder, "CardAccess", NULL);

  *out_card_access = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  *out_card_access = tambo_file_read (path, LDS_FILE_MAX_SIZE, error);
  return *out_card_access != NULL;
}

/* ---- personalisation keys ---- */

GBytes *tambo_card_desk_load_chip_key (const char *path, GError **error) {
  g_autoptr (GBytes) pem = tambo_file_read (path, KEYS_FILE_MAX_SIZE, error);

  return pem != NULL ? tambo_personalisation_chip_key_parse (pem, error) : NULL;
}

static GBytes *read_key (JsonObject *object, const char *member, GError **error) {
  const char *text = tambo_json_get_string (object, member, error);
  if (text == NULL)
    return NULL;

  g_autoptr (GBytes) bytes = tambo_hex_decode (text);
  gsize size = bytes != NULL ? g_bytes_get_size (bytes) : 0;
  if (size == 16 || size == 24 || size == 32)
    return tambo_secret_new (g_bytes_get_data (bytes, NULL), size);
  g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
               "'%s' is not a key of 16, 24 or 32 bytes in hexadecimal", member);
  return NULL;
}

static gboolean read_number (JsonObject *object, const char *member, gint64 min, gint64 max,
                             gint64 *value, GError **error) {
  return !json_object_has_member (object, member)
         || tambo_json_get_int (object, member, min, max, value, error);
}

gboolean tambo_card_desk_load_keys (const char *path, TamboPersonalisationKeys *out_keys,
                                    GError **error) {
  g_autoptr (GBytes) text = tambo_file_read (path, KEYS_FILE_MAX_SIZE, error);
  if (text == NULL)
    return FALSE;
  g_autoptr (JsonObject) object = tambo_json_parse_object (g_bytes_get_data (text, NULL),
                                                           (gssize) g_bytes_get_size (text), error);
  gint64 version = 0, protocol = TAMBO_SCP_03;
  if (object == NULL || !read_number (object, "kvn", 0, 127, &version, error)
      || !read_number (object, "scp", TAMBO_SCP_02, TAMBO_SCP_03, &protocol, error))
    return FALSE;

  g_autoptr (GBytes) enc = read_key (object, "enc", error);
  g_autoptr (GBytes) mac = enc != NULL ? read_key (object, "mac", error) : NULL;
  if (mac == NULL)
    return FALSE;
  out_keys->protocol = (TamboScpProtocol) protocol;
  out_keys->version = (guint8) version;
  out_keys->enc = g_steal_pointer (&enc);
  out_keys->mac = g_steal_pointer (&mac);
  return TRUE;
}

/* ---- the card ---- */

static char *find_mrz (const TamboCardDesk *desk, const TamboLds *lds, GError **error) {
  if (desk->mrz != NULL)
    return g_strdup (desk->mrz);
  if (lds->files[TAMBO_LDS_DG1] != NULL)
    return tambo_dg1_parse (lds->files[TAMBO_LDS_DG1], error);
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
               "there is no DG1 to take the MRZ from");
  return NULL;
}

static gboolean journal_nothing (TamboPersonalisationStep step, TamboLdsFile file, gpointer data,
                                 GError **error) {
  return TRUE;
}

static const TamboChipProfile *find_profile (const char *name, GError **error) {
  const TamboChipProfile *profile = tambo_chip_profile_find (name);

  if (profile == NULL)
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                 "there is no chip profile '%s'", name);
  return profile;
}

GBytes *tambo_card_desk_generate (const TamboCardDesk *desk, const char *profile,
                                  GCancellable *cancellable, GError **error) {
  TamboPersonalisation personalisation = { .keys = desk->keys, .journal = journal_nothing };

  personalisation.profile = find_profile (profile, error);
  g_autoptr (TamboChannel) channel =
      personalisation.profile != NULL
          ? tambo_reader_connect (desk->reader, CARD_WAIT_MS, cancellable, error)
          : NULL;
  return channel != NULL
             ? tambo_personalisation_generate (&personalisation, channel, cancellable, error)
             : NULL;
}

gboolean tambo_card_desk_write (const TamboCardDesk *desk, const char *profile, const TamboLds *lds,
                                TamboPersonalisationProgress progress, gpointer data,
                                GPtrArray *verdicts, GCancellable *cancellable, GError **error) {
  TamboPersonalisation personalisation = {
    .lds = lds,
    .csca = desk->csca,
    .keys = desk->keys,
    .active = desk->active,
    .chip_key = desk->chip_key,
    .can = desk->can,
    .journal = journal_nothing,
    .progress = progress,
    .data = data,
  };
  personalisation.profile = find_profile (profile, error);
  g_autofree char *mrz = personalisation.profile != NULL ? find_mrz (desk, lds, error) : NULL;
  if (mrz == NULL)
    return FALSE;
  g_autoptr (GBytes) signed_access =
      tambo_personalisation_make_card_access (personalisation.profile, lds);
  personalisation.mrz = mrz;
  personalisation.card_access = desk->card_access != NULL ? desk->card_access : signed_access;

  g_autoptr (TamboChannel) channel =
      tambo_reader_connect (desk->reader, CARD_WAIT_MS, cancellable, error);
  return channel != NULL
         && tambo_personalise (&personalisation, channel, verdicts, cancellable, error);
}

/* What opens the card: the MRZ has to be right before a chip is asked with it. */
static gboolean parse_keys (const TamboCardDesk *desk, TamboMrz **out_mrz, GError **error) {
  if (desk->mrz == NULL)
    return TRUE;
  *out_mrz = tambo_mrz_parse (desk->mrz, NULL, error);
  return *out_mrz != NULL;
}

TamboLds *tambo_card_desk_read (const TamboCardDesk *desk, GCancellable *cancellable,
                                GError **error) {
  g_autoptr (TamboMrz) mrz = NULL;
  if (!parse_keys (desk, &mrz, error))
    return NULL;
  g_autoptr (TamboChannel) channel =
      tambo_reader_connect (desk->reader, CARD_WAIT_MS, cancellable, error);
  if (channel == NULL)
    return NULL;

  TamboInspectionKeys keys = { mrz, desk->can, desk->terminal };
  return tambo_inspection_read_as (channel, &keys, cancellable, error);
}

gboolean tambo_card_desk_verify (const TamboCardDesk *desk, GPtrArray *verdicts,
                                 GCancellable *cancellable, GError **error) {
  g_autoptr (TamboMrz) mrz = NULL;
  if (!parse_keys (desk, &mrz, error))
    return FALSE;
  g_autoptr (TamboChannel) channel =
      tambo_reader_connect (desk->reader, CARD_WAIT_MS, cancellable, error);
  if (channel == NULL)
    return FALSE;

  TamboInspectionKeys keys = { mrz, desk->can, desk->terminal };
  g_autoptr (GError) own_error = NULL;
  g_autoptr (TamboLds) lds =
      tambo_inspect_with (channel, &keys, desk->csca, verdicts, cancellable, &own_error);
  if (own_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&own_error));
    return FALSE;
  }
  return TRUE;
}

/* ---- the chip's key ---- */

gboolean tambo_card_desk_load_active_key (const char *path, TamboActiveKey *out_key,
                                          GBytes **out_dg15, GError **error) {
  g_autoptr (GBytes) pem = tambo_file_read (path, KEYS_FILE_MAX_SIZE, error);

  return pem != NULL && tambo_active_key_parse (pem, out_key, out_dg15, error);
}
