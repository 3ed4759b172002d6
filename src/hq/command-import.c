/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/bundle.h"
#include "hq/commands.h"

static void report (const TamboHqImport *import, gboolean is_json) {
  JsonObject *object;

  if (!is_json) {
    g_print ("%s: %u records taken, %u known, %u refused; the receipts lie in the bundle\n",
             import->station, import->taken, import->known, import->refused);
    return;
  }
  object = json_object_new ();
  json_object_set_string_member (object, "station", import->station);
  json_object_set_int_member (object, "taken", import->taken);
  json_object_set_int_member (object, "known", import->known);
  json_object_set_int_member (object, "refused", import->refused);
  tambo_command_print (object);
}

int tambo_command_import (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_auto (TamboHqImport) import = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR BUNDLE", &line, &result))
    return result;
  hq = tambo_hq_open (line.words[0], &error);
  if (hq == NULL || !tambo_hq_import_bundle (hq, line.words[1], &import, &error))
    return tambo_command_fail ("import", error);
  report (&import, line.is_json);
  return import.refused > 0 ? TAMBO_EXIT_INTEGRITY : TAMBO_EXIT_DONE;
}
