/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/station-private.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/wipe-free.h"
#include "station/ballast.h"
#include "sync/registration.h"

#define FILE_MAX_SIZE (1024 * 1024)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TamboStation, tambo_station, G_TYPE_OBJECT)

static void tambo_station_finalize (GObject *object) {
  TamboStation *self = TAMBO_STATION (object);

  g_clear_pointer (&self->store, tambo_store_close);
  g_clear_pointer (&self->trust, tambo_trust_free);
  g_clear_pointer (&self->key, tambo_key_unref);
  g_free (self->folder);
  g_free (self->code);
  g_free (self->institution);
  g_free (self->url);
  g_free (self->operator_id);
  g_free (self->second_id);
  g_clear_pointer (&self->finger_unlock, tambo_finger_unlock_free);
  g_clear_pointer (&self->pin, g_bytes_unref);
  g_mutex_clear (&self->operator_lock);
  g_mutex_clear (&self->news_lock);
  G_OBJECT_CLASS (tambo_station_parent_class)->finalize (object);
}

static void tambo_station_class_init (TamboStationClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = tambo_station_finalize;
  if (!tambo_freed_is_wiped ())
    g_debug ("a sanitizer keeps what was given back; a dump of this program would show it");
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void tambo_station_init (TamboStation *self) {
  g_mutex_init (&self->operator_lock);
  g_mutex_init (&self->news_lock);
}

static gboolean emit_changed (gpointer data) {
  g_signal_emit (data, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

void tambo_station_changed (TamboStation *self) {
  g_idle_add_full (G_PRIORITY_DEFAULT, emit_changed, g_object_ref (self), g_object_unref);
}

char *tambo_station_dup_store_path (TamboStation *self) {
  return tambo_station_path (self, "store.db");
}

gboolean tambo_station_look_for_news (TamboStation *self, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->news_lock);
  gboolean is_news;

  if (!tambo_store_look_for_news (self->store, &self->news, &is_news, error))
    return FALSE;
  if (is_news)
    tambo_station_changed (self);
  return TRUE;
}

char *tambo_station_path (TamboStation *self, const char *name) {
  return g_build_filename (self->folder, name, NULL);
}

/* ---- the folder ---- */

static gboolean code_is_valid (const char *code) {
  gsize length = strlen (code);

  if (length < 2 || length > 24)
    return FALSE;
  for (const char *c = code; *c != '\0'; c++)
    if (!g_ascii_isupper (*c) && !g_ascii_isdigit (*c) && *c != '-')
      return FALSE;
  return TRUE;
}

static gboolean write_file (const char *folder, const char *name, const char *text,
                            GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return tambo_file_write_durable (path, bytes, 0600, error);
}

static char *read_file (const char *folder, const char *name, GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = tambo_file_read (path, FILE_MAX_SIZE, error);
  if (bytes == NULL)
    return NULL;
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static gboolean has_file (const char *folder, const char *name) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean write_key (const char *folder, GError **error) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (GBytes) pem = tambo_key_dup_private_pem (key);
  g_autofree char *path = g_build_filename (folder, "station.key", NULL);

  return tambo_file_write_durable (path, pem, 0600, error);
}

static char *default_institution (const char *code) {
  const char *dash = strchr (code, '-');
  return dash != NULL ? g_strndup (code, dash - code) : g_strdup (code);
}

static gboolean write_settings (const TamboStationMaking *making, GError **error) {
  g_autoptr (JsonObject) settings = json_object_new ();
  g_autofree char *institution = making->institution != NULL ? g_strdup (making->institution)
                                                             : default_institution (making->code);

  json_object_set_string_member (settings, "code", making->code);
  json_object_set_string_member (settings, "institution", institution);
  json_object_set_string_member (settings, "url", making->url);
  g_autofree char *text = tambo_json_pretty (settings);
  return write_file (making->folder, "station.json", text, error);
}

/* station.json is written last: a folder without it was never finished and may be made again. */
static gboolean make_folder (const TamboStationMaking *making, GError **error) {
  if (!tambo_file_make_folder (making->folder, 0700, error))
    return FALSE;

  g_autoptr (GBytes) ca = tambo_file_read (making->ca_file, FILE_MAX_SIZE, error);
  if (ca == NULL)
    return FALSE;
  g_autofree char *ca_path = g_build_filename (making->folder, "ca.pem", NULL);
  if (!tambo_file_write_durable (ca_path, ca, 0600, error))
    return FALSE;

  if (!has_file (making->folder, "station.key") && !write_key (making->folder, error))
    return FALSE;

  if (!has_file (making->folder, "store.db")) {
    g_autofree char *store_path = g_build_filename (making->folder, "store.db", NULL);
    g_autoptr (TamboStore) store = tambo_store_create (store_path, error);
    if (store == NULL || !tambo_operators_calibrate (store, error))
      return FALSE;
  }
  return write_settings (making, error);
}

static gboolean register_station (TamboStation *self, const char *token, GCancellable *cancellable,
                                  GError **error) {
  g_autofree char *csr = tambo_registration_make_csr (self->key, self->code, error);
  if (csr == NULL)
    return FALSE;

  TamboRegistration registration = { (char *) token, self->code, csr };
  g_autofree char *ca_file = tambo_station_path (self, "ca.pem");
  g_autofree char *certificate = NULL;
  g_autoptr (TamboTrust) trust = NULL;
  if (!tambo_register (self->url, ca_file, &registration, cancellable, &certificate, &trust, error))
    return FALSE;

  g_autoptr (JsonObject) object = tambo_trust_to_json (trust);
  g_autofree char *text = tambo_json_pretty (object);
  if (!write_file (self->folder, "station.pem", certificate, error)
      || !write_file (self->folder, "trust.json", text, error))
    return FALSE;
  self->trust = g_steal_pointer (&trust);
  return TRUE;
}

TamboStation *tambo_station_make (const TamboStationMaking *making, GCancellable *cancellable,
                                  GError **error) {
  if (!code_is_valid (making->code)) {
    g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                 "a station's code is 2 to 24 of A-Z, 0-9 and '-'");
    return NULL;
  }
  if (has_file (making->folder, "trust.json")) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_EXISTS,
                 "'%s' holds a registered station already", making->folder);
    return NULL;
  }
  if (!has_file (making->folder, "station.json") && !make_folder (making, error))
    return NULL;

  g_autoptr (TamboStation) self = tambo_station_open (making->folder, error);
  if (self == NULL)
    return NULL;
  if (g_strcmp0 (self->code, making->code) != 0) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_EXISTS,
                 "'%s' holds the station %s", making->folder, self->code);
    return NULL;
  }
  if (making->token != NULL && !register_station (self, making->token, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean load_settings (TamboStation *self, GError **error) {
  g_autofree char *text = read_file (self->folder, "station.json", error);
  if (text == NULL)
    return FALSE;
  g_autoptr (JsonObject) settings = tambo_json_parse_object (text, -1, error);
  if (settings == NULL)
    return FALSE;

  const char *code = tambo_json_get_string (settings, "code", error);
  const char *institution =
      code != NULL ? tambo_json_get_string (settings, "institution", error) : NULL;
  const char *url = institution != NULL ? tambo_json_get_string (settings, "url", error) : NULL;
  if (url == NULL)
    return FALSE;
  self->code = g_strdup (code);
  self->institution = g_strdup (institution);
  self->url = g_strdup (url);
  return TRUE;
}

static gboolean load_key (TamboStation *self, GError **error) {
  g_autofree char *path = tambo_station_path (self, "station.key");
  g_autoptr (GBytes) pem = tambo_file_read (path, FILE_MAX_SIZE, error);
  if (pem == NULL)
    return FALSE;
  self->key = tambo_key_new_from_pem (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem), error);
  return self->key != NULL;
}

static gboolean load_trust (TamboStation *self, GError **error) {
  if (!has_file (self->folder, "trust.json"))
    return TRUE;

  g_autofree char *text = read_file (self->folder, "trust.json", error);
  if (text == NULL)
    return FALSE;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, -1, error);
  if (object == NULL)
    return FALSE;
  self->trust = tambo_trust_from_json (object, error);
  return self->trust != NULL;
}

