/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-hq-place.h"

#include <stdlib.h>

#include "base/file.h"
#include "hq/stations.h"
#include "sync/registration.h"

#define STATION "VAN-7"

static void register_station (Place *place) {
  g_autofree char *token = tambo_stations_invite (place->hq, STATION, NULL);
  g_autofree char *csr = NULL;
  TamboRegistration registration = { .token = token, .station = (char *) STATION };
  g_autofree char *certificate = NULL;
  g_autoptr (GBytes) key_pem = NULL;
  g_autoptr (GError) error = NULL;

  place->station_key = tambo_key_generate ();
  registration.csr = csr = tambo_registration_make_csr (place->station_key, STATION, &error);
  certificate = tambo_stations_register (place->hq, &registration, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (place->certificate_file, certificate, -1, NULL));
  key_pem = tambo_key_dup_private_pem (place->station_key);
  g_assert_true (tambo_file_write_durable (place->key_file, key_pem, 0600, NULL));
}

void place_join (Place *place, const char *hq_folder, const char *folder) {
  g_autoptr (GError) error = NULL;

  place->hq_folder = g_strdup (hq_folder);
  place->ca_file = g_build_filename (hq_folder, "ca.pem", NULL);
  place->certificate_file = g_build_filename (folder, "station.pem", NULL);
  place->key_file = g_build_filename (folder, "station.key", NULL);
  place->hq = tambo_hq_open (hq_folder, &error);
  g_assert_no_error (error);
  place->sequence = 1;
  register_station (place);
}

void place_make (Place *place, const char *database) {
  const char *parent = g_getenv ("TAMBO_BENCH_FOLDER");
  TamboHqSettings settings = {
    .name = "Utopia", .state = "UTO", .country = "UT", .database = database
  };
  g_autofree char *hq_folder = NULL;
  g_autoptr (GError) error = NULL;

  place->folder =
      g_build_filename (parent != NULL ? parent : g_get_tmp_dir (), "tambo-bench-hq-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (place->folder));
  hq_folder = g_build_filename (place->folder, "hq", NULL);
  tambo_hq_create (hq_folder, &settings, &error);
  g_assert_no_error (error);
  place_join (place, hq_folder, place->folder);
}

void place_clear (Place *place) {
  const char *words[] = { "rm", "-rf", place->folder, NULL };

  tambo_hq_close (place->hq);
  tambo_key_unref (place->station_key);
  if (place->folder != NULL)
    g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                  NULL);
  g_free (place->folder);
  g_free (place->hq_folder);
  g_free (place->ca_file);
  g_free (place->certificate_file);
  g_free (place->key_file);
}

LoadTarget place_target (const Place *place, const char *url) {
  return (LoadTarget){ .url = url,
                       .ca_file = place->ca_file,
                       .certificate_file = place->certificate_file,
                       .key_file = place->key_file };
}

GPtrArray *place_records (Place *place, guint n, gsize size) {
  return load_records_new (n, size, place->hq, place->station_key, STATION, &place->sequence);
}
