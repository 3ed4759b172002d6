/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "hq/commands.h"
#include "hq/document-code.h"
#include "hq/web-people.h"

#define MAX_PASSWORD 2048

/* ---- passwords ---- */

/* Up to the end of the line, or of what there is. */
static GBytes *read_line (int fd, GError **error) {
  char line[MAX_PASSWORD];
  gsize size = 0;
  GBytes *password;

  while (size < sizeof line) {
    gssize n = read (fd, line + size, 1);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      tambo_secret_wipe (line, sizeof line);
      tambo_error_set_errno (error, errno, "the password");
      return NULL;
    }
    if (n == 0 || line[size] == '\n')
      break;
    size++;
  }
  password = tambo_secret_new (line, size);
  tambo_secret_wipe (line, sizeof line);
  return password;
}

static GBytes *ask (const char *name, GError **error) {
  struct termios before, quiet;
  GBytes *password;

  if (tcgetattr (STDIN_FILENO, &before) != 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "there is no terminal to ask for the password, no TAMBO_PASSWORD_FILE and"
                         " no --password-fd");
    return NULL;
  }
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t) ECHO;
  fprintf (stderr, "Password of %s: ", name);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  password = read_line (STDIN_FILENO, error);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  fputc ('\n', stderr);
  return password;
}

static GBytes *read_password (int fd, const char *name, GError **error) {
  const char *path = g_getenv ("TAMBO_PASSWORD_FILE");
  g_autoptr (GBytes) file = NULL;
  gsize size;
  const char *text, *end;

  if (fd >= 0)
    return read_line (fd, error);
  if (path == NULL)
    return ask (name, error);
  file = tambo_file_read (path, MAX_PASSWORD, error);
  if (file == NULL)
    return NULL;
  text = g_bytes_get_data (file, &size);
  end = size > 0 ? memchr (text, '\n', size) : NULL;
  return tambo_secret_new (text, end != NULL ? (gsize) (end - text) : size);
}

/* ---- people ---- */

static gboolean read_role (const char *text, TamboPersonRole *out_role) {
  if (text != NULL && tambo_person_role_from_string (text, out_role))
    return TRUE;
  g_printerr ("tambo-hq: person add: the role is neither viewer nor supervisor; say --role"
              " viewer or --role supervisor\n");
  return FALSE;
}

int tambo_command_person_add (int argc, char **argv) {
  g_autofree char *role_name = NULL;
  int password_fd = -1;
  const GOptionEntry entries[] = { { "role", 0, 0, G_OPTION_ARG_STRING, &role_name,
                                     "viewer or supervisor", "ROLE" },
                                   { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
                                     "Read the password from descriptor N", "N" },
                                   { NULL } };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GBytes) password = NULL;
  TamboPersonRole role;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 2, "DIR NAME --role ROLE", &line, &result))
    return result;
  if (!read_role (role_name, &role))
    return TAMBO_EXIT_USAGE;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  password = hq != NULL ? read_password (password_fd, line.words[1], &error) : NULL;
  if (password == NULL || !tambo_people_add (hq, line.words[1], role, password, &error))
    return tambo_command_fail ("person add", error);
  return TAMBO_EXIT_DONE;
}

int tambo_command_person_password (int argc, char **argv) {
  int password_fd = -1;
  const GOptionEntry entries[] = { { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
                                     "Read the password from descriptor N", "N" },
                                   { NULL } };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GBytes) password = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 2, "DIR NAME", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  password = hq != NULL ? read_password (password_fd, line.words[1], &error) : NULL;
  if (password == NULL || !tambo_people_set_password (hq, line.words[1], password, &error))
    return tambo_command_fail ("person password", error);
  return TAMBO_EXIT_DONE;
}

int tambo_command_person_disable (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR NAME", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  if (hq == NULL || !tambo_people_disable (hq, line.words[1], &error))
    return tambo_command_fail ("person disable", error);
  return TAMBO_EXIT_DONE;
}

static JsonArray *read_people (TamboHq *hq, GError **error) {
  g_autoptr (JsonArray) people = json_array_new ();
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error, "SELECT name, role, state, changed_at FROM people ORDER BY name", "");
  static const char *const members[] = { "name", "role", "state", "changed_at" };

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause)) {
    JsonObject *person = json_object_new ();

    for (int i = 0; i < 4; i++)
      json_object_set_string_member (person, members[i], tambo_query_text (query, i));
    json_array_add_object_element (people, person);
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&people);
}

int tambo_command_person_list (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (JsonArray) people = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 1, "DIR", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  people = hq != NULL ? read_people (hq, &error) : NULL;
  if (people == NULL)
    return tambo_command_fail ("person list", error);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_array_member (object, "people", g_steal_pointer (&people));
    tambo_command_print (object);
    return TAMBO_EXIT_DONE;
  }
  for (guint i = 0; i < json_array_get_length (people); i++) {
    JsonObject *person = json_array_get_object_element (people, i);

    g_print ("%-32s %-10s %s\n", json_object_get_string_member (person, "name"),
             json_object_get_string_member (person, "role"),
             json_object_get_string_member (person, "state"));
  }
  return TAMBO_EXIT_DONE;
}

/* ---- documents ---- */

int tambo_command_order_annul (int argc, char **argv) {
  g_autofree char *person = NULL;
  const GOptionEntry entries[] = {
    { "person", 0, 0, G_OPTION_ARG_STRING, &person, "Who says so", "NAME" }, { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 2, "DIR ORDER [--person NAME]", &line,
                                 &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  if (hq == NULL
      || !tambo_document_annul (hq, line.words[1], person != NULL ? person : g_get_user_name (),
                                NULL, &error))
    return tambo_command_fail ("order annul", error);
  return TAMBO_EXIT_DONE;
}
