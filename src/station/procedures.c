/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/procedures.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "station/datadir.h"
#include "station/station-error.h"
#include "store/feed.h"

#define PROCEDURE_MAX_SIZE (64 * 1024)
#define KIND "procedure"

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

static TamboProcedure *load_file (const char *id, GError **error) {
  g_autofree char *name = g_strdup_printf ("procedures/%s.json", id);
  g_autofree char *path = tambo_datadir_path (name);

  if (!is_plain_name (id) || !g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND,
                 "there is no procedure '%s'", id);
    return NULL;
  }
  return tambo_procedures_read (path, error);
}

/* ---- what headquarters has published ---- */

static TamboProcedure *read_published (const TamboFeedRow *row, GError **error) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (row->body, -1, error);

  return object != NULL ? tambo_procedure_from_json (object, error) : NULL;
}

/* One that cannot be read is for a newer program, and takes no other with it. */
static GPtrArray *list_published (TamboStation *station, GError **error) {
  g_autoptr (GPtrArray) rows =
      station != NULL ? tambo_feed_list (tambo_station_get_store (station), KIND, error)
                      : g_ptr_array_new ();
  g_autoptr (GPtrArray) procedures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_procedure_free);

  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++) {
    g_autoptr (GError) cause = NULL;
    TamboProcedure *procedure = read_published (rows->pdata[i], &cause);
    if (procedure == NULL)
      g_info ("a procedure was not read: %s", cause->message);
    else
      g_ptr_array_add (procedures, procedure);
  }
  return g_steal_pointer (&procedures);
}

TamboProcedure *tambo_procedures_load (TamboStation *station, const char *id, int version,
                                       GError **error) {
  g_autoptr (GPtrArray) published = list_published (station, error);
  if (published == NULL)
    return NULL;

  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboProcedure) best = load_file (id, &cause);
  for (guint i = 0; i < published->len; i++) {
    const TamboProcedure *procedure = g_ptr_array_index (published, i);
    gboolean is_better = version != 0 ? procedure->version == version
                                      : best == NULL || procedure->version > best->version;
    if (!g_str_equal (procedure->id, id) || !is_better)
      continue;
    g_clear_pointer (&best, tambo_procedure_free);
    best = tambo_procedure_copy (procedure);
  }
  if (best == NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return g_steal_pointer (&best);
}

/* ---- all of them ---- */

static int compare_procedures (gconstpointer a, gconstpointer b) {
  return g_strcmp0 ((*(TamboProcedure *const *) a)->id, (*(TamboProcedure *const *) b)->id);
}

/* In the place of an older one of its id. */
static void add_newest (GPtrArray *procedures, TamboProcedure *procedure) {
  for (guint i = 0; i < procedures->len; i++) {
    TamboProcedure *known = g_ptr_array_index (procedures, i);
    if (!g_str_equal (known->id, procedure->id))
      continue;
    if (known->version < procedure->version)
      g_ptr_array_index (procedures, i) = tambo_procedure_copy (procedure);
    if (known->version < procedure->version)
      tambo_procedure_free (known);
    return;
  }
  g_ptr_array_add (procedures, tambo_procedure_copy (procedure));
}

static GPtrArray *list_files (GError **error) {
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
  return g_steal_pointer (&procedures);
}

GPtrArray *tambo_procedures_list (TamboStation *station, GError **error) {
  g_autoptr (GPtrArray) procedures = list_files (error);
  g_autoptr (GPtrArray) published = procedures != NULL ? list_published (station, error) : NULL;

  if (published == NULL)
    return NULL;
  for (guint i = 0; i < published->len; i++)
    add_newest (procedures, g_ptr_array_index (published, i));
  g_ptr_array_sort (procedures, compare_procedures);
  return g_steal_pointer (&procedures);
}
