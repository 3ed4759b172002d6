/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command line of tambo-hq: one function for each command. Exit codes: 0 done, 1 failed, 2 usage,
 * 3 refused by a rule, 5 integrity. Failures are one line on standard error.
 */
#pragma once

#include "hq/headquarters.h"

enum {
  TAMBO_EXIT_DONE = 0,
  TAMBO_EXIT_FAILED = 1,
  TAMBO_EXIT_USAGE = 2,
  TAMBO_EXIT_REFUSED = 3,
  TAMBO_EXIT_DEVICE = 4,
  TAMBO_EXIT_INTEGRITY = 5,
};

/* A command's words and options, after parsing. */
typedef struct {
  const char *name; /* "station invite" */
  char **words;     /* positional, DIR first; NULL-terminated */
  gboolean is_json;
} TamboCommandLine;

/* Prints "tambo-hq: WHAT FAILED: CAUSE; NEXT ACTION" and gives the exit code. */
int tambo_command_fail (const char *what, const GError *error);
/* Parses ENTRIES (NULL for none) and --json; N_WORDS positional words have to be left, named by USAGE.
 * FALSE when *OUT_EXIT is to be returned. */
gboolean tambo_command_line_parse (int argc, char **argv, const GOptionEntry *entries, int n_words,
                                   const char *usage, TamboCommandLine *out_line, int *out_exit);
void tambo_command_line_clear (TamboCommandLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboCommandLine, tambo_command_line_clear)
void tambo_command_print (JsonObject *object); /* takes it */
/* {NAME: ROWS} with --json; ROWS is TAKEN over. */
void tambo_command_end_rows (const TamboCommandLine *line, const char *name, JsonArray *rows);
/* A whole command "WHAT": words DIR and what USAGE says, and ACT on it. */
typedef gboolean (*TamboCommandAct) (TamboHq *hq, const char *word, GError **error);
int tambo_command_act_on (int argc, char **argv, const char *what, const char *usage,
                          TamboCommandAct act);

/* What programs that stay do first, and last. */
void tambo_command_forbid_core_dumps (void);
void tambo_command_run_until_signal (void);

/* argv[0] is the command's name. */
int tambo_command_init (int argc, char **argv);
int tambo_command_serve (int argc, char **argv);
int tambo_command_decide (int argc, char **argv);
int tambo_command_import (int argc, char **argv);
int tambo_command_station_invite (int argc, char **argv);
int tambo_command_station_list (int argc, char **argv);
int tambo_command_station_gaps (int argc, char **argv);
int tambo_command_station_revoke (int argc, char **argv);
int tambo_command_station_accept_restore (int argc, char **argv);
int tambo_command_case_list (int argc, char **argv);
int tambo_command_case_show (int argc, char **argv);
int tambo_command_case_decide (int argc, char **argv);
int tambo_command_order_list (int argc, char **argv);
int tambo_command_alarm_list (int argc, char **argv);
int tambo_command_report (int argc, char **argv);
int tambo_command_ca_export (int argc, char **argv);
int tambo_command_ca_signer (int argc, char **argv);
int tambo_command_ca_split (int argc, char **argv);
int tambo_command_connector_list (int argc, char **argv);
int tambo_command_connector_set (int argc, char **argv);
int tambo_command_connector_remove (int argc, char **argv);
int tambo_command_connector_test (int argc, char **argv);
int tambo_command_ca_envelope (int argc, char **argv);
int tambo_command_web (int argc, char **argv);
int tambo_command_osia_token (int argc, char **argv);
int tambo_command_person_add (int argc, char **argv);
int tambo_command_person_list (int argc, char **argv);
int tambo_command_person_password (int argc, char **argv);
int tambo_command_person_disable (int argc, char **argv);
int tambo_command_order_annul (int argc, char **argv);
int tambo_command_slot_open (int argc, char **argv);
int tambo_command_slot_list (int argc, char **argv);
int tambo_command_appointment_add (int argc, char **argv);
int tambo_command_appointment_list (int argc, char **argv);
int tambo_command_appointment_cancel (int argc, char **argv);
int tambo_command_alert_add (int argc, char **argv);
int tambo_command_alert_list (int argc, char **argv);
int tambo_command_alert_withdraw (int argc, char **argv);
int tambo_command_procedure_publish (int argc, char **argv);
int tambo_command_procedure_list (int argc, char **argv);
int tambo_command_reference_put (int argc, char **argv);
int tambo_command_reference_list (int argc, char **argv);
int tambo_command_reference_remove (int argc, char **argv);
