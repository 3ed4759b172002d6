/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command-operator.h"

#include <stdio.h>

#include "base/json.h"

TamboExit tambo_operator_end (TamboCli *cli, const char *id, const char *text, JsonObject *object) {
  JsonObject *document = object != NULL ? object : json_object_new ();

  tambo_json_set_optional (document, "operator", id);
  if (!cli->json)
    printf ("%s\n", text);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

/* ---- adding ---- */

/* Nobody can sign in before there is somebody. */
static TamboStation *open_for_adding (TamboCli *cli, const TamboCliSecond *second, GError **error) {
  g_autoptr (TamboStation) station = tambo_cli_open (cli, error);
  g_autoptr (GPtrArray) rows = station != NULL ? tambo_operator_desk_list (station, error) : NULL;
  if (rows == NULL)
    return NULL;
  if (rows->len == 0)
    return g_steal_pointer (&station);
  g_clear_object (&station);
  return tambo_cli_open_with_second (cli, second, error);
}

/* The first operator's password is that of whoever asks. */
static GBytes *read_password_for (TamboCli *cli, TamboStation *station, const char *file,
                                  GError **error) {
  g_autofree char *signed_in = tambo_station_dup_operator (station);

  if (signed_in == NULL && file == NULL)
    return tambo_cli_read_password (cli, "Password of the first operator: ", error);
  return tambo_cli_read_secret (-1, file, "First password of the new operator: ", error);
}

static TamboExit add (TamboCli *cli, int argc, char **argv) {
  g_autofree char *role_name = NULL, *password_file = NULL;
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    { "role", 0, 0, G_OPTION_ARG_STRING, &role_name, "clerk, supervisor, technician or auditor",
      "ROLE" },
    { "new-password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
      "The new operator's first password", "FILE" },
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  TamboRole role = TAMBO_ROLE_CLERK;

  if (!tambo_cli_parse ("operator add", "ID",
                        "Adds an operator; the first one is a supervisor. All others change the "
                        "password before they sign in.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the new operator's ID is needed");
  if (role_name != NULL && !tambo_role_from_string (role_name, &role))
    return tambo_cli_usage ("there is no role '%s'", role_name);

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = open_for_adding (cli, &second, &error);
  if (station == NULL)
    return tambo_cli_fail (error, "operator not added");
  g_autoptr (GBytes) password = read_password_for (cli, station, password_file, &error);
  if (password == NULL || !tambo_operator_desk_add (station, argv[1], role, password, &error))
    return tambo_cli_fail (error, "operator not added");
  g_autofree char *text =
      g_strdup_printf ("operator %s added as %s", argv[1], tambo_role_to_string (role));
  return tambo_operator_end (cli, argv[1], text, NULL);
}

/* ---- listing ---- */

static const char *describe_state (const TamboOperatorRow *row) {
  if (row->disabled)
    return "disabled";
  if (row->wait > 0)
    return "locked-out";
  return row->is_first_password ? "first-password" : "active";
}

static void print_operators (TamboCli *cli, GPtrArray *rows) {
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < rows->len; i++) {
    const TamboOperatorRow *row = g_ptr_array_index (rows, i);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "id", row->id);
    json_object_set_string_member (object, "role", tambo_role_to_string (row->role));
    json_object_set_string_member (object, "state", describe_state (row));
    json_object_set_boolean_member (object, "disabled", row->disabled);
    json_object_set_boolean_member (object, "first_password", row->is_first_password);
    json_object_set_int_member (object, "failures", row->failures);
    json_object_set_int_member (object, "wait_seconds", row->wait);
    json_object_set_string_member (object, "created_at", row->created_at);
    json_array_add_object_element (array, object);
    if (!cli->json)
      printf ("%-16s %-11s %s\n", row->id, tambo_role_to_string (row->role), describe_state (row));
  }
  tambo_cli_end_rows (cli, "operators", array);
}

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("operator list", "",
                        "Lists the operators, their roles, and whether they may sign in: active, "
                        "first-password, locked-out or disabled.",
                        NULL, &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GPtrArray) rows = station != NULL ? tambo_operator_desk_list (station, &error) : NULL;
  if (rows == NULL)
    return tambo_cli_fail (error, "operators not listed");
  print_operators (cli, rows);
  return TAMBO_EXIT_DONE;
}

/* ---- changing ---- */

typedef struct {
  const char *summary;
  const char *done; /* what the operator is then */
  gboolean (*run) (TamboStation *station, const char *id, GError **error);
} Change;

