/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the commands of tamboctl share: options, the station, who asks, and how an end is told. One file
 * per command; each has one entry that takes its own words and returns the exit code.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "format/image.h"
#include "station/advice.h"
#include "station/station.h"

typedef struct {
  char *folder;              /* --station */
  gboolean json;             /* --json */
  char *operator_id;         /* --operator, TAMBO_OPERATOR, or who signed in last */
  int password_fd;           /* --password-fd; -1 */
  GCancellable *cancellable; /* set by SIGINT and SIGTERM */
} TamboCli;

typedef struct {
  const char *name;
  const char *summary;
  TamboExit (*run) (TamboCli *cli, int argc, char **argv);
} TamboCliCommand;

TamboExit tambo_command_alert (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_appointment (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_audit (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_backup (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_capture (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_capture_document (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_case (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_chip (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_deliver (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_devices (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_doctor (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_enrol (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_fingerprint (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_fingerprint_quality (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_fingerprint_segment (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_inbox (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_init (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_issue (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_lds (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_login (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_mrz (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_operator (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_outbox (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_portrait (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_procedure (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_qr (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_restore (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_stock (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_sync (TamboCli *cli, int argc, char **argv);
TamboExit tambo_command_wsq (TamboCli *cli, int argc, char **argv);

/* Parses OPTIONS of "tamboctl NAME" out of ARGV, which keeps the words that are no options (without
 * the command's own name). FALSE after --help or a mistake; *OUT_EXIT says which. */
gboolean tambo_cli_parse (const char *name, const char *parameters, const char *summary,
                          const GOptionEntry *options, int *argc, char ***argv,
                          TamboExit *out_exit);
/* "tamboctl: usage: CAUSE; NEXT ACTION". */
TamboExit tambo_cli_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* "tamboctl: WHAT: CAUSE; NEXT ACTION", and the exit code of ERROR. */
TamboExit tambo_cli_fail (const GError *error, const char *what);
/* The same where the command knows a better next action than the table. */
TamboExit tambo_cli_fail_with (const GError *error, const char *what, const char *action);

/* Runs the one of COMMANDS (ended by a row without a name) that ARGV[1] names, or says the usage. */
TamboExit tambo_cli_dispatch (TamboCli *cli, int argc, char **argv,
                              const TamboCliCommand *commands);

/* --operator or TAMBO_OPERATOR; NULL when neither was given. */
const char *tambo_cli_get_operator (TamboCli *cli);
/* A picture of any format that image-codec.h reads, up to 64 MiB. */
TamboImage *tambo_cli_read_picture (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The station of --station. */
TamboStation *tambo_cli_open (TamboCli *cli, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with the operator signed in. */
TamboStation *tambo_cli_open_signed_in (TamboCli *cli, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, with the password that opened it. */
TamboStation *tambo_cli_open_with_password (TamboCli *cli, GBytes **out_password,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From --password-fd, TAMBO_PASSWORD_FILE, or the terminal; a secret. */
GBytes *tambo_cli_read_password (TamboCli *cli, const char *prompt,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One line from FD unless it is -1, from the file PATH unless it is NULL, or from the terminal. */
GBytes *tambo_cli_read_secret (int fd, const char *path, const char *prompt,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes OBJECT. */
void tambo_cli_print_json (JsonObject *object);
/* Prints OBJECT with --json and throws it away without; takes it. */
void tambo_cli_end (TamboCli *cli, JsonObject *object);
/* The same for {NAME: [ROWS]}. */
void tambo_cli_end_rows (TamboCli *cli, const char *name, JsonArray *rows);
/* "done/total" on a terminal's standard error, nothing elsewhere. */
void tambo_cli_progress (const char *what, gint64 done, gint64 total);
/* Reads a JSON file; "-" is standard input. */
JsonObject *tambo_cli_read_json (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
