/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data key: "operator token" and "operator rotate-key".
 */
#include "cli/command-operator.h"

static TamboExit end_token (TamboCli *cli, const char *uri) {
  JsonObject *object = json_object_new ();
  g_autofree char *text =
      uri != NULL ? g_strdup_printf ("signing in takes a password and the token %s", uri)
                  : g_strdup ("signing in takes a password");

  json_object_set_boolean_member (object, "token_needed", uri != NULL);
  if (uri != NULL)
    json_object_set_string_member (object, "token", uri);
  return tambo_operator_end (cli, NULL, text, object);
}

static TamboExit show_token (TamboCli *cli) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autofree char *uri = station != NULL ? tambo_operator_desk_dup_token (station, &error) : NULL;

  return error != NULL ? tambo_cli_fail (error, "token not shown") : end_token (cli, uri);
}

TamboExit tambo_operator_token (TamboCli *cli, int argc, char **argv) {
  gboolean remove = FALSE;
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    { "remove", 0, 0, G_OPTION_ARG_NONE, &remove, "A password alone is enough again", NULL },
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("operator token", "[URI]",
                        "Binds the data key to the EC key (P-256) of a PKCS#11 token, so that "
                        "signing in takes a password and the token; two persons decide it. The "
                        "PIN comes from the file that TAMBO_PIN_FILE or the URI names. Without "
                        "URI: shows the token.",
                        options, &argc, &argv, &status))
    return status;
  if (argc > 2 || (remove && argc > 1))
    return tambo_cli_usage ("one URI, or --remove, or neither");
  if (argc == 1 && !remove)
    return show_token (cli);

  const char *uri = remove ? NULL : argv[1];
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, &second, &error);
  if (station == NULL || !tambo_operator_desk_set_token (station, uri, NULL, &error))
    return tambo_cli_fail (error, remove ? "token not removed" : "token not enrolled");
  return end_token (cli, uri);
}

TamboExit tambo_operator_rotate_key (TamboCli *cli, int argc, char **argv) {
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("operator rotate-key", "",
                        "Makes another data key and seals everything anew; two persons decide it.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 1)
    return tambo_cli_usage ("no more words are expected");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, &second, &error);
  if (station == NULL || !tambo_operator_desk_rotate_key (station, &error))
    return tambo_cli_fail (error, "data key not changed");
  return tambo_operator_end (cli, NULL, "another data key; everything is sealed anew", NULL);
}
