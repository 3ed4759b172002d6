/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "capture/device-manager.h"
#include "chip/reader.h"
#include "cli/devices-watch.h"

static void add_row (TamboCli *cli, JsonArray *array, const char *kind, const char *name,
                     const char *driver, const char *state, const char *detail) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", kind);
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "driver", driver);
  json_object_set_string_member (object, "state", state);
  json_object_set_string_member (object, "detail", detail);
  json_array_add_object_element (array, object);
  if (!cli->json)
    printf ("%-18s %-36s %-14s %-13s %s\n", kind, name, driver, state, detail);
}

static void add_capture_devices (TamboCli *cli, JsonArray *array, TamboDeviceManager *manager) {
  guint n = g_list_model_get_n_items (G_LIST_MODEL (manager));

  for (guint i = 0; i < n; i++) {
    g_autoptr (TamboDevice) device = g_list_model_get_item (G_LIST_MODEL (manager), i);
    add_row (cli, array, tambo_device_kind_to_string (tambo_device_get_kind (device)),
             tambo_device_get_name (device), tambo_device_get_driver (device),
             tambo_device_state_to_string (tambo_device_get_state (device)),
             tambo_device_get_detail (device));
  }
}

/* A missing pcscd is a row, not a failure: the other devices are there all the same. */
static void add_card_readers (TamboCli *cli, JsonArray *array) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_readers_list (&error);

  if (rows == NULL)
    add_row (cli, array, "card-reader", "PC/SC", "pcsc", "failed", error->message);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const TamboReaderRow *row = g_ptr_array_index (rows, i);
    add_row (cli, array, "card-reader", row->name, "pcsc", "ready",
             row->card_present ? "card present" : "empty");
  }
}

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("devices list", "", "Lists the devices and their states.", NULL, &argc,
                        &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  if (!tambo_device_manager_scan (manager, cli->cancellable, &error))
    return tambo_cli_fail (error, "devices not listed");

  JsonArray *array = json_array_new ();
  add_capture_devices (cli, array, manager);
  add_card_readers (cli, array);
  tambo_cli_end_rows (cli, "devices", array);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_devices (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "list", NULL, list },
    { "watch", NULL, tambo_cli_devices_watch },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
