/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/seal-desk.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "print/qr-read.h"
#include "station/station-private.h"

#define MAX_CERTIFICATE (64 * 1024)

static char *dup_day (int days) {
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_days (now, days);

  return g_date_time_format (then, "%Y-%m-%d");
}

static GBytes *read_own (TamboStation *station, const char *name, GError **error) {
  g_autofree char *path = tambo_station_path (station, name);

  return tambo_file_read (path, MAX_CERTIFICATE, error);
}

/* ---- making ---- */

static TamboIdb *make_idb (TamboStation *station, const char *tracking_number, gboolean practice) {
  const TamboTrust *trust = tambo_station_get_trust (station);
  g_autofree char *today = dup_day (0);
  g_autofree char *expiry = dup_day (TAMBO_SEAL_RECEIPT_DAYS);
  TamboIdb *idb = g_new0 (TamboIdb, 1);

  tambo_seal_set_country (idb, trust->csca->len > 0 ? g_ptr_array_index (trust->csca, 0) : NULL);
  g_strlcpy (idb->date, today, sizeof idb->date);
  g_strlcpy (idb->expiry, expiry, sizeof idb->expiry);
  idb->document = g_strdup (tracking_number);
  idb->type = TAMBO_SEAL_RECEIPT | (practice ? TAMBO_SEAL_PRACTICE : 0);
  return idb;
}

char *tambo_seal_desk_make_receipt (TamboStation *station, const char *tracking_number,
                                    gboolean practice, char **out_expiry, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) file = NULL;

  if (!tambo_station_is_registered (station))
    return NULL;
  file = read_own (station, "station.pem", &cause);
  if (g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND))
    return NULL;
  if (file == NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  g_autofree char *certificate = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  g_autoptr (TamboIdb) idb = make_idb (station, tracking_number, practice);
  char *seal = tambo_seal_sign (idb, tambo_station_get_key (station), certificate, error);
  if (seal != NULL)
    *out_expiry = g_strdup (idb->expiry);
  return seal;
}

/* ---- verifying ---- */

/* The authority that certifies stations, and the CSCAs that certify signers of documents. */
static gboolean add_own (TamboStation *station, GPtrArray *authorities, GError **error) {
  const TamboTrust *trust = tambo_station_get_trust (station);
  GBytes *ca = read_own (station, "ca.pem", error);

  if (ca == NULL)
    return FALSE;
  g_ptr_array_add (authorities, ca);
  for (guint i = 0; trust != NULL && i < trust->csca->len; i++) {
    const char *pem = g_ptr_array_index (trust->csca, i);
    g_ptr_array_add (authorities, g_bytes_new (pem, strlen (pem)));
  }
  return TRUE;
}

TamboSeal *tambo_seal_desk_verify (TamboStation *station, const char *const *ca_files,
                                   const char *text, GError **error) {
  g_autoptr (GPtrArray) authorities =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *today = dup_day (0);

  if (station != NULL && !add_own (station, authorities, error))
    return NULL;
  for (gsize i = 0; ca_files != NULL && ca_files[i] != NULL; i++) {
    GBytes *file = tambo_file_read (ca_files[i], MAX_CERTIFICATE, error);
    if (file == NULL)
      return NULL;
    g_ptr_array_add (authorities, file);
  }
  return tambo_seal_verify (text, authorities, today, error);
}

char *tambo_seal_desk_read (const TamboImage *image, GError **error) {
  g_autoptr (GPtrArray) texts = tambo_qr_read (image);

  for (guint i = 0; i < texts->len; i++) {
    const char *text = g_ptr_array_index (texts, i);
    if (tambo_idb_sniff (text))
      return g_strdup (text);
  }
  if (texts->len == 0)
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND,
                         "no QR code can be read on the picture");
  else
    g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
                 "none of the %u QR codes on the picture is a seal", texts->len);
  return NULL;
}
