/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/file.h"
#include "record/mrz.h"

#define MRZ_MAX_SIZE 4096

static char *read_mrz (const char *argument, GError **error) {
  if (g_strcmp0 (argument, "-") != 0)
    return g_strdup (argument);
  g_autoptr (GBytes) bytes = tambo_file_read ("/dev/stdin", MRZ_MAX_SIZE, error);
  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

static void print_mrz (TamboCli *cli, const TamboMrz *mrz) {
  const struct {
    const char *name;
    gboolean right;
  } digits[] = {
    { "document_number", mrz->document_number_right },
    { "birth_date", mrz->birth_date_right },
    { "expiry_date", mrz->expiry_date_right },
    { "optional_data", mrz->optional_data_right },
    { "composite", mrz->composite_right },
  };
  static const char *const formats[] = { "TD1", "TD2", "TD3" };
  JsonObject *document = json_object_new ();
  JsonObject *checks = json_object_new ();
  g_autoptr (JsonObject) applicant = tambo_applicant_to_json (mrz->applicant);

  for (gsize i = 0; i < G_N_ELEMENTS (digits); i++)
    json_object_set_boolean_member (checks, digits[i].name, digits[i].right);
  json_object_set_string_member (document, "format", formats[mrz->format]);
  json_object_set_object_member (document, "applicant", json_object_ref (applicant));
  json_object_set_object_member (document, "check_digits", checks);
  if (cli->json) {
    tambo_cli_print_json (document);
    return;
  }
  printf ("format: %s\n", formats[mrz->format]);
  g_autoptr (GList) members = json_object_get_members (applicant);
  for (GList *l = members; l != NULL; l = l->next) {
    JsonNode *node = json_object_get_member (applicant, l->data);
    if (json_node_get_value_type (node) == G_TYPE_STRING)
      printf ("%s: %s\n", (char *) l->data, json_node_get_string (node));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (digits); i++)
    printf ("check digit of %s: %s\n", digits[i].name, digits[i].right ? "right" : "WRONG");
  json_object_unref (document);
}

static TamboExit parse (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("mrz parse", "LINES|-",
                        "Reads a machine-readable zone and checks its digits.", NULL, &argc, &argv,
                        &status))
    return status;
  if (argc < 2)
    return tambo_cli_usage ("the lines of the MRZ are needed, or - for standard input");

  g_autoptr (GError) error = NULL;
  g_autofree char *joined = g_strjoinv ("\n", argv + 1);
  g_autofree char *text = read_mrz (joined, &error);
  g_autoptr (TamboMrz) mrz = text != NULL ? tambo_mrz_parse (text, NULL, &error) : NULL;
  if (mrz == NULL)
    return tambo_cli_fail (error, "MRZ not read");
  print_mrz (cli, mrz);
  if (!tambo_mrz_check (mrz, &error))
    return tambo_cli_fail (error, "MRZ not accepted");
  return TAMBO_EXIT_DONE;
}

static TamboExit make (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("mrz make", "FILE.json", "Makes the machine-readable zone of an applicant.",
                        NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("an applicant's file is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = tambo_cli_read_json (argv[1], &error);
  g_autoptr (TamboApplicant) applicant =
      object != NULL ? tambo_applicant_from_json (object, &error) : NULL;
  if (applicant == NULL || !tambo_applicant_check (applicant, &error))
    return tambo_cli_fail (error, "MRZ not made");
  TamboMrzFormat format = tambo_mrz_format_for_type (applicant->document_type);
  g_autofree char *mrz = tambo_mrz_make (applicant, format, &error);
  if (mrz == NULL)
    return tambo_cli_fail (error, "MRZ not made");
  if (cli->json) {
    JsonObject *document = json_object_new ();
    json_object_set_string_member (document, "mrz", mrz);
    tambo_cli_print_json (document);
  } else {
    puts (mrz);
  }
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_mrz (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "parse", NULL, parse },
    { "make", NULL, make },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
