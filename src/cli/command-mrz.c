/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/file.h"
#include "capture/mrz-image.h"
#include "capture/mrz-port.h"

#define MRZ_MAX_SIZE 4096
#define PATIENCE_MS 60000 /* for a document at the reader */

static char *read_mrz (const char *argument, GError **error) {
  if (g_strcmp0 (argument, "-") != 0)
    return g_strdup (argument);
  g_autoptr (GBytes) bytes = tambo_file_read ("/dev/stdin", MRZ_MAX_SIZE, error);
  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

static const struct {
  const char *name;
  gsize offset; /* of the verdict in TamboMrz */
} digits[] = {
  { "document_number", G_STRUCT_OFFSET (TamboMrz, document_number_right) },
  { "birth_date", G_STRUCT_OFFSET (TamboMrz, birth_date_right) },
  { "expiry_date", G_STRUCT_OFFSET (TamboMrz, expiry_date_right) },
  { "optional_data", G_STRUCT_OFFSET (TamboMrz, optional_data_right) },
  { "composite", G_STRUCT_OFFSET (TamboMrz, composite_right) },
};

static const char *const formats[] = { "TD1", "TD2", "TD3" };

static gboolean is_right (const TamboMrz *mrz, gsize i) {
  return G_STRUCT_MEMBER (gboolean, mrz, digits[i].offset);
}

static void describe_mrz (const TamboMrz *mrz, JsonObject *document) {
  JsonObject *checks = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (digits); i++)
    json_object_set_boolean_member (checks, digits[i].name, is_right (mrz, i));
  json_object_set_string_member (document, "format", formats[mrz->format]);
  json_object_set_object_member (document, "applicant", tambo_applicant_to_json (mrz->applicant));
  json_object_set_object_member (document, "check_digits", checks);
}

static void print_mrz (const TamboMrz *mrz) {
  g_autoptr (JsonObject) applicant = tambo_applicant_to_json (mrz->applicant);
  g_autoptr (GList) members = json_object_get_members (applicant);

  printf ("format: %s\n", formats[mrz->format]);
  for (GList *l = members; l != NULL; l = l->next) {
    JsonNode *node = json_object_get_member (applicant, l->data);
    if (json_node_get_value_type (node) == G_TYPE_STRING)
      printf ("%s: %s\n", (char *) l->data, json_node_get_string (node));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (digits); i++)
    printf ("check digit of %s: %s\n", digits[i].name, is_right (mrz, i) ? "right" : "WRONG");
}

/* TEXT is NULL after ERROR. */
static TamboExit report (TamboCli *cli, const char *text, GError *cause) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMrz) mrz = text != NULL ? tambo_mrz_parse (text, NULL, &error) : NULL;

  if (mrz == NULL)
    return tambo_cli_fail (cause != NULL ? cause : error, "MRZ not read");
  if (cli->json) {
    JsonObject *document = json_object_new ();

    describe_mrz (mrz, document);
    tambo_cli_print_json (document);
  } else {
    print_mrz (mrz);
  }
  if (!tambo_mrz_check (mrz, &error))
    return tambo_cli_fail (error, "MRZ not accepted");
  return TAMBO_EXIT_DONE;
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
  return report (cli, text, error);
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

/* ---- read ---- */

static TamboMrzReading *read_picture (const char *path, GError **error) {
  g_autoptr (TamboImage) image = tambo_cli_read_picture (path, error);

  return image != NULL ? tambo_mrz_image_read (image, NULL, error) : NULL;
}

static void print_reading_json (const TamboMrzReading *reading) {
  JsonObject *document = json_object_new ();

  json_object_set_string_member (document, "mrz", reading->lines);
  json_object_set_string_member (document, "marks", reading->marks);
  json_object_set_int_member (document, "doubtful", reading->n_doubtful);
  json_object_set_int_member (document, "mended", reading->n_mended);
  json_object_set_double_member (document, "skew", reading->skew);
  describe_mrz (reading->mrz, document);
  tambo_cli_print_json (document);
}

/* The lines as they stand on the page, with a mark below each doubtful character. */
static void print_reading (const TamboMrzReading *reading) {
  g_auto (GStrv) lines = g_strsplit (reading->lines, "\n", -1);
  g_auto (GStrv) marks = g_strsplit (reading->marks, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++) {
    puts (lines[i]);
    if (*g_strchomp (marks[i]) != '\0')
      puts (marks[i]);
  }
  printf ("doubtful characters: %u, of these decided by check digits: %u\n", reading->n_doubtful,
          reading->n_mended);
  print_mrz (reading->mrz);
}

static TamboExit read_image (TamboCli *cli, const char *path) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMrzReading) reading = read_picture (path, &error);

  if (reading == NULL)
    return tambo_cli_fail (error, "MRZ not read");
  if (cli->json)
    print_reading_json (reading);
  else
    print_reading (reading);
  if (!tambo_mrz_check (reading->mrz, &error))
    return tambo_cli_fail (error, "MRZ not accepted");
  return TAMBO_EXIT_DONE;
}

static TamboExit read_document (TamboCli *cli, const char *place) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMrzPort) port = tambo_mrz_port_open (place, &error);
  char *text =
      port != NULL ? tambo_mrz_port_read (port, PATIENCE_MS, cli->cancellable, &error) : NULL;
  TamboExit status = report (cli, text, error);

  tambo_secret_string_free (text);
  return status;
}

static TamboExit read_zone (TamboCli *cli, int argc, char **argv) {
  g_autofree char *place = NULL;
  TamboExit status;
  const GOptionEntry options[] = {
    { "port", 0, 0, G_OPTION_ARG_STRING, &place,
      "Wait for a document at the reader on this serial port", "NODE[:SPEED]" },
    G_OPTION_ENTRY_NULL,
  };

  if (!tambo_cli_parse ("mrz read", "IMAGE",
                        "Reads the machine-readable zone on the picture of a page, or of a "
                        "document at a reader.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != (place != NULL ? 1 : 2))
    return tambo_cli_usage ("either the picture of a page or a port is needed");
  return place != NULL ? read_document (cli, place) : read_image (cli, argv[1]);
}

TamboExit tambo_command_mrz (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "parse", NULL, parse },
    { "make", NULL, make },
    { "read", NULL, read_zone },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
