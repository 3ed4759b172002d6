/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/statement.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "station/station-private.h"
#include "store/audit.h"

static char *make_path (TamboStation *station, const char *stem, GError **error) {
  g_autofree char *folder = tambo_station_path (station, "closings");
  g_autofree char *name = g_strconcat (stem, ".json", NULL);

  return tambo_file_make_folder (folder, 0700, error)
             ? g_build_filename (folder, g_strdelimit (name, ":", '-'), NULL)
             : NULL;
}

char *tambo_statement_keep (TamboStation *station, const TamboStatement *statement,
                            const char *actor, JsonObject *object, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *path = make_path (station, statement->name, error);

  if (path == NULL)
    return NULL;
  json_object_set_string_member (object, "station", tambo_station_get_code (station));
  json_object_set_string_member (object, "operator", actor);
  g_autofree char *text = tambo_json_sign (object, tambo_station_get_key (station));
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL || !tambo_file_write_durable (path, bytes, 0600, error)
      || !tambo_store_set_setting (store, statement->setting, text, error)
      || !tambo_audit_append (store, actor, statement->action, statement->subject, bytes, error)
      || !tambo_transaction_commit (transaction, error))
    return NULL;
  tambo_station_changed (station);
  return g_steal_pointer (&path);
}

JsonObject *tambo_statement_read_last (TamboStation *station, const char *setting, GError **error) {
  g_autofree char *text =
      tambo_store_dup_setting (tambo_station_get_store (station), setting, error);

  return text != NULL ? tambo_json_verify (text, -1, tambo_station_get_key (station), error) : NULL;
}
