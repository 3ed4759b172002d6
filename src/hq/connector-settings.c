/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "hq/connector-private.h"
#include "hq/key-folder.h"

#define FILE_NAME "connectors.json"
#define MAX_FILE (256 * 1024)
#define MAX_CONNECTORS 16
#define TIMEOUT 5000 /* milliseconds */
#define MAX_TIMEOUT 60000
#define WAIT_HOURS 24
#define REST 30 /* seconds */

static const char *const kinds[] = { "identity", "voucher", "police" };
static const char *const policies[] = { "wait", "person" };

static gboolean find_word (const char *const *words, guint n, const char *text, guint *out_index) {
  for (guint i = 0; i < n; i++) {
    if (strcmp (words[i], text) != 0)
      continue;
    *out_index = i;
    return TRUE;
  }
  return FALSE;
}

const char *tambo_connector_kind_to_string (TamboConnectorKind kind) {
  return kinds[kind];
}

gboolean tambo_connector_kind_from_string (const char *text, TamboConnectorKind *out_kind) {
  guint index;

  if (!find_word (kinds, G_N_ELEMENTS (kinds), text, &index))
    return FALSE;
  *out_kind = (TamboConnectorKind) index;
  return TRUE;
}

const char *tambo_connector_policy_to_string (TamboConnectorPolicy policy) {
  return policies[policy];
}

gboolean tambo_connector_policy_from_string (const char *text, TamboConnectorPolicy *out_policy) {
  guint index;

  if (!find_word (policies, G_N_ELEMENTS (policies), text, &index))
    return FALSE;
  *out_policy = (TamboConnectorPolicy) index;
  return TRUE;
}

TamboConnector *tambo_connector_new (const char *name, TamboConnectorKind kind, const char *url) {
  TamboConnector *connector = g_new0 (TamboConnector, 1);

  connector->name = g_strdup (name);
  connector->kind = kind;
  connector->url = g_strdup (url);
  connector->timeout = TIMEOUT;
  connector->policy = TAMBO_CONNECTOR_WAIT;
  connector->wait_hours = WAIT_HOURS;
  connector->rest = REST;
  return connector;
}

void tambo_connector_free (TamboConnector *connector) {
  if (connector == NULL)
    return;
  g_free (connector->name);
  g_free (connector->url);
  g_free (connector->ca_file);
  tambo_secret_string_free (connector->token);
  g_free (connector);
}

static void service_free (TamboService *service) {
  tambo_connector_free (service->connector);
  g_free (service);
}

static TamboConnectors *connectors_new (void) {
  TamboConnectors *connectors = g_new0 (TamboConnectors, 1);

  connectors->services = g_ptr_array_new_with_free_func ((GDestroyNotify) service_free);
  return connectors;
}

void tambo_connectors_free (TamboConnectors *connectors) {
  if (connectors == NULL)
    return;
  g_ptr_array_unref (connectors->services);
  g_free (connectors);
}

guint tambo_connectors_count (const TamboConnectors *connectors) {
  return connectors->services->len;
}

const TamboConnector *tambo_connectors_get (const TamboConnectors *connectors, guint index) {
  return ((TamboService *) connectors->services->pdata[index])->connector;
}

/* ---- what may be set up ---- */

/* What is asked is personal: in clear it does not leave this machine. */
static gboolean is_url_fit (const char *url) {
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  if (strcmp (g_uri_get_scheme (uri), "https") == 0)
    return TRUE;
  return strcmp (g_uri_get_scheme (uri), "http") == 0
         && (strcmp (host, "127.0.0.1") == 0 || strcmp (host, "::1") == 0
             || strcmp (host, "localhost") == 0);
}

static gboolean is_name_fit (const char *name) {
  gsize length = strlen (name);

  return length >= 1 && length <= 32
         && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* One header of a request. */
static gboolean is_token_fit (const char *token) {
  for (const char *c = token; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return *token != '\0' && strlen (token) <= 4096;
}

static gboolean check (const TamboConnector *connector, GError **error) {
  const char *what = NULL;

  if (!is_name_fit (connector->name))
    what = "the name has other letters than a-z, 0-9 and -, or more than 32";
  else if (!is_url_fit (connector->url))
    what = "the URL is neither https:// nor http:// of this machine";
  else if (connector->token != NULL && !is_token_fit (connector->token))
    what = "the token is none";
  else if (connector->timeout < 10 || connector->timeout > MAX_TIMEOUT)
    what = "the time-out is not within 10 and 60000 milliseconds";
  else if (connector->wait_hours < 0 || connector->wait_hours > 24 * 30)
    what = "the case waits 0 to 720 hours";
  else if (connector->rest < 0 || connector->rest > 600)
    what = "the rest is 0 to 600 seconds";
  if (what != NULL)
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, what);
  return what == NULL;
}

static gboolean find_connector (const TamboConnectors *connectors, const char *name,
                                guint *out_index) {
  for (guint i = 0; i < connectors->services->len; i++) {
    if (strcmp (tambo_connectors_get (connectors, i)->name, name) != 0)
      continue;
    *out_index = i;
    return TRUE;
  }
  return FALSE;
}

gboolean tambo_connectors_put (TamboConnectors *connectors, TamboConnector *connector,
                               GError **error) {
  g_autoptr (TamboConnector) owned = connector;
  TamboService *service;
  guint index;

  if (!check (connector, error))
    return FALSE;
  if (find_connector (connectors, connector->name, &index)) {
    service = connectors->services->pdata[index];
    tambo_connector_free (service->connector);
  } else if (connectors->services->len < MAX_CONNECTORS) {
    service = g_new0 (TamboService, 1);
    g_ptr_array_add (connectors->services, service);
  } else {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "there are %d connectors already",
                 MAX_CONNECTORS);
    return FALSE;
  }
  service->connector = g_steal_pointer (&owned);
  return TRUE;
}