TamboStation *tambo_station_open (const char *folder, GError **error) {
  g_autoptr (TamboStation) self = g_object_new (TAMBO_TYPE_STATION, NULL);

  self->folder = g_strdup (folder);
  if (!has_file (folder, "station.json")) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NO_STATION,
                 "there is no station in '%s'", folder);
    return NULL;
  }
  if (!load_settings (self, error) || !load_key (self, error) || !load_trust (self, error))
    return NULL;

  g_autofree char *store_path = tambo_station_path (self, "store.db");
  self->store = tambo_store_open (store_path, error);
  if (self->store == NULL)
    return NULL;
  tambo_ballast_restore (folder);
  return g_steal_pointer (&self);
}

/* ---- what others may know ---- */

const char *tambo_station_get_folder (TamboStation *self) {
  return self->folder;
}

const char *tambo_station_get_code (TamboStation *self) {
  return self->code;
}

const char *tambo_station_get_institution (TamboStation *self) {
  return self->institution;
}

const char *tambo_station_get_url (TamboStation *self) {
  return self->url;
}

gboolean tambo_station_is_registered (TamboStation *self) {
  return self->trust != NULL;
}

gboolean tambo_station_is_practice (TamboStation *self) {
  return self->trust != NULL && self->trust->practice;
}

