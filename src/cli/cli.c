/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "format/image-codec.h"
#include "station/operator-desk.h"

#define JSON_FILE_MAX_SIZE (1024 * 1024)
#define PICTURE_MAX_SIZE (64 * 1024 * 1024)
#define PASSWORD_MAX_SIZE 1024

/* ---- options and ends ---- */

gboolean tambo_cli_parse (const char *name, const char *parameters, const char *summary,
                          const GOptionEntry *options, int *argc, char ***argv,
                          TamboExit *out_exit) {
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autoptr (GError) error = NULL;
  gboolean help = FALSE;
  const GOptionEntry help_option[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree char *program = g_strdup_printf ("tamboctl %s", name);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, help_option, NULL);
  if (options != NULL)
    g_option_context_add_main_entries (context, options, NULL);
  g_set_prgname (program);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    *out_exit = tambo_cli_usage ("%s", error->message);
    return FALSE;
  }
  if (help) {
    g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);
    fputs (text, stdout);
    *out_exit = TAMBO_EXIT_DONE;
    return FALSE;
  }
  return TRUE;
}

TamboExit tambo_cli_usage (const char *format, ...) {
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *cause = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "tamboctl: usage: %s; see '%s --help'\n", cause, g_get_prgname ());
  return TAMBO_EXIT_USAGE;
}

TamboExit tambo_cli_fail_with (const GError *error, const char *what, const char *action) {
  fprintf (stderr, "tamboctl: %s: %s; %s\n", what, error->message, action);
  return tambo_advice_exit (error);
}

TamboExit tambo_cli_fail (const GError *error, const char *what) {
  return tambo_cli_fail_with (error, what, tambo_advice_action (error));
}

static char *join_names (const TamboCliCommand *commands) {
  GString *names = g_string_new (NULL);

  for (const TamboCliCommand *command = commands; command->name != NULL; command++)
    g_string_append_printf (names, "%s%s", names->len > 0 ? "|" : "", command->name);
  return g_string_free (names, FALSE);
}

TamboExit tambo_cli_dispatch (TamboCli *cli, int argc, char **argv,
                              const TamboCliCommand *commands) {
  g_autofree char *program = g_strdup_printf ("tamboctl %s", argv[0]);
  g_autofree char *names = join_names (commands);

  g_set_prgname (program);
  for (const TamboCliCommand *command = commands; argc > 1 && command->name != NULL; command++)
    if (g_strcmp0 (argv[1], command->name) == 0)
      return command->run (cli, argc - 1, argv + 1);
  if (argc > 1 && g_strcmp0 (argv[1], "--help") == 0) {
    printf ("Usage: %s %s …\n", program, names);
    return TAMBO_EXIT_DONE;
  }
  return tambo_cli_usage ("'%s' wants one of %s", argv[0], names);
}

/* ---- the station and who asks ---- */

TamboImage *tambo_cli_read_picture (const char *path, GError **error) {
  g_autoptr (GBytes) file = tambo_file_read (path, PICTURE_MAX_SIZE, error);

  return file != NULL ? tambo_image_decode (file, error) : NULL;
}

TamboStation *tambo_cli_open (TamboCli *cli, GError **error) {
  return tambo_station_open (cli->folder, error);
}

const char *tambo_cli_get_operator (TamboCli *cli) {
  return cli->operator_id != NULL ? cli->operator_id : g_getenv ("TAMBO_OPERATOR");
}

static char *find_operator (TamboCli *cli, TamboStation *station, GError **error) {
  const char *name = tambo_cli_get_operator (cli);
  if (name != NULL)
    return g_strdup (name);

  g_autoptr (GPtrArray) rows = tambo_operator_desk_list (station, error);
  if (rows == NULL)
    return NULL;
  if (rows->len == 1)
    return g_strdup (((TamboOperatorRow *) g_ptr_array_index (rows, 0))->id);
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN,
               "no operator was named (--operator or TAMBO_OPERATOR)");
  return NULL;
}

TamboStation *tambo_cli_open_signed_in (TamboCli *cli, GError **error) {
  g_autoptr (GBytes) password = NULL;

  return tambo_cli_open_with_password (cli, &password, error);
}

