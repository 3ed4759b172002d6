/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "base/file.h"
#include "hq/checkpoint.h"
#include "hq/commands.h"
#include "hq/decision.h"
#include "hq/document-signer.h"
#include "hq/stations.h"

static gboolean is_state (const char *state) {
  return strlen (state) == 3 && g_ascii_isupper (state[0]) && g_ascii_isupper (state[1])
         && g_ascii_isupper (state[2]);
}

int tambo_command_init (int argc, char **argv) {
  g_autofree char *name = NULL;
  g_autofree char *state = NULL;
  g_autofree char *country = NULL;
  g_auto (GStrv) hosts = NULL;
  g_autofree char *signer = NULL;
  g_autofree char *envelope = NULL;
  g_autofree char *profile = NULL;
  g_autofree char *database = NULL;
  g_autofree char *blobs = NULL;
  gboolean is_practice = FALSE, has_fingers = FALSE;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Name of this headquarters", "NAME" },
    { "practice", 0, 0, G_OPTION_ARG_NONE, &is_practice, "Decide by itself; nothing is real",
      NULL },
    { "state", 0, 0, G_OPTION_ARG_STRING, &state, "Issuing state, three letters", "UTO" },
    { "country", 0, 0, G_OPTION_ARG_STRING, &country, "The same in two letters", "UT" },
    { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &hosts, "Name or address of the server", "NAME" },
    { "signer", 0, 0, G_OPTION_ARG_STRING, &signer, "Key of the document signer in a token",
      "pkcs11:URI" },
    { "envelope-key", 0, 0, G_OPTION_ARG_STRING, &envelope,
      "P-256 key that records are sealed for, in a token", "pkcs11:URI" },
    { "chip-profile", 0, 0, G_OPTION_ARG_STRING, &profile, "Kind of the blanks' chips", "NAME" },
    { "chip-fingers", 0, 0, G_OPTION_ARG_NONE, &has_fingers, "Fingerprints go onto the chip",
      NULL },
    { "database", 0, 0, G_OPTION_ARG_STRING, &database, "For several receivers", "URI" },
    { "blobs", 0, 0, G_OPTION_ARG_FILENAME, &blobs, "Where the sealed records are kept", "FOLDER" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  TamboHqSettings settings;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR [OPTION…]", &line, &result))
    return result;
  settings = (TamboHqSettings){ .name = name != NULL ? name : "Tambo headquarters",
                                .state = state != NULL ? state : "UTO",
                                .country = country,
                                .practice = is_practice,
                                .hosts = (const char *const *) hosts,
                                .signer = signer,
                                .envelope = envelope,
                                .chip_fingers = has_fingers,
                                .database = database,
                                .blobs = blobs };
  if (profile != NULL && (settings.chip_profile = tambo_chip_profile_find (profile)) == NULL) {
    g_printerr ("tambo-hq: init: there is no chip profile '%s'; 'tamboctl chip write --help' names"
                " them\n",
                profile);
    return TAMBO_EXIT_USAGE;
  }
  if (country == NULL && strcmp (settings.state, "UTO") == 0)
    settings.country = "UT";
  if (!is_state (settings.state) || settings.country == NULL || strlen (settings.country) != 2) {
    g_printerr ("tambo-hq: init: the state is not three capital letters with its --country of two;"
                " give both, as in --state UTO --country UT\n");
    return TAMBO_EXIT_USAGE;
  }
  if (!tambo_hq_create (line.words[0], &settings, &error))
    return tambo_command_fail ("init", error);
  return TAMBO_EXIT_DONE;
}

int tambo_command_station_invite (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autofree char *token = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR CODE", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  token = hq != NULL ? tambo_stations_invite (hq, line.words[1], &error) : NULL;
  if (token == NULL)
    return tambo_command_fail ("station invite", error);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "station", line.words[1]);
    json_object_set_string_member (object, "token", token);
    tambo_command_print (object);
  } else {
    g_print ("%s\n", token);
  }
  tambo_secret_wipe (token, strlen (token));
  return TAMBO_EXIT_DONE;
}

static JsonObject *station_to_json (const TamboStationRow *row) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "code", row->code);
  json_object_set_string_member (object, "state", row->state);
  json_object_set_string_member (object, "registered_at", row->registered_at);
  if (row->revoked_at != NULL)
    json_object_set_string_member (object, "revoked_at", row->revoked_at);
  if (row->last_seen != NULL)
    json_object_set_string_member (object, "last_seen", row->last_seen);
  json_object_set_int_member (object, "records", row->records);
  json_object_set_int_member (object, "last_sequence", row->last_sequence);
  json_object_set_int_member (object, "missing", row->missing);
  return object;
}