gboolean tambo_connectors_remove (TamboConnectors *connectors, const char *name, GError **error) {
  guint index;

  if (!find_connector (connectors, name, &index)) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND, "there is no connector %s", name);
    return FALSE;
  }
  g_ptr_array_remove_index (connectors->services, index);
  return TRUE;
}

/* ---- the file ---- */

static gboolean get_optional_int (JsonObject *object, const char *member, int *value,
                                  GError **error) {
  gint64 number;

  if (!json_object_has_member (object, member))
    return TRUE;
  if (!tambo_json_get_int (object, member, 0, G_MAXINT, &number, error))
    return FALSE;
  *value = (int) number;
  return TRUE;
}

static TamboConnector *read_connector (JsonObject *object, GError **error) {
  const char *name = tambo_json_get_string (object, "name", error);
  const char *kind_text = name != NULL ? tambo_json_get_string (object, "kind", error) : NULL;
  const char *url = kind_text != NULL ? tambo_json_get_string (object, "url", error) : NULL;
  const char *policy = tambo_json_peek_string (object, "offline");
  g_autoptr (TamboConnector) connector = NULL;
  TamboConnectorKind kind;

  if (url == NULL)
    return NULL;
  if (!tambo_connector_kind_from_string (kind_text, &kind)) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "\"%s\" is no kind of connector",
                 kind_text);
    return NULL;
  }
  connector = tambo_connector_new (name, kind, url);
  connector->ca_file = g_strdup (tambo_json_peek_string (object, "ca"));
  connector->token = g_strdup (tambo_json_peek_string (object, "token"));
  if (policy != NULL && !tambo_connector_policy_from_string (policy, &connector->policy)) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "\"%s\" is no policy", policy);
    return NULL;
  }
  return get_optional_int (object, "timeout", &connector->timeout, error)
                 && get_optional_int (object, "wait_hours", &connector->wait_hours, error)
                 && get_optional_int (object, "rest", &connector->rest, error)
             ? g_steal_pointer (&connector)
             : NULL;
}

static JsonObject *write_connector (const TamboConnector *connector) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", connector->name);
  json_object_set_string_member (object, "kind", kinds[connector->kind]);
  json_object_set_string_member (object, "url", connector->url);
  tambo_json_set_optional (object, "ca", connector->ca_file);
  tambo_json_set_optional (object, "token", connector->token);
  json_object_set_int_member (object, "timeout", connector->timeout);
  json_object_set_string_member (object, "offline", policies[connector->policy]);
  json_object_set_int_member (object, "wait_hours", connector->wait_hours);
  json_object_set_int_member (object, "rest", connector->rest);
  return object;
}

static gboolean read_all (TamboConnectors *connectors, GBytes *bytes, GError **error) {
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonObject) object =
      tambo_json_parse_object (text != NULL ? text : "", (gssize) size, error);
  JsonArray *array = object != NULL ? tambo_json_get_array (object, "connectors", error) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    TamboConnector *connector;

    if (!JSON_NODE_HOLDS_OBJECT (node)) {
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                           "a connector is no object");
      return FALSE;
    }
    connector = read_connector (json_node_get_object (node), error);
    if (connector == NULL || !tambo_connectors_put (connectors, connector, error))
      return FALSE;
  }
  return array != NULL;
}

static gint64 time_of (const char *path) {
  GStatBuf status;

  return g_stat (path, &status) == 0
             ? status.st_mtim.tv_sec * (gint64) G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000
             : 0;
}

TamboConnectors *tambo_connectors_load (const char *folder, GError **error) {
  g_autofree char *path = tambo_key_folder_dup_decider_path (folder, FILE_NAME);
  g_autoptr (TamboConnectors) connectors = connectors_new ();
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) bytes = NULL;

  connectors->changed_at = time_of (path);
  bytes = tambo_file_read (path, MAX_FILE, &cause);
  if (g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND))
    return g_steal_pointer (&connectors);
  if (bytes != NULL && read_all (connectors, bytes, &cause))
    return g_steal_pointer (&connectors);
  /* The machine's, not the case's: nothing is decided until the file is mended. */
  g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED, "%s: %s", path, cause->message);
  return NULL;
}

TamboConnectors *tambo_hq_get_connectors (TamboHq *hq, GError **error) {
  g_autofree char *path = tambo_key_folder_dup_decider_path (hq->folder, FILE_NAME);
  TamboConnectors *connectors;

  if (hq->connectors != NULL && hq->connectors->changed_at == time_of (path))
    return hq->connectors;
  connectors = tambo_connectors_load (hq->folder, error);
  if (connectors == NULL)
    return NULL;
  g_clear_pointer (&hq->connectors, tambo_connectors_free);
  hq->connectors = connectors;
  return connectors;
}

gboolean tambo_connectors_save (const TamboConnectors *connectors, const char *folder,
                                GError **error) {
  g_autofree char *path = tambo_key_folder_dup_decider_path (folder, FILE_NAME);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  for (guint i = 0; i < connectors->services->len; i++)
    json_array_add_object_element (array, write_connector (tambo_connectors_get (connectors, i)));
  json_object_set_array_member (object, "connectors", array);
  text = tambo_json_pretty (object);
  bytes = tambo_secret_new_take_string (text);
  return tambo_file_write_durable (path, bytes, 0600, error);
}