TamboStation *tambo_cli_open_with_password (TamboCli *cli, GBytes **out_password, GError **error) {
  g_autoptr (TamboStation) station = tambo_cli_open (cli, error);
  if (station == NULL)
    return NULL;
  g_autofree char *id = find_operator (cli, station, error);
  if (id == NULL)
    return NULL;
  g_autofree char *prompt = g_strdup_printf ("Password of %s: ", id);
  g_autoptr (GBytes) password = tambo_cli_read_password (cli, prompt, error);
  if (password == NULL || !tambo_station_sign_in (station, id, password, error))
    return NULL;
  *out_password = g_steal_pointer (&password);
  return g_steal_pointer (&station);
}

/* One line, without its end. */
static GBytes *read_line_from (int fd, GError **error) {
  char line[PASSWORD_MAX_SIZE];
  gsize size = 0;
  ssize_t got = 1;

  while (size < sizeof line && (got = read (fd, line + size, 1)) == 1 && line[size] != '\n')
    size++;
  if (got < 0) {
    tambo_error_set_errno (error, errno, "the password cannot be read");
    return NULL;
  }
  if (size > 0 && line[size - 1] == '\r')
    size--;
  GBytes *password = tambo_secret_new (line, size);
  tambo_secret_wipe (line, sizeof line);
  return password;
}

static GBytes *ask_on_terminal (const char *prompt, GError **error) {
  struct termios before, quiet;

  if (tcgetattr (STDIN_FILENO, &before) != 0) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN,
                 "there is no terminal to ask for the password, no file was named (such as in "
                 "TAMBO_PASSWORD_FILE) and no descriptor (such as --password-fd)");
    return NULL;
  }
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t) ECHO;
  fputs (prompt, stderr);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  GBytes *password = read_line_from (STDIN_FILENO, error);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  fputc ('\n', stderr);
  return password;
}

GBytes *tambo_cli_read_password (TamboCli *cli, const char *prompt, GError **error) {
  return tambo_cli_read_secret (cli->password_fd, g_getenv ("TAMBO_PASSWORD_FILE"), prompt, error);
}

GBytes *tambo_cli_read_secret (int fd, const char *path, const char *prompt, GError **error) {
  if (fd >= 0)
    return read_line_from (fd, error);
  if (path == NULL)
    return ask_on_terminal (prompt, error);
  g_autoptr (GBytes) file = tambo_file_read (path, PASSWORD_MAX_SIZE, error);
  if (file == NULL)
    return NULL;
  gsize size;
  const char *text = g_bytes_get_data (file, &size);
  const char *end = size > 0 ? memchr (text, '\n', size) : NULL;
  return tambo_secret_new (text, end != NULL ? (gsize) (end - text) : size);
}

/* ---- in and out ---- */

void tambo_cli_print_json (JsonObject *object) {
  g_autofree char *text = tambo_json_pretty (object);

  puts (text);
  json_object_unref (object);
}

void tambo_cli_end (TamboCli *cli, JsonObject *object) {
  if (cli->json)
    tambo_cli_print_json (object);
  else
    json_object_unref (object);
}

void tambo_cli_end_rows (TamboCli *cli, const char *name, JsonArray *rows) {
  JsonObject *document = json_object_new ();

  json_object_set_array_member (document, name, rows);
  tambo_cli_end (cli, document);
}

void tambo_cli_progress (const char *what, gint64 done, gint64 total) {
  if (!isatty (STDERR_FILENO))
    return;
  fprintf (stderr, "\r%s: %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "%s", what, done, total,
           done >= total ? "\n" : "");
}

JsonObject *tambo_cli_read_json (const char *path, GError **error) {
  const char *from = g_strcmp0 (path, "-") == 0 ? "/dev/stdin" : path;
  g_autoptr (GBytes) file = tambo_file_read (from, JSON_FILE_MAX_SIZE, error);
  if (file == NULL)
    return NULL;

  gsize size;
  const char *text = g_bytes_get_data (file, &size);
  return tambo_json_parse_object (text, size, error);
}
