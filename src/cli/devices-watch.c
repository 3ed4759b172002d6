/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/devices-watch.h"

#include <stdio.h>

#include "base/json.h"
#include "capture/device-manager.h"
#include "station/card-watch.h"

typedef struct {
  TamboCli *cli;
  GPtrArray *known; /* the manager's devices, in its order: it does not say which have gone */
} Watch;

typedef struct {
  const char *event, *kind, *name, *state, *detail; /* DETAIL may be NULL */
} Line;

static void print_document (const char *time, const Line *line) {
  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "time", time);
  json_object_set_string_member (document, "event", line->event);
  json_object_set_string_member (document, "kind", line->kind);
  json_object_set_string_member (document, "name", line->name);
  json_object_set_string_member (document, "state", line->state);
  if (line->detail != NULL)
    json_object_set_string_member (document, "detail", line->detail);
  g_autofree char *text = tambo_json_canonical (document);
  puts (text);
  json_object_unref (document);
}

static void print_line (const TamboCli *cli, const Line *line) {
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
  gboolean detailed = line->detail != NULL && *line->detail != '\0';

  if (cli->json)
    print_document (time, line);
  else
    printf ("%s %-13s %-18s %s: %s%s%s%s\n", time, line->event, line->kind, line->name, line->state,
            detailed ? " (" : "", detailed ? line->detail : "", detailed ? ")" : "");
  fflush (stdout);
}

static void print_device (const TamboCli *cli, const char *event, TamboDevice *device) {
  const Line line = { event, tambo_device_kind_to_string (tambo_device_get_kind (device)),
                      tambo_device_get_name (device),
                      tambo_device_state_to_string (tambo_device_get_state (device)),
                      tambo_device_get_detail (device) };
  print_line (cli, &line);
}

static void on_state_changed (TamboDevice *device, GParamSpec *pspec, gpointer data) {
  const Watch *watch = data;

  /* What has gone says so once, below. */
  if (g_ptr_array_find (watch->known, device, NULL)
      && tambo_device_get_state (device) != TAMBO_DEVICE_REMOVED)
    print_device (watch->cli, "changed", device);
}

static void on_items_changed (GListModel *devices, guint position, guint removed, guint added,
                              gpointer data) {
  Watch *watch = data;

  for (guint i = 0; i < removed; i++) {
    TamboDevice *device = watch->known->pdata[position + i];
    g_signal_handlers_disconnect_by_data (device, watch);
    print_device (watch->cli, "removed", device);
  }
  g_ptr_array_remove_range (watch->known, position, removed);
  for (guint i = position; i < position + added; i++) {
    TamboDevice *device = g_list_model_get_item (devices, i);
    g_ptr_array_insert (watch->known, (int) i, device);
    g_signal_connect (device, "notify::state", G_CALLBACK (on_state_changed), watch);
    print_device (watch->cli, "added", device);
  }
}

static void on_card_event (TamboCardWatch *cards, const char *event, const char *reader,
                           const char *detail, gpointer data) {
  const Watch *watch = data;
  const Line line = { event, "card-reader", reader != NULL ? reader : "PC/SC",
                      tambo_cards_state_to_string (tambo_card_watch_get_state (cards)), detail };
  print_line (watch->cli, &line);
}

/* In the thread that waits for signals. */
static void on_cancelled (GCancellable *cancellable, gpointer loop) {
  g_main_loop_quit (loop);
}

static void forget (gpointer device, gpointer watch) {
  g_signal_handlers_disconnect_by_data (device, watch);
}

TamboExit tambo_cli_devices_watch (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("devices watch", "",
                        "Says which devices come, go and change, until interrupted.", NULL, &argc,
                        &argv, &status))
    return status;

  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GPtrArray) known = g_ptr_array_new_with_free_func (g_object_unref);
  Watch watch = { cli, known };
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (TamboCardWatch) cards = tambo_card_watch_new ();

  g_signal_connect (manager, "items-changed", G_CALLBACK (on_items_changed), &watch);
  g_signal_connect (cards, "event", G_CALLBACK (on_card_event), &watch);
  tambo_device_manager_watch (manager);
  gulong handler = g_cancellable_connect (cli->cancellable, G_CALLBACK (on_cancelled), loop, NULL);
  if (!g_cancellable_is_cancelled (cli->cancellable))
    g_main_loop_run (loop);
  g_cancellable_disconnect (cli->cancellable, handler);
  g_signal_handlers_disconnect_by_data (manager, &watch);
  g_signal_handlers_disconnect_by_data (cards, &watch);
  g_ptr_array_foreach (known, forget, &watch);
  return TAMBO_EXIT_DONE;
}
