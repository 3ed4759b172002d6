/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/token.h"
#include "hq/commands.h"

typedef struct {
  const char *name, *summary;
  int (*run) (int argc, char **argv);
} Command;

static const Command commands[] = {
  { "init", "make a headquarters in DIR", tambo_command_init },
  { "serve", "take records in and answer stations", tambo_command_serve },
  { "decide", "judge the records that wait", tambo_command_decide },
  { "import", "take in a bundle that came on a stick", tambo_command_import },
  { "station invite", "a token for one registration", tambo_command_station_invite },
  { "station list", "the stations and what is missing from them", tambo_command_station_list },
  { "station gaps", "the numbers that never came", tambo_command_station_gaps },
  { "station revoke", "shut a station out", tambo_command_station_revoke },
  { "station accept-restore", "go on with a station that was restored from a backup",
    tambo_command_station_accept_restore },
  { "case list", "the cases and their states", tambo_command_case_list },
  { "case show", "one case", tambo_command_case_show },
  { "case decide", "accept or refuse a pending case", tambo_command_case_decide },
  { "order list", "the issuance orders", tambo_command_order_list },
  { "order annul", "say that a document is good no more", tambo_command_order_annul },
  { "alarm list", "what a person has to look at", tambo_command_alarm_list },
  { "report", "stations, records, cases, orders, alarms and blanks, in numbers",
    tambo_command_report },
  { "ca export", "certificates for stations and borders", tambo_command_ca_export },
  { "ca envelope", "the next key that records are sealed for", tambo_command_ca_envelope },
  { "ca signer", "another document signer, in a file or a token", tambo_command_ca_signer },
  { "web", "the pages of headquarters, of everybody and for other systems", tambo_command_web },
  { "person add", "somebody who may sign in at the pages", tambo_command_person_add },
  { "person list", "who may sign in", tambo_command_person_list },
  { "person password", "another password for somebody", tambo_command_person_password },
  { "person disable", "shut somebody out", tambo_command_person_disable },
  { "slot open", "the places of an office on a day", tambo_command_slot_open },
  { "slot list", "the places that are free", tambo_command_slot_list },
  { "appointment add", "book a place for a person", tambo_command_appointment_add },
  { "appointment list", "who has which place", tambo_command_appointment_list },
  { "appointment cancel", "give a place back", tambo_command_appointment_cancel },
  { "alert add", "warn clerks of a document or a person", tambo_command_alert_add },
  { "alert list", "what clerks are warned of", tambo_command_alert_list },
  { "alert withdraw", "warn of it no more", tambo_command_alert_withdraw },
  { "procedure publish", "a new version of a procedure, for the stations",
    tambo_command_procedure_publish },
  { "procedure list", "the versions that were published", tambo_command_procedure_list },
  { "reference put", "other data that stations work with", tambo_command_reference_put },
  { "reference list", "what there is of a kind", tambo_command_reference_list },
  { "reference remove", "take an item back", tambo_command_reference_remove },
  { "osia token", "let another system ask", tambo_command_osia_token },
  { "ca split", "the keys of who decides become another user's", tambo_command_ca_split },
  { "connector list", "the services of others that are asked", tambo_command_connector_list },
  { "connector set", "set a service up, or change it", tambo_command_connector_set },
  { "connector remove", "ask a service no more", tambo_command_connector_remove },
  { "connector test", "whether a service answers as it should", tambo_command_connector_test },
};

static const char *next_action (const GError *error) {
  if (g_error_matches (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_EXISTS))
    return "choose another folder";
  if (g_error_matches (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND))
    return "look it up with the list command";
  if (g_error_matches (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE))
    return "look at its state with the list or show command";
  if (g_error_matches (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID))
    return "correct the value and try again";
  if (g_error_matches (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE))
    return "see that it runs and can be reached, then try again";
  if (error->domain == TAMBO_TOKEN_ERROR)
    return "look after the token, its PIN (pin-source or TAMBO_PIN_FILE) and its URI";
  if (g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NO_SPACE))
    return "free disk space and try again";
  if (g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_PERMISSION))
    return "run it as the owner of the folder";
  return "see that DIR is a folder made by 'tambo-hq init' and that its disk works";
}

static int exit_for (const GError *error) {
  if (error->domain == TAMBO_HQ_ERROR) {
    if (error->code == TAMBO_HQ_ERROR_INTEGRITY)
      return TAMBO_EXIT_INTEGRITY;
    if (error->code == TAMBO_HQ_ERROR_STATE || error->code == TAMBO_HQ_ERROR_EXISTS)
      return TAMBO_EXIT_REFUSED;
    if (error->code == TAMBO_HQ_ERROR_INVALID)
      return TAMBO_EXIT_USAGE;
  }
  if (error->domain == TAMBO_TOKEN_ERROR)
    return error->code == TAMBO_TOKEN_ERROR_URI ? TAMBO_EXIT_USAGE
           : error->code == TAMBO_TOKEN_ERROR_NO_MODULE || error->code == TAMBO_TOKEN_ERROR_NO_TOKEN
               ? TAMBO_EXIT_DEVICE
               : TAMBO_EXIT_REFUSED;
  if (g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY)
      || g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY))
    return TAMBO_EXIT_INTEGRITY;
  return TAMBO_EXIT_FAILED;
}

