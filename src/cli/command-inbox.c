/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/headquarters.h"

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("inbox list", "", "Lists what headquarters sent.", NULL, &argc, &argv,
                        &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GPtrArray) rows =
      station != NULL ? tambo_headquarters_list_inbox (station, &error) : NULL;
  if (rows == NULL)
    return tambo_cli_fail (error, "inbox not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    const TamboInboxRow *row = g_ptr_array_index (rows, i);
    JsonObject *object = json_object_new ();
    json_object_set_int_member (object, "number", row->number);
    json_object_set_string_member (object, "id", row->id);
    json_object_set_string_member (object, "kind", row->kind);
    json_object_set_string_member (object, "state", row->state);
    json_object_set_string_member (object, "received_at", row->received_at);
    if (row->case_id != NULL)
      json_object_set_string_member (object, "case", row->case_id);
    json_array_add_object_element (array, object);
    if (!cli->json)
      printf ("%4" G_GINT64_FORMAT "  %s  %-8s %-5s %s\n", row->number, row->id, row->kind,
              row->state, row->received_at);
  }
  tambo_cli_end_rows (cli, "messages", array);
  return TAMBO_EXIT_DONE;
}

static TamboExit show_order (TamboStation *station, const char *id) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOrder) order = tambo_headquarters_open_order (station, id, &error);
  if (order == NULL)
    return tambo_cli_fail (error, "order not shown");

  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "id", order->id);
  json_object_set_string_member (object, "state", order->state);
  json_object_set_string_member (object, "case", order->case_id);
  json_object_set_string_member (object, "tracking_number", order->tracking_number);
  json_object_set_string_member (object, "procedure", order->procedure_id);
  json_object_set_string_member (object, "document_type", order->document_type);
  json_object_set_string_member (object, "document_number", order->document_number);
  json_object_set_string_member (object, "holder", order->holder);
  json_object_set_string_member (object, "mrz", order->mrz);
  if (order->expiry_date != NULL)
    json_object_set_string_member (object, "expiry_date", order->expiry_date);
  if (order->verification_code != NULL)
    json_object_set_string_member (object, "verification_code", order->verification_code);
  if (order->verification_url != NULL)
    json_object_set_string_member (object, "verification_url", order->verification_url);
  tambo_cli_print_json (object);
  return TAMBO_EXIT_DONE;
}

static TamboExit show_notice (TamboStation *station, const TamboInboxRow *row) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboNotice) notice = tambo_headquarters_open_notice (station, row->id, &error);
  if (notice == NULL)
    return tambo_cli_fail (error, "message not shown");

  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "id", notice->id);
  json_object_set_string_member (object, "kind", notice->kind);
  json_object_set_string_member (object, "state", row->state);
  json_object_set_string_member (object, g_str_equal (row->kind, "failure") ? "record" : "case",
                                 notice->about);
  json_object_set_string_member (object, "reason", notice->reason);
  if (*notice->recapture != NULL) {
    JsonArray *slots = json_array_new ();
    for (gsize i = 0; notice->recapture[i] != NULL; i++)
      json_array_add_string_element (slots, notice->recapture[i]);
    json_object_set_array_member (object, "recapture", slots);
    json_object_set_string_member (object, "next",
                                   "call the applicant, and capture these anew in a new case");
  }
  tambo_cli_print_json (object);
  return TAMBO_EXIT_DONE;
}

static TamboExit show (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("inbox show", "ID", "Shows an order, or why there is none.", NULL, &argc,
                        &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the message's ID is needed");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  g_autoptr (TamboInboxRow) row =
      station != NULL ? tambo_headquarters_get_message (station, argv[1], &error) : NULL;
  if (row == NULL)
    return tambo_cli_fail (error, "message not shown");
  return g_str_equal (row->kind, "order") ? show_order (station, row->id)
                                          : show_notice (station, row);
}

TamboExit tambo_command_inbox (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "list", NULL, list },
    { "show", NULL, show },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
