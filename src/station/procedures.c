/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/procedures.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "station/datadir.h"
#include "station/station-error.h"

#define PROCEDURE_MAX_SIZE (64 * 1024)

TamboProcedure *tambo_procedures_read (const char *path, GError **error) {
  g_autoptr (GBytes) bytes = tambo_file_read (path, PROCEDURE_MAX_SIZE, error);
  if (bytes == NULL)
    return NULL;

  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, error);
  return object != NULL ? tambo_procedure_from_json (object, error) : NULL;
}

static gboolean is_plain_name (const char *id) {
  for (const char *c = id; *c != '\0'; c++)
    if (!g_ascii_islower (*c) && !g_ascii_isdigit (*c) && *c != '-')
      return FALSE;
  return *id != '\0';
}

TamboProcedure *tambo_procedures_load (const char *id, GError **error) {
  g_autofree char *name = g_strdup_printf ("procedures/%s.json", id);
  g_autofree char *path = tambo_datadir_path (name);

  if (!is_plain_name (id) || !g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND,
                 "there is no procedure '%s'", id);
    return NULL;
  }
  return tambo_procedures_read (path, error);
}

static int compare_procedures (gconstpointer a, gconstpointer b) {
  return g_strcmp0 ((*(TamboProcedure *const *) a)->id, (*(TamboProcedure *const *) b)->id);
}

GPtrArray *tambo_procedures_list (GError **error) {
  g_autofree char *folder = tambo_datadir_path ("procedures");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  if (dir == NULL)
    return NULL;

  g_autoptr (GPtrArray) procedures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_procedure_free);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    if (!g_str_has_suffix (name, ".json"))
      continue;
    g_autofree char *path = g_build_filename (folder, name, NULL);
    TamboProcedure *procedure = tambo_procedures_read (path, error);
    if (procedure == NULL) {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }
    g_ptr_array_add (procedures, procedure);
  }
  g_ptr_array_sort (procedures, compare_procedures);
  return g_steal_pointer (&procedures);
}
