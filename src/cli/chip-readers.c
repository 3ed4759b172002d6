/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tamboctl chip readers: what lies on them, once or as it comes and goes.
 */
#include "cli/chip-readers.h"

#include <stdio.h>

#include "base/json.h"
#include "chip/reader.h"
#include "station/card-watch.h"

static const char *interface_name (TamboReaderInterface interface) {
  static const char *const names[] = {
    [TAMBO_READER_UNKNOWN] = "unknown",
    [TAMBO_READER_CONTACTLESS] = "contactless",
    [TAMBO_READER_CONTACT] = "contact",
  };

  return names[interface];
}

static TamboExit list (TamboCli *cli) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_readers_list (&error);
  if (rows == NULL)
    return tambo_cli_fail (error, "readers not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    const TamboReaderRow *row = g_ptr_array_index (rows, i);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "name", row->name);
    json_object_set_boolean_member (object, "card_present", row->card_present);
    json_object_set_string_member (object, "interface", interface_name (row->interface));
    json_array_add_object_element (array, object);
    if (!cli->json)
      printf ("%s: %s\n", row->name, row->card_present ? "card present" : "empty");
  }
  tambo_cli_end_rows (cli, "readers", array);
  return TAMBO_EXIT_DONE;
}

/* One line for each event; with --json one document a line. */
static void on_event (TamboCardWatch *watch, const char *event, const char *reader,
                      const char *detail, gpointer data) {
  const TamboCli *cli = data;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");

  if (cli->json) {
    JsonObject *document = json_object_new ();
    json_object_set_string_member (document, "time", time);
    json_object_set_string_member (document, "event", event);
    if (reader != NULL)
      json_object_set_string_member (document, "reader", reader);
    if (detail != NULL)
      json_object_set_string_member (document, "detail", detail);
    json_object_set_string_member (
        document, "state", tambo_cards_state_to_string (tambo_card_watch_get_state (watch)));
    g_autofree char *line = tambo_json_canonical (document);
    puts (line);
    json_object_unref (document);
  } else {
    printf ("%s %s%s%s%s%s%s\n", time, event, reader != NULL ? " " : "",
            reader != NULL ? reader : "", detail != NULL ? " (" : "", detail != NULL ? detail : "",
            detail != NULL ? ")" : "");
  }
  fflush (stdout);
}

/* In the thread that waits for signals. */
static void on_cancelled (GCancellable *cancellable, gpointer loop) {
  g_main_loop_quit (loop);
}

static TamboExit watch_on (TamboCli *cli) {
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (TamboCardWatch) watch = tambo_card_watch_new ();

  g_signal_connect (watch, "event", G_CALLBACK (on_event), cli);
  gulong handler = g_cancellable_connect (cli->cancellable, G_CALLBACK (on_cancelled), loop, NULL);
  if (!g_cancellable_is_cancelled (cli->cancellable))
    g_main_loop_run (loop);
  g_cancellable_disconnect (cli->cancellable, handler);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_cli_chip_readers (TamboCli *cli, int argc, char **argv) {
  gboolean watch = FALSE;
  const GOptionEntry options[] = {
    { "watch", 0, 0, G_OPTION_ARG_NONE, &watch, "Say what comes and goes, until interrupted",
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;

  if (!tambo_cli_parse ("chip readers", "", "Card readers and what lies on them.", options, &argc,
                        &argv, &status))
    return status;
  return watch ? watch_on (cli) : list (cli);
}
