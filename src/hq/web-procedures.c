/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-procedures.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/place.h"
#include "hq/procedures.h"

static int by_id (gconstpointer a, gconstpointer b) {
  return strcmp ((*(TamboProcedure *const *) a)->id, (*(TamboProcedure *const *) b)->id);
}

/* Takes PROCEDURE, which may be NULL: one bad file hides no other. */
static void keep_newest (GPtrArray *procedures, TamboProcedure *procedure) {
  for (guint i = 0; procedure != NULL && i < procedures->len; i++) {
    TamboProcedure *known = procedures->pdata[i];

    if (strcmp (known->id, procedure->id) != 0)
      continue;
    if (known->version < procedure->version) {
      procedures->pdata[i] = procedure;
      procedure = known;
    }
    tambo_procedure_free (procedure);
    return;
  }
  if (procedure != NULL)
    g_ptr_array_add (procedures, procedure);
}

static gboolean add_files (GPtrArray *procedures, GError **error) {
  g_autofree char *place = tambo_place_find ("TAMBO_DATADIR", TAMBO_PKGDATADIR, "../../data");
  g_autofree char *path = g_build_filename (place, "procedures", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, error);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *id = NULL;

    if (!g_str_has_suffix (name, ".json"))
      continue;
    id = g_strndup (name, strlen (name) - strlen (".json"));
    keep_newest (procedures, tambo_hq_load_procedure (id, NULL));
  }
  return folder != NULL;
}

static gboolean add_published (TamboHq *hq, GPtrArray *procedures, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT body FROM feed WHERE audience = '' AND kind = 'procedure' AND body IS NOT NULL", "");

  if (query == NULL)
    return FALSE;
  while (tambo_query_next (query, &cause)) {
    g_autoptr (JsonObject) object = tambo_json_parse_object (tambo_query_text (query, 0), -1, NULL);

    if (object != NULL)
      keep_newest (procedures, tambo_procedure_from_json (object, NULL));
  }
  return tambo_error_pass (&cause, error);
}

GPtrArray *tambo_web_list_procedures (TamboHq *hq, GError **error) {
  g_autoptr (GPtrArray) procedures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_procedure_free);

  if (!add_files (procedures, error) || !add_published (hq, procedures, error))
    return NULL;
  g_ptr_array_sort (procedures, by_id);
  return g_steal_pointer (&procedures);
}

TamboProcedure *tambo_web_find_procedure (TamboHq *hq, const char *id, GError **error) {
  g_autoptr (GPtrArray) procedures = tambo_web_list_procedures (hq, error);

  for (guint i = 0; procedures != NULL && i < procedures->len; i++)
    if (strcmp (((TamboProcedure *) procedures->pdata[i])->id, id) == 0)
      return tambo_procedure_copy (procedures->pdata[i]);
  if (procedures != NULL)
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                         "there is no such procedure");
  return NULL;
}