const TamboTrust *tambo_station_get_trust (TamboStation *self) {
  return self->trust;
}

TamboStore *tambo_station_get_store (TamboStation *self) {
  return self->store;
}

TamboKey *tambo_station_get_key (TamboStation *self) {
  return self->key;
}

guint tambo_station_count_waiting (TamboStation *self) {
  guint count = 0;
  g_autoptr (GError) error = NULL;

  if (!tambo_outbox_count_waiting (self->store, &count, &error))
    g_warning ("the outbox cannot be counted: %s", error->message);
  return count;
}

/* ---- the key for what headquarters sends ---- */

/* The pair is made with the data key, because its private half lies under it. */
gboolean tambo_station_make_inbox_key (TamboStation *self, GError **error) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (GBytes) pem = tambo_key_dup_private_pem (key);
  g_autoptr (GBytes) sealed = tambo_store_seal (self->store, "settings/inbox-key", pem, error);
  if (sealed == NULL)
    return FALSE;

  g_autoptr (GBytes) point = tambo_key_dup_point (key);
  g_autofree char *sealed_text = tambo_base64_encode (sealed);
  g_autofree char *point_text = tambo_base64_encode (point);
  return tambo_store_set_setting (self->store, "inbox-key", sealed_text, error)
         && tambo_store_set_setting (self->store, "inbox-point", point_text, error);
}

static GBytes *load_setting_bytes (TamboStation *self, const char *name, GError **error) {
  g_autoptr (GError) own_error = NULL;
  g_autofree char *text = tambo_store_dup_setting (self->store, name, &own_error);

  if (own_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&own_error));
    return NULL;
  }
  GBytes *bytes = text != NULL ? tambo_base64_decode (text) : NULL;
  if (bytes == NULL)
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN,
                 "the station has no operator yet");
  return bytes;
}

TamboKey *tambo_station_open_inbox_key (TamboStation *self, GError **error) {
  g_autoptr (GBytes) sealed = load_setting_bytes (self, "inbox-key", error);
  if (sealed == NULL)
    return NULL;
  g_autoptr (GBytes) pem = tambo_store_unseal (self->store, "settings/inbox-key", sealed, error);
  if (pem == NULL)
    return NULL;
  return tambo_key_new_from_pem (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem), error);
}

GBytes *tambo_station_dup_inbox_point (TamboStation *self, GError **error) {
  return load_setting_bytes (self, "inbox-point", error);
}
