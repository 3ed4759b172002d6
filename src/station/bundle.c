/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/bundle.h"

#include <gio/gunixmounts.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/json.h"
#include "station/station-private.h"
#include "store/audit.h"
#include "sync/exchange.h"

#define ACTOR "station"
#define PARTIAL ".partial"
/* For the list, the folders and the rounding of a file system. */
#define SPARE (1024 * 1024)

void tambo_bundle_export_clear (TamboBundleExport *result) {
  g_clear_pointer (&result->paths, g_ptr_array_unref);
}

/* ---- the stick ---- */

/* Where desktops and people mount what is plugged in. */
static gboolean is_stick (GUnixMountEntry *mount) {
  static const char *const places[] = { "/media/", "/run/media/", "/mnt/" };
  const char *path = g_unix_mount_get_mount_path (mount);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_has_prefix (path, places[i]))
      return !g_unix_mount_is_readonly (mount);
  return FALSE;
}

char *tambo_bundle_dup_stick (void) {
  GList *mounts = g_unix_mounts_get (NULL);
  g_autofree char *found = NULL;
  guint n_found = 0;

  for (GList *l = mounts; l != NULL; l = l->next) {
    if (!is_stick (l->data))
      continue;
    n_found++;
    g_free (found);
    found = g_strdup (g_unix_mount_get_mount_path (l->data));
  }
  g_list_free_full (mounts, (GDestroyNotify) g_unix_mount_free);
  return n_found == 1 ? g_steal_pointer (&found) : NULL;
}

/* ---- out ---- */

static GPtrArray *list_waiting (TamboStation *station, GError **error) {
  GPtrArray *rows = tambo_outbox_list (tambo_station_get_store (station), error);

  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--) {
    const TamboOutboxRow *row = rows->pdata[i - 1];

    if (row->state != TAMBO_OUTBOX_QUEUED && row->state != TAMBO_OUTBOX_SENDING)
      g_ptr_array_remove_index (rows, i - 1);
  }
  return rows;
}

static gboolean check_space (const char *folder, GPtrArray *rows, GError **error) {
  guint64 needed = SPARE, free_space;

  for (guint i = 0; i < rows->len; i++)
    needed += (guint64) ((TamboOutboxRow *) rows->pdata[i])->size + 4096;
  if (!tambo_file_free_space (folder, &free_space, error))
    return FALSE;
  if (needed <= free_space)
    return TRUE;
  g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NO_SPACE,
               "%" G_GUINT64_FORMAT " bytes wait, and %s has room for %" G_GUINT64_FORMAT, needed,
               folder, free_space);
  return FALSE;
}

/* "tambo-MIG-LIMA-01-": how the names of this station's bundles begin. */
static char *dup_prefix (TamboStation *station) {
  return g_strdup_printf ("tambo-%s-", tambo_station_get_code (station));
}