static TamboExit change (TamboCli *cli, int argc, char **argv, const Change *what) {
  g_autofree char *name = g_strconcat ("operator ", argv[0], NULL);
  g_autofree char *failure = g_strconcat ("operator not ", what->done, NULL);
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse (name, "ID", what->summary, options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the operator's ID is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, &second, &error);
  if (station == NULL || !what->run (station, argv[1], &error))
    return tambo_cli_fail (error, failure);
  g_autofree char *text = g_strdup_printf ("operator %s %s", argv[1], what->done);
  return tambo_operator_end (cli, argv[1], text, NULL);
}

static TamboExit disable (TamboCli *cli, int argc, char **argv) {
  static const Change what = { "Keeps an operator out.", "disabled", tambo_operator_desk_disable };

  return change (cli, argc, argv, &what);
}

static TamboExit enable (TamboCli *cli, int argc, char **argv) {
  static const Change what = { "Lets a disabled operator in again; two persons decide it.",
                               "enabled", tambo_operator_desk_enable };

  return change (cli, argc, argv, &what);
}

static TamboExit unlock (TamboCli *cli, int argc, char **argv) {
  static const Change what = { "Ends the wait after wrong passwords.", "unlocked",
                               tambo_operator_desk_unlock };

  return change (cli, argc, argv, &what);
}

static TamboExit set_role (TamboCli *cli, int argc, char **argv) {
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  TamboRole role;

  if (!tambo_cli_parse ("operator role", "ID ROLE",
                        "Gives an operator another role; two persons decide it.", options, &argc,
                        &argv, &status))
    return status;
  if (argc != 3)
    return tambo_cli_usage ("the operator's ID and the new role are needed");
  if (!tambo_role_from_string (argv[2], &role))
    return tambo_cli_usage ("there is no role '%s'", argv[2]);

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, &second, &error);
  if (station == NULL || !tambo_operator_desk_set_role (station, argv[1], role, &error))
    return tambo_cli_fail (error, "role not changed");
  g_autofree char *text = g_strdup_printf ("operator %s is %s now", argv[1], argv[2]);
  return tambo_operator_end (cli, argv[1], text, NULL);
}

/* ---- passwords ---- */

/* The old password is the proof; it need not be good for signing in. */
static gboolean change_own (TamboCli *cli, const char *id, const char *file, GError **error) {
  g_autoptr (TamboStation) station = tambo_cli_open (cli, error);
  if (station == NULL)
    return FALSE;
  g_autofree char *prompt = g_strdup_printf ("Password of %s: ", id);
  g_autoptr (GBytes) password = tambo_cli_read_password (cli, prompt, error);
  g_autoptr (GBytes) new_password =
      password != NULL ? tambo_cli_read_secret (-1, file, "New password: ", error) : NULL;
  return new_password != NULL
         && tambo_operator_desk_change_password (station, id, password, new_password, error);
}

static gboolean reset (TamboCli *cli, const TamboCliSecond *second, const char *id,
                       const char *file, GError **error) {
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, second, error);
  if (station == NULL)
    return FALSE;
  g_autoptr (GBytes) password = tambo_cli_read_secret (-1, file, "First password: ", error);
  return password != NULL && tambo_operator_desk_reset_password (station, id, password, error);
}

static TamboExit passwd (TamboCli *cli, int argc, char **argv) {
  g_autofree char *file = NULL;
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    { "new-password-file", 0, 0, G_OPTION_ARG_FILENAME, &file, "The new password", "FILE" },
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("operator passwd", "[ID]",
                        "Changes one's own password, or gives a first password to somebody who "
                        "has forgotten the own one.",
                        options, &argc, &argv, &status))
    return status;
  const char *asking = tambo_cli_get_operator (cli);
  const char *id = argc == 2 ? argv[1] : asking;
  if (argc > 2 || id == NULL)
    return tambo_cli_usage ("the operator's ID is needed");

  g_autoptr (GError) error = NULL;
  gboolean is_own = asking == NULL || g_strcmp0 (asking, id) == 0;
  if (!(is_own ? change_own (cli, id, file, &error) : reset (cli, &second, id, file, &error)))
    return tambo_cli_fail (error, "password not changed");
  g_autofree char *text = g_strdup_printf ("password of %s changed", id);
  return tambo_operator_end (cli, id, text, NULL);
}

TamboExit tambo_command_operator (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "add", NULL, add },
    { "list", NULL, list },
    { "disable", NULL, disable },
    { "enable", NULL, enable },
    { "unlock", NULL, unlock },
    { "role", NULL, set_role },
    { "passwd", NULL, passwd },
    { "finger", NULL, tambo_operator_finger },
    { "token", NULL, tambo_operator_token },
    { "rotate-key", NULL, tambo_operator_rotate_key },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
