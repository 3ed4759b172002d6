/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/renewal.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "station/station-private.h"
#include "store/audit.h"
#include "sync/registration.h"

#define FILE_NAME "station.pem"
#define MAX_SIZE (64 * 1024)
#define DAY (24 * 3600)
#define ACTOR "station"

static char *load_certificate (TamboStation *station, GError **error) {
  g_autofree char *path = tambo_station_path (station, FILE_NAME);
  g_autoptr (GBytes) bytes = tambo_file_read (path, MAX_SIZE, error);

  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

static gboolean keep_certificate (TamboStation *station, const char *pem, GError **error) {
  g_autofree char *path = tambo_station_path (station, FILE_NAME);
  g_autoptr (GBytes) bytes = g_bytes_new (pem, strlen (pem));

  return tambo_file_write_durable (path, bytes, 0600, error)
         && tambo_audit_append (tambo_station_get_store (station), ACTOR, "certificate.renew", NULL,
                                bytes, error);
}

/* The new certificate has to be one for the station's own key. */
static gboolean is_for_own_key (TamboStation *station, const char *pem) {
  g_autoptr (TamboKey) key = tambo_key_new_from_pem (pem, -1, NULL);
  g_autofree char *id = key != NULL ? tambo_key_dup_id (key) : NULL;
  g_autofree char *own_id = tambo_key_dup_id (tambo_station_get_key (station));

  return g_strcmp0 (id, own_id) == 0;
}

static gboolean renew (TamboStation *station, gint64 time_floor, GCancellable *cancellable,
                       GError **error) {
  const char *code = tambo_station_get_code (station);
  g_autofree char *ca_file = tambo_station_path (station, "ca.pem");
  g_autofree char *csr = tambo_registration_make_csr (tambo_station_get_key (station), code, error);
  g_autofree char *pem = NULL;
  TamboClientSettings settings = { .url = tambo_station_get_url (station),
                                   .ca_file = ca_file,
                                   .time_floor = time_floor };

  if (csr == NULL || (pem = tambo_renew (&settings, code, csr, cancellable, error)) == NULL)
    return FALSE;
  if (!is_for_own_key (station, pem)) {
    g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                         "the new certificate is for another key");
    return FALSE;
  }
  return keep_certificate (station, pem, error);
}

TamboRenewal tambo_renewal_see_to (TamboStation *station, gint64 time_floor,
                                   GCancellable *cancellable) {
  TamboRenewal renewal = { .days_left = -1 };
  gint64 now = MAX (tambo_clock_now_unix (), time_floor);
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = load_certificate (station, &error);
  gint64 from, to;

  if (pem == NULL || !tambo_certificate_get_dates (pem, &from, &to, &error)) {
    g_warning ("the station's certificate: %s", error->message);
    return renewal;
  }
  renewal.days_left = (int) CLAMP ((to - now) / DAY, 0, G_MAXINT);
  if (!tambo_certificate_is_half_over (from, to, now))
    return renewal;
  renewal.is_renewed = renew (station, time_floor, cancellable, &error);
  if (!renewal.is_renewed)
    g_info ("the certificate was not renewed: %s", error->message);
  return renewal;
}