int tambo_command_fail (const char *what, const GError *error) {
  g_printerr ("tambo-hq: %s: %s; %s\n", what, error->message, next_action (error));
  return exit_for (error);
}

void tambo_command_line_clear (TamboCommandLine *line) {
  g_clear_pointer (&line->words, g_strfreev);
}

int tambo_command_act_on (int argc, char **argv, const char *what, const char *usage,
                          TamboCommandAct act) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, usage, &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  if (hq == NULL || !act (hq, line.words[1], &error))
    return tambo_command_fail (what, error);
  return TAMBO_EXIT_DONE;
}

void tambo_command_print (JsonObject *object) {
  g_autofree char *text = tambo_json_pretty (object);

  g_print ("%s\n", text);
  json_object_unref (object);
}

void tambo_command_end_rows (const TamboCommandLine *line, const char *name, JsonArray *rows) {
  JsonObject *object;

  if (!line->is_json) {
    json_array_unref (rows);
    return;
  }
  object = json_object_new ();
  json_object_set_array_member (object, name, rows);
  tambo_command_print (object);
}

static GOptionContext *context_for (const char *name, const char *usage,
                                    const GOptionEntry *entries, TamboCommandLine *line,
                                    char ***words) {
  const GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &line->is_json, "Print one JSON document", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, words, NULL, NULL },
    { NULL }
  };
  g_autofree char *parameters = g_strdup_printf ("%s %s", name, usage);
  GOptionContext *context = g_option_context_new (parameters);

  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common, NULL);
  return context;
}

gboolean tambo_command_line_parse (int argc, char **argv, const GOptionEntry *entries, int n_words,
                                   const char *usage, TamboCommandLine *out_line, int *out_exit) {
  g_auto (TamboCommandLine) line = { .name = argv[0] };
  g_autoptr (GOptionContext) context = context_for (argv[0], usage, entries, &line, &line.words);
  g_autoptr (GError) error = NULL;
  int n;

  g_set_prgname ("tambo-hq");
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("tambo-hq: %s: %s; see 'tambo-hq %s --help'\n", line.name, error->message,
                line.name);
    *out_exit = TAMBO_EXIT_USAGE;
    return FALSE;
  }
  n = line.words != NULL ? (int) g_strv_length (line.words) : 0;
  if (n != n_words) {
    g_printerr ("tambo-hq: %s: %d arguments were given; the usage is 'tambo-hq %s %s'\n", line.name,
                n, line.name, usage);
    *out_exit = TAMBO_EXIT_USAGE;
    return FALSE;
  }
  *out_line = line;
  line.words = NULL;
  return TRUE;
}

static void print_usage (GString *text) {
  g_string_append (text, "Usage: tambo-hq [--json] COMMAND DIR [OPTION…]\n\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %-16s %s\n", commands[i].name, commands[i].summary);
  g_string_append (text, "\nEvery command takes --help.\n");
}

/* The command that ARGV begins with, and how many words name it. */
static const Command *find_command (int argc, char **argv, int *out_words) {
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_auto (GStrv) words = g_strsplit (commands[i].name, " ", -1);
    int n = (int) g_strv_length (words);
    gboolean is_it = argc >= n;

    for (int k = 0; is_it && k < n; k++)
      is_it = strcmp (argv[k], words[k]) == 0;
    if (is_it) {
      *out_words = n;
      return &commands[i];
    }
  }
  return NULL;
}

/* "--json" may stand before the command, too: it is moved behind. */
static int run_command (const Command *command, int argc, char **argv, gboolean is_json) {
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();

  g_ptr_array_add (arguments, (char *) command->name);
  for (int i = 0; i < argc; i++)
    g_ptr_array_add (arguments, argv[i]);
  if (is_json)
    g_ptr_array_insert (arguments, 1, (char *) "--json");
  g_ptr_array_add (arguments, NULL);
  return command->run ((int) arguments->len - 1, (char **) arguments->pdata);
}

int main (int argc, char **argv) {
  g_autoptr (GString) usage = g_string_new (NULL);
  gboolean is_json = argc > 1 && strcmp (argv[1], "--json") == 0;
  int skipped = is_json ? 2 : 1, words = 0;
  const Command *command;

  setlocale (LC_ALL, "");
  print_usage (usage);
  if (argc > skipped && strcmp (argv[skipped], "--help") == 0) {
    g_print ("%s", usage->str);
    return TAMBO_EXIT_DONE;
  }
  command = find_command (argc - skipped, argv + skipped, &words);
  if (command == NULL) {
    g_printerr ("tambo-hq: the command line: no such command; see 'tambo-hq --help'\n");
    return TAMBO_EXIT_USAGE;
  }
  return run_command (command, argc - skipped - words, argv + skipped + words, is_json);
}
