/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "hq/commands.h"
#include "hq/envelope-keys.h"

/* Longer than a station is without a connection. */
#define DAYS 30
#define MAX_DAYS 3650

int tambo_command_ca_envelope (int argc, char **argv) {
  int days = DAYS;
  g_autofree char *uri = NULL;
  const GOptionEntry entries[] = { { "days", 0, 0, G_OPTION_ARG_INT, &days,
                                     "Stations use it in so many days; 30", "N" },
                                   { "key", 0, 0, G_OPTION_ARG_STRING, &uri,
                                     "P-256 key in a token; without it one is made", "pkcs11:URI" },
                                   { NULL } };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autofree char *from = NULL;
  g_autofree char *id = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR [--days N] [--key pkcs11:URI]", &line,
                                 &result))
    return result;
  if (days < 0 || days > MAX_DAYS) {
    g_printerr ("tambo-hq: ca envelope: --days is 0 to %d; see 'tambo-hq ca envelope --help'\n",
                MAX_DAYS);
    return TAMBO_EXIT_USAGE;
  }
  from = tambo_clock_format (tambo_clock_now_unix () + (gint64) days * 24 * 3600);
  hq = tambo_hq_open_as (TAMBO_HQ_DECIDER, line.words[0], NULL, NULL, &error);
  id = hq != NULL ? tambo_hq_announce_envelope_key (hq, from, uri, &error) : NULL;
  if (id == NULL)
    return tambo_command_fail ("ca envelope", error);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "key", id);
    json_object_set_string_member (object, "from", from);
    tambo_command_print (object);
  } else {
    g_print ("%s from %s on; keep all of them\n", id, from);
  }
  return TAMBO_EXIT_DONE;
}