/* What a stick that was pulled has of an earlier try. */
static gboolean remove_leftovers (TamboStation *station, const char *folder, GError **error) {
  g_autofree char *prefix = dup_prefix (station);
  g_autoptr (GDir) names = g_dir_open (folder, 0, NULL);
  const char *name;

  while (names != NULL && (name = g_dir_read_name (names)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_str_has_prefix (name, prefix) && g_str_has_suffix (name, PARTIAL)
        && !tambo_file_remove_folder (path, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean write_record (TamboStation *station, const char *folder, const TamboOutboxRow *row,
                              TamboBundle *bundle, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *path = g_build_filename (folder, row->sha256, NULL);
  g_autofree char *manifest = tambo_outbox_dup_manifest (store, row->id, error);
  g_autoptr (GBytes) sealed = manifest != NULL ? tambo_outbox_load (store, row->id, error) : NULL;

  if (sealed == NULL || !tambo_file_write_verified (path, sealed, error))
    return FALSE;
  tambo_bundle_add (bundle, row->sha256, manifest);
  return TRUE;
}

/* The list comes last and the name after it: a folder of that name is whole. */
static gboolean finish (TamboStation *station, const TamboBundle *bundle, const char *partial,
                        const char *path, GError **error) {
  g_autofree char *list_path = g_build_filename (partial, TAMBO_BUNDLE_LIST, NULL);
  char *text = tambo_bundle_sign (bundle, tambo_station_get_key (station));
  g_autoptr (GBytes) list = g_bytes_new_take (text, strlen (text));

  return tambo_file_write_verified (list_path, list, error)
         && tambo_file_publish (partial, path, error)
         && tambo_audit_append (tambo_station_get_store (station), ACTOR, "outbox.export", NULL,
                                list, error);
}

static gboolean is_about_record (const GError *error) {
  return g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
}

/* ROWS from FIRST on, as many as one bundle takes. */
static gboolean write_bundle (TamboStation *station, const char *folder, GPtrArray *rows,
                              guint first, TamboBundleExport *result, GError **out_spoiled,
                              GError **error) {
  g_autofree char *prefix = dup_prefix (station);
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *id = tambo_id_new ();
  g_autofree char *name = g_strdup_printf ("%s%.10s-%.8s", prefix, now, id);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *partial = g_strconcat (path, PARTIAL, NULL);
  g_autoptr (TamboBundle) bundle = tambo_bundle_new (tambo_station_get_code (station), now);

  if (!tambo_file_make_folder (partial, 0700, error))
    return FALSE;
  for (guint i = first; i < rows->len && i < first + TAMBO_BUNDLE_MAX; i++) {
    const TamboOutboxRow *row = rows->pdata[i];
    g_autoptr (GError) cause = NULL;

    if (write_record (station, partial, row, bundle, &cause)) {
      result->records++;
      result->bytes += row->size;
    } else if (!is_about_record (cause)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    } else if (*out_spoiled == NULL) {
      *out_spoiled = g_steal_pointer (&cause);
    }
  }
  if (!finish (station, bundle, partial, path, error))
    return FALSE;
  g_ptr_array_add (result->paths, g_steal_pointer (&path));
  return TRUE;
}

gboolean tambo_bundle_export (TamboStation *station, const char *folder,
                              TamboBundleExport *out_result, GError **error) {
  g_autoptr (GPtrArray) rows = NULL;
  GError *spoiled = NULL;

  *out_result = (TamboBundleExport){ .paths = g_ptr_array_new_with_free_func (g_free) };
  rows = list_waiting (station, error);
  if (rows == NULL || !remove_leftovers (station, folder, error)
      || !check_space (folder, rows, error))
    return FALSE;
  for (guint first = 0; first < rows->len; first += TAMBO_BUNDLE_MAX)
    if (!write_bundle (station, folder, rows, first, out_result, &spoiled, error)) {
      g_clear_error (&spoiled);
      return FALSE;
    }
  if (spoiled != NULL)
    g_propagate_error (error, spoiled);
  return spoiled == NULL;
}

/* ---- back ---- */

/* A receipt is believed for its own signature, wherever it was lying. */
static gboolean take_receipt (TamboStation *station, const char *text, TamboBundleReceipts *result,
                              GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  const TamboTrust *trust = tambo_station_get_trust (station);
  g_autoptr (TamboReceipt) read = tambo_receipt_verify (text, trust->signing_key, error);
  g_autoptr (TamboReceipt) receipt = NULL;
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autoptr (GError) cause = NULL;

  if (read == NULL)
    return FALSE;
  row = tambo_outbox_get (store, read->id, &cause);
  /* What cannot be read now is no receipt that is known: it has to come again. */
  if (cause != NULL && !g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (row == NULL || row->state == TAMBO_OUTBOX_ACKNOWLEDGED || row->state == TAMBO_OUTBOX_PURGED) {
    result->known++;
    return TRUE;
  }
  receipt = tambo_exchange_read_receipt (text, trust, tambo_station_get_code (station), row, error);
  if (receipt == NULL || !tambo_outbox_acknowledge (store, row->id, text, error))
    return FALSE;
  result->taken++;
  return TRUE;
}

static GPtrArray *load_receipts (const char *path, GError **error) {
  g_autofree char *inside = g_file_test (path, G_FILE_TEST_IS_DIR)
                                ? g_build_filename (path, TAMBO_BUNDLE_RECEIPTS, NULL)
                                : g_strdup (path);
  g_autoptr (GBytes) bytes = tambo_file_read (inside, TAMBO_JSON_MAX_SIZE, error);
  gsize size;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size);
  return tambo_bundle_receipts_from_json (text, (gssize) size, error);
}

gboolean tambo_bundle_take_receipts (TamboStation *station, const char *path,
                                     TamboBundleReceipts *out_result, GError **error) {
  g_autoptr (GPtrArray) receipts = NULL;
  GError *spoiled = NULL;

  *out_result = (TamboBundleReceipts){ 0 };
  if (!tambo_station_is_registered (station)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_REGISTERED,
                 "headquarters has not certified this station yet");
    return FALSE;
  }
  receipts = load_receipts (path, error);
  if (receipts == NULL)
    return FALSE;
  for (guint i = 0; i < receipts->len; i++)
    (void) !take_receipt (station, receipts->pdata[i], out_result,
                          spoiled == NULL ? &spoiled : NULL);
  tambo_station_changed (station);
  if (spoiled != NULL)
    g_propagate_error (error, spoiled);
  return spoiled == NULL;
}

/* Those of the station's bundles in FOLDER that headquarters has read. */
static GPtrArray *list_answered (TamboStation *station, const char *folder, GError **error) {
  g_autofree char *prefix = dup_prefix (station);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) names = g_dir_open (folder, 0, NULL);
  const char *name;

  while (names != NULL && (name = g_dir_read_name (names)) != NULL) {
    g_autofree char *receipts = g_build_filename (folder, name, TAMBO_BUNDLE_RECEIPTS, NULL);

    if (g_str_has_prefix (name, prefix) && g_file_test (receipts, G_FILE_TEST_EXISTS))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  }
  if (paths->len > 0)
    return g_steal_pointer (&paths);
  g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND,
               "no bundle of this station in %s has receipts", folder);
  return NULL;
}

gboolean tambo_bundle_take_all_receipts (TamboStation *station, const char *folder,
                                         TamboBundleReceipts *out_result, GError **error) {
  g_autoptr (GPtrArray) paths = list_answered (station, folder, error);
  GError *spoiled = NULL;

  *out_result = (TamboBundleReceipts){ 0 };
  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++) {
    TamboBundleReceipts one;

    (void) !tambo_bundle_take_receipts (station, paths->pdata[i], &one,
                                        spoiled == NULL ? &spoiled : NULL);
    out_result->taken += one.taken;
    out_result->known += one.known;
  }
  if (spoiled != NULL)
    g_propagate_error (error, spoiled);
  return spoiled == NULL;
}
