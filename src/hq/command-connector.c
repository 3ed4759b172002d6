/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "base/file.h"
#include "hq/commands.h"
#include "hq/connector.h"

#define MAX_TOKEN 4096

static JsonObject *to_json (const TamboConnector *connector) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", connector->name);
  json_object_set_string_member (object, "kind", tambo_connector_kind_to_string (connector->kind));
  json_object_set_string_member (object, "url", connector->url);
  if (connector->ca_file != NULL)
    json_object_set_string_member (object, "ca", connector->ca_file);
  json_object_set_boolean_member (object, "has_token", connector->token != NULL);
  json_object_set_int_member (object, "timeout", connector->timeout);
  json_object_set_string_member (object, "offline",
                                 tambo_connector_policy_to_string (connector->policy));
  json_object_set_int_member (object, "wait_hours", connector->wait_hours);
  json_object_set_int_member (object, "rest", connector->rest);
  return object;
}

int tambo_command_connector_list (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboConnectors) connectors = NULL;
  JsonArray *array;
  JsonObject *object;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 1, "DIR", &line, &result))
    return result;
  connectors = tambo_connectors_load (line.words[0], &error);
  if (connectors == NULL)
    return tambo_command_fail ("connector list", error);
  array = json_array_new ();
  for (guint i = 0; i < tambo_connectors_count (connectors); i++) {
    const TamboConnector *connector = tambo_connectors_get (connectors, i);

    json_array_add_object_element (array, to_json (connector));
    if (!line.is_json)
      g_print ("%-16s %-9s %-7s %5d ms  %s\n", connector->name,
               tambo_connector_kind_to_string (connector->kind),
               tambo_connector_policy_to_string (connector->policy), connector->timeout,
               connector->url);
  }
  object = json_object_new ();
  json_object_set_array_member (object, "connectors", array);
  if (line.is_json)
    tambo_command_print (object);
  else
    json_object_unref (object);
  return TAMBO_EXIT_DONE;
}

/* The options of `set`, as they were given. */
typedef struct {
  char *kind, *url, *ca, *token_file, *offline;
  int timeout, wait_hours, rest; /* -1: not given */
} Words;

static void words_clear (Words *words) {
  g_free (words->kind);
  g_free (words->url);
  g_free (words->ca);
  g_free (words->token_file);
  g_free (words->offline);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean read_token (const char *path, char **out_token, GError **error) {
  g_autoptr (GBytes) bytes = tambo_file_read (path, MAX_TOKEN, error);

  if (bytes == NULL)
    return FALSE;
  *out_token = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_strstrip (*out_token);
  tambo_secret_wipe ((gpointer) g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return TRUE;
}

static TamboConnector *make_connector (const char *name, const Words *words, GError **error) {
  g_autoptr (TamboConnector) connector = NULL;
  TamboConnectorKind kind;

  if (words->url == NULL
      || !tambo_connector_kind_from_string (words->kind != NULL ? words->kind : name, &kind)) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "it needs --url, and --kind identity, voucher or police");
    return NULL;
  }
  connector = tambo_connector_new (name, kind, words->url);
  if (words->offline != NULL
      && !tambo_connector_policy_from_string (words->offline, &connector->policy)) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "--offline is wait or person");
    return NULL;
  }
  if (words->timeout >= 0)
    connector->timeout = words->timeout;
  if (words->wait_hours >= 0)
    connector->wait_hours = words->wait_hours;
  if (words->rest >= 0)
    connector->rest = words->rest;
  connector->ca_file = g_strdup (words->ca);
  if (words->token_file != NULL && !read_token (words->token_file, &connector->token, error))
    return NULL;
  return g_steal_pointer (&connector);
}

int tambo_command_connector_set (int argc, char **argv) {
  g_auto (Words) words = { .timeout = -1, .wait_hours = -1, .rest = -1 };
  const GOptionEntry entries[] = {
    { "url", 0, 0, G_OPTION_ARG_STRING, &words.url, "Where it is asked", "URL" },
    { "kind", 0, 0, G_OPTION_ARG_STRING, &words.kind, "What it is asked; its name without it",
      "identity|voucher|police" },
    { "ca-file", 0, 0, G_OPTION_ARG_FILENAME, &words.ca, "Who vouches for it, PEM", "FILE" },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &words.token_file, "Its bearer token", "FILE" },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &words.timeout, "Milliseconds for one try; 5000", "N" },
    { "offline", 0, 0, G_OPTION_ARG_STRING, &words.offline,
      "What becomes of a case while it does not answer; wait", "wait|person" },
    { "wait-hours", 0, 0, G_OPTION_ARG_INT, &words.wait_hours, "Then a person; 24", "N" },
    { "rest", 0, 0, G_OPTION_ARG_INT, &words.rest, "Seconds it is left alone at first; 30", "N" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboConnectors) connectors = NULL;
  TamboConnector *connector;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 2, "DIR NAME --url URL [OPTION…]", &line,
                                 &result))
    return result;
  connectors = tambo_connectors_load (line.words[0], &error);
  connector = connectors != NULL ? make_connector (line.words[1], &words, &error) : NULL;
  if (connector == NULL || !tambo_connectors_put (connectors, connector, &error)
      || !tambo_connectors_save (connectors, line.words[0], &error))
    return tambo_command_fail ("connector set", error);
  return TAMBO_EXIT_DONE;
}

int tambo_command_connector_remove (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboConnectors) connectors = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR NAME", &line, &result))
    return result;
  connectors = tambo_connectors_load (line.words[0], &error);
  if (connectors == NULL || !tambo_connectors_remove (connectors, line.words[1], &error)
      || !tambo_connectors_save (connectors, line.words[0], &error))
    return tambo_command_fail ("connector remove", error);
  return TAMBO_EXIT_DONE;
}

static const TamboConnector *find_connector (const TamboConnectors *connectors, const char *name,
                                             GError **error) {
  for (guint i = 0; i < tambo_connectors_count (connectors); i++)
    if (strcmp (tambo_connectors_get (connectors, i)->name, name) == 0)
      return tambo_connectors_get (connectors, i);
  g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND, "there is no connector %s", name);
  return NULL;
}

int tambo_command_connector_test (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboConnectors) connectors = NULL;
  const TamboConnector *connector;
  gint64 start;
  int milliseconds, result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR NAME", &line, &result))
    return result;
  connectors = tambo_connectors_load (line.words[0], &error);
  connector = connectors != NULL ? find_connector (connectors, line.words[1], &error) : NULL;
  start = g_get_monotonic_time ();
  if (connector == NULL || !tambo_connector_probe (connector, &error))
    return tambo_command_fail ("connector test", error);
  milliseconds = (int) ((g_get_monotonic_time () - start) / 1000);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "name", connector->name);
    json_object_set_int_member (object, "milliseconds", milliseconds);
    tambo_command_print (object);
  } else {
    g_print ("%s answers, after %d ms\n", connector->name, milliseconds);
  }
  return TAMBO_EXIT_DONE;
}
