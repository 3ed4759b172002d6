/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/bundle.h"
#include "station/headquarters.h"
#include "station/retention.h"

static JsonObject *row_to_json (const TamboOutboxRow *row) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", row->id);
  json_object_set_string_member (object, "kind", row->kind);
  json_object_set_int_member (object, "sequence", row->sequence);
  json_object_set_string_member (object, "state", tambo_outbox_state_to_string (row->state));
  json_object_set_string_member (object, "sha256", row->sha256);
  json_object_set_int_member (object, "size", row->size);
  json_object_set_string_member (object, "queued_at", row->queued_at);
  json_object_set_int_member (object, "attempts", row->attempts);
  if (row->last_error != NULL)
    json_object_set_string_member (object, "last_error", row->last_error);
  json_object_set_boolean_member (object, "receipt", row->receipt != NULL);
  return object;
}

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("outbox list", "", "Lists the records for headquarters and their states.",
                        NULL, &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GPtrArray) rows =
      station != NULL ? tambo_headquarters_list_outbox (station, &error) : NULL;
  if (rows == NULL)
    return tambo_cli_fail (error, "outbox not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = g_ptr_array_index (rows, i);
    json_array_add_object_element (array, row_to_json (row));
    if (!cli->json)
      printf ("%4" G_GINT64_FORMAT "  %s  %-9s %-12s %8" G_GINT64_FORMAT " bytes  %s\n",
              row->sequence, row->id, row->kind, tambo_outbox_state_to_string (row->state),
              row->size, row->last_error != NULL ? row->last_error : "");
  }
  tambo_cli_end_rows (cli, "records", array);
  return TAMBO_EXIT_DONE;
}

static TamboExit show (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("outbox show", "ID", "Shows a record and its receipt.", NULL, &argc, &argv,
                        &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the record's ID is needed");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (TamboOutboxRow) row =
      station != NULL ? tambo_headquarters_get_record (station, argv[1], &error) : NULL;
  if (row == NULL)
    return tambo_cli_fail (error, "record not shown");
  JsonObject *object = row_to_json (row);
  if (row->receipt != NULL)
    json_object_set_string_member (object, "receipt_text", row->receipt);
  tambo_cli_print_json (object);
  return TAMBO_EXIT_DONE;
}

static TamboExit verify (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("outbox verify", "",
                        "Checks hashes, signatures and the chain of all sealed records.", NULL,
                        &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  guint records;
  if (station == NULL || !tambo_headquarters_verify_outbox (station, &records, &error))
    return tambo_cli_fail (error, "outbox does not hold");
  JsonObject *document = json_object_new ();
  json_object_set_int_member (document, "records", records);
  if (!cli->json)
    printf ("%u sealed records hold: hashes, signatures and chain\n", records);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit retry (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("outbox retry", "ID", "Queues a record again that was set aside.", NULL,
                        &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the record's ID is needed");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL || !tambo_headquarters_retry (station, argv[1], &error))
    return tambo_cli_fail (error, "record not queued again");
  return TAMBO_EXIT_DONE;
}

static TamboExit purge (TamboCli *cli, int argc, char **argv) {
  gboolean dry_run = FALSE;
  const GOptionEntry options[] = {
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "Only say what would go", NULL },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("outbox purge", "",
                        "Lets go what headquarters has had for the retention time.", options, &argc,
                        &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  TamboRetentionResult result = { 0 };
  if (station == NULL || !tambo_retention_purge (station, dry_run, &result, &error))
    return tambo_cli_fail (error, "outbox not purged");
  JsonObject *document = json_object_new ();
  json_object_set_int_member (document, "records", result.records);
  json_object_set_int_member (document, "bytes", result.bytes);
  json_object_set_int_member (document, "cases", result.cases);
  json_object_set_boolean_member (document, "dry_run", dry_run);
  if (!cli->json)
    printf ("%u records of %" G_GINT64_FORMAT " bytes and what was left of %u cases %s\n",
            result.records, result.bytes, result.cases, dry_run ? "would go" : "purged");
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit show_retention (TamboCli *cli) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  guint days;
  if (station == NULL || !tambo_retention_get_days (station, &days, &error))
    return tambo_cli_fail (error, "retention time not shown");
  JsonObject *document = json_object_new ();
  json_object_set_int_member (document, "days", days);
  if (!cli->json)
    printf ("%u days\n", days);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit retention (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  guint64 days;
  if (!tambo_cli_parse ("outbox retention", "[DAYS]",
                        "For how long a record stays after its receipt.", NULL, &argc, &argv,
                        &status))
    return status;
  if (argc == 1)
    return show_retention (cli);
  if (argc != 2
      || !g_ascii_string_to_unsigned (argv[1], 10, 0, TAMBO_RETENTION_MAX_DAYS, &days, NULL))
    return tambo_cli_usage ("DAYS is 0 to %d", TAMBO_RETENTION_MAX_DAYS);

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL || !tambo_retention_set_days (station, (guint) days, &error))
    return tambo_cli_fail (error, "retention time not set");
  return TAMBO_EXIT_DONE;
}

static TamboExit export_bundle (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("outbox export", "DIR",
                        "Copies all that waits, sealed and signed, onto a stick.", NULL, &argc,
                        &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the folder DIR is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_auto (TamboBundleExport) result = { 0 };
  if (station == NULL || !tambo_bundle_export (station, argv[1], &result, &error))
    return tambo_cli_fail (error, "bundle not exported");
  JsonObject *document = json_object_new ();
  JsonArray *bundles = json_array_new ();
  for (guint i = 0; i < result.paths->len; i++) {
    json_array_add_string_element (bundles, result.paths->pdata[i]);
    if (!cli->json)
      printf ("%s\n", (char *) result.paths->pdata[i]);
  }
  json_object_set_int_member (document, "records", result.records);
  json_object_set_int_member (document, "bytes", result.bytes);
  json_object_set_array_member (document, "bundles", bundles);
  if (!cli->json)
    printf ("%u records of %" G_GINT64_FORMAT " bytes, read back and found the same\n",
            result.records, result.bytes);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit take_receipts (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("outbox receipts", "FILE",
                        "Takes the receipts that came back in a bundle, or in a file.", NULL, &argc,
                        &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the FILE of receipts, or the bundle's folder, is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  TamboBundleReceipts result = { 0 };
  if (station == NULL || !tambo_bundle_take_receipts (station, argv[1], &result, &error))
    return tambo_cli_fail (error, "receipts not taken");
  JsonObject *document = json_object_new ();
  json_object_set_int_member (document, "taken", result.taken);
  json_object_set_int_member (document, "known", result.known);
  if (!cli->json)
    printf ("%u receipts taken, %u were known\n", result.taken, result.known);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_outbox (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "list", NULL, list },
    { "show", NULL, show },
    { "verify", NULL, verify },
    { "retry", NULL, retry },
    { "purge", NULL, purge },
    { "retention", NULL, retention },
    { "export", NULL, export_bundle },
    { "receipts", NULL, take_receipts },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
