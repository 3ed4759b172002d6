/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The second person of a command that wants two: --second NAME (or TAMBO_SECOND), with the password from
 * --second-password-fd, the file that TAMBO_SECOND_PASSWORD_FILE names, or the terminal.
 */
#pragma once

#include "cli/cli.h"

typedef struct {
  char *id;        /* NULL: nobody was named */
  int password_fd; /* -1 */
} TamboCliSecond;

void tambo_cli_second_clear (TamboCliSecond *second);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboCliSecond, tambo_cli_second_clear)

#define TAMBO_CLI_SECOND_INIT                                                                      \
  { NULL, -1 }

/* The options, for a table of GOptionEntry. */
#define TAMBO_CLI_SECOND_OPTIONS(second)                                                           \
  { "second", 0, 0, G_OPTION_ARG_STRING, &(second).id, "The second person", "ID" }, {              \
    "second-password-fd", 0, 0, G_OPTION_ARG_INT, &(second).password_fd,                           \
        "Read the second person's password from this descriptor", "N"                              \
  }

/* Who was named; NULL when nobody was. */
const char *tambo_cli_second_id (const TamboCliSecond *second);
GBytes *tambo_cli_second_read_password (const TamboCliSecond *second,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Brings the second person to the desk; nothing when nobody was named. */
gboolean tambo_cli_bring_second (const TamboCliSecond *second, TamboStation *station,
                                 GError **error);
/* tambo_cli_open_signed_in, and the second person. */
TamboStation *tambo_cli_open_with_second (TamboCli *cli, const TamboCliSecond *second,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