int tambo_command_station_list (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  JsonArray *array;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 1, "DIR", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  rows = hq != NULL ? tambo_stations_list (hq, &error) : NULL;
  if (rows == NULL)
    return tambo_command_fail ("station list", error);
  array = json_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    const TamboStationRow *row = rows->pdata[i];

    json_array_add_object_element (array, station_to_json (row));
    if (!line.is_json)
      g_print ("%-20s %-8s %6" G_GINT64_FORMAT " records %4" G_GINT64_FORMAT " missing  %s\n",
               row->code, row->state, row->records, row->missing,
               row->last_seen != NULL ? row->last_seen : "never seen");
  }
  tambo_command_end_rows (&line, "stations", array);
  return TAMBO_EXIT_DONE;
}

static JsonObject *gap_to_json (const TamboGap *gap) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "station", gap->station);
  json_object_set_int_member (object, "first", gap->first);
  json_object_set_int_member (object, "last", gap->last);
  json_object_set_string_member (object, "since", gap->since);
  return object;
}

int tambo_command_station_gaps (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GPtrArray) gaps = NULL;
  g_autoptr (JsonArray) array = json_array_new ();
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 1, "DIR", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  gaps = hq != NULL ? tambo_stations_list_gaps (hq, &error) : NULL;
  if (gaps == NULL)
    return tambo_command_fail ("station gaps", error);
  for (guint i = 0; i < gaps->len; i++) {
    const TamboGap *gap = gaps->pdata[i];

    json_array_add_object_element (array, gap_to_json (gap));
    if (!line.is_json)
      g_print ("%-20s %8" G_GINT64_FORMAT " to %8" G_GINT64_FORMAT "  %s\n", gap->station,
               gap->first, gap->last, gap->since);
  }
  tambo_command_end_rows (&line, "gaps", g_steal_pointer (&array));
  return TAMBO_EXIT_DONE;
}

int tambo_command_station_revoke (int argc, char **argv) {
  return tambo_command_act_on (argc, argv, "station revoke", "DIR CODE", tambo_stations_revoke);
}

int tambo_command_station_accept_restore (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autofree char *incarnation = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR CODE", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  if (hq == NULL || !tambo_hq_accept_restore (hq, line.words[1], &incarnation, &error))
    return tambo_command_fail ("station accept-restore", error);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "station", line.words[1]);
    json_object_set_string_member (object, "incarnation", incarnation);
    tambo_command_print (object);
  } else {
    g_print ("the database %s of %s is accepted\n", incarnation, line.words[1]);
  }
  return TAMBO_EXIT_DONE;
}

static gboolean export_pem (const char *pem, const char *path, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (pem, strlen (pem));

  return path == NULL || tambo_file_write_durable (path, bytes, 0644, error);
}

int tambo_command_ca_export (int argc, char **argv) {
  g_autofree char *csca = NULL;
  g_autofree char *tls = NULL;
  const GOptionEntry entries[] = {
    { "csca", 0, 0, G_OPTION_ARG_FILENAME, &csca, "The document signers' authority", "FILE" },
    { "tls", 0, 0, G_OPTION_ARG_FILENAME, &tls, "The transport's authority, for stations", "FILE" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR [--csca FILE] [--tls FILE]", &line,
                                 &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  if (hq == NULL || !export_pem (hq->csca_pem, csca, &error)
      || !export_pem (hq->authority_pem, tls, &error))
    return tambo_command_fail ("ca export", error);
  return TAMBO_EXIT_DONE;
}

int tambo_command_ca_signer (int argc, char **argv) {
  g_autofree char *signer = NULL;
  const GOptionEntry entries[] = { { "signer", 0, 0, G_OPTION_ARG_STRING, &signer,
                                     "Key in a token; without it one is made", "pkcs11:URI" },
                                   { NULL } };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR [--signer pkcs11:URI]", &line,
                                 &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_DECIDER, line.words[0], NULL, NULL, &error);
  if (hq == NULL || !tambo_document_signer_replace (hq->folder, hq->name, signer, &error))
    return tambo_command_fail ("ca signer", error);
  return TAMBO_EXIT_DONE;
}
