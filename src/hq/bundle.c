/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/bundle.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "hq/intake.h"
#include "hq/uploads.h"

void tambo_hq_import_clear (TamboHqImport *import) {
  g_clear_pointer (&import->station, g_free);
}

static char *load_list (const char *path, GError **error) {
  g_autofree char *list = g_build_filename (path, TAMBO_BUNDLE_LIST, NULL);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) bytes = tambo_file_read (list, TAMBO_JSON_MAX_SIZE, &cause);

  if (bytes != NULL)
    return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND))
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                 "%s is no bundle, or one that was not finished", path);
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

/* The station whose key signed the list. */
static TamboStationRow *find_station (TamboHq *hq, const char *list, GError **error) {
  g_autofree char *code = tambo_bundle_peek_station (list, error);
  g_autoptr (TamboStationRow) station = code != NULL ? tambo_stations_get (hq, code, error) : NULL;

  if (station == NULL)
    return NULL;
  if (strcmp (station->state, "active") != 0) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE, "the station %s is revoked", code);
    return NULL;
  }
  return g_steal_pointer (&station);
}

static TamboBundle *read_bundle (const TamboStationRow *station, const char *list, GError **error) {
  g_autoptr (TamboKey) key = tambo_key_new_from_pem (station->certificate, -1, error);

  return key != NULL ? tambo_bundle_verify (list, key, error) : NULL;
}

static GBytes *load_record (const char *path, const TamboBundleEntry *entry, gint64 size,
                            GError **error) {
  g_autofree char *file = g_build_filename (path, entry->sha256, NULL);
  g_autoptr (GBytes) bytes = tambo_file_read (file, (gsize) size, error);
  g_autofree char *hash = bytes != NULL ? tambo_sha256_hex (bytes) : NULL;

  if (bytes == NULL)
    return NULL;
  if (strcmp (hash, entry->sha256) == 0)
    return g_steal_pointer (&bytes);
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY,
                       "the bytes in the bundle are not those that were sealed");
  return NULL;
}

/* As a PATCH does, from where an earlier try ended. */
static gboolean upload (TamboHq *hq, const TamboBundleEntry *entry, GBytes *bytes, gint64 offset,
                        GError **error) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (TamboUpload) writer =
      tambo_upload_begin (hq->uploads, entry->sha256, offset, (gint64) size, error);
  gint64 durable;

  return writer != NULL && tambo_upload_write (writer, data + offset, size - (gsize) offset, error)
         && tambo_upload_sync (writer, &durable, error);
}

/* The receipt; OUT_IS_KNOWN when there was one before. */
static char *take (TamboHq *hq, const TamboStationRow *station, const char *path,
                   const TamboBundleEntry *entry, gboolean *out_is_known, GError **error) {
  g_auto (TamboIntakeState) state = { NULL };
  g_autoptr (GBytes) bytes = NULL;

  if (!tambo_intake_announce (hq, station, entry->sha256, entry->manifest, &state, error))
    return NULL;
  *out_is_known = state.receipt != NULL;
  if (*out_is_known)
    return g_steal_pointer (&state.receipt);
  bytes = load_record (path, entry, state.size, error);
  if (bytes == NULL || state.offset > (gint64) g_bytes_get_size (bytes)
      || !upload (hq, entry, bytes, state.offset, error))
    return NULL;
  return tambo_intake_complete (hq, entry->sha256, NULL, error);
}

/* A full disk here is no fault of the record, nor is a database that is away. */
static gboolean is_about_record (const GError *error) {
  return (error->domain == TAMBO_HQ_ERROR && error->code != TAMBO_HQ_ERROR_FAILED
          && error->code != TAMBO_HQ_ERROR_UNAVAILABLE)
         || g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND)
         || g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED)
         || error->domain == TAMBO_SYNC_ERROR;
}

static gboolean take_all (TamboHq *hq, const TamboStationRow *station, const char *path,
                          const TamboBundle *bundle, GPtrArray *receipts, TamboHqImport *import,
                          GError **error) {
  for (guint i = 0; i < bundle->entries->len; i++) {
    const TamboBundleEntry *entry = bundle->entries->pdata[i];
    g_autoptr (GError) cause = NULL;
    gboolean is_known = FALSE;
    char *receipt = take (hq, station, path, entry, &is_known, &cause);

    if (receipt != NULL) {
      g_ptr_array_add (receipts, receipt);
      import->known += is_known;
      import->taken += !is_known;
    } else if (is_about_record (cause)) {
      g_printerr ("tambo-hq: import: record %s: %s\n", entry->sha256, cause->message);
      import->refused++;
    } else {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  }
  return TRUE;
}

/* Beside the records, as a whole or not at all. */
static gboolean write_receipts (const char *path, GPtrArray *receipts, GError **error) {
  g_autofree char *file = g_build_filename (path, TAMBO_BUNDLE_RECEIPTS, NULL);
  g_autofree char *partial = g_strconcat (file, ".partial", NULL);
  char *text = tambo_bundle_receipts_to_json (receipts);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  unlink (partial); /* of a stick that was pulled */
  return tambo_file_write_verified (partial, bytes, error)
         && tambo_file_publish (partial, file, error);
}

gboolean tambo_hq_import_bundle (TamboHq *hq, const char *path, TamboHqImport *out_import,
                                 GError **error) {
  g_autofree char *list = load_list (path, error);
  g_autoptr (TamboStationRow) station = list != NULL ? find_station (hq, list, error) : NULL;
  g_autoptr (TamboBundle) bundle = station != NULL ? read_bundle (station, list, error) : NULL;
  g_autoptr (GPtrArray) receipts = g_ptr_array_new_with_free_func (g_free);

  *out_import = (TamboHqImport){ NULL };
  if (bundle == NULL)
    return FALSE;
  out_import->station = g_strdup (station->code);
  return take_all (hq, station, path, bundle, receipts, out_import, error)
         && write_receipts (path, receipts, error);
}
