/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-procedures.h"

#include <string.h>

#include "base/place.h"
#include "hq/procedures.h"

static int by_id (gconstpointer a, gconstpointer b) {
  return strcmp ((*(TamboProcedure *const *) a)->id, (*(TamboProcedure *const *) b)->id);
}

GPtrArray *tambo_web_list_procedures (GError **error) {
  g_autofree char *place = tambo_place_find ("TAMBO_DATADIR", TAMBO_PKGDATADIR, "../../data");
  g_autofree char *path = g_build_filename (place, "procedures", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, error);
  g_autoptr (GPtrArray) procedures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_procedure_free);
  const char *name;

  if (folder == NULL)
    return NULL;
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *id = NULL;
    TamboProcedure *procedure;

    if (!g_str_has_suffix (name, ".json"))
      continue;
    id = g_strndup (name, strlen (name) - strlen (".json"));
    procedure = tambo_hq_load_procedure (id, NULL);
    if (procedure != NULL) /* one bad file hides no other */
      g_ptr_array_add (procedures, procedure);
  }
  g_ptr_array_sort (procedures, by_id);
  return g_steal_pointer (&procedures);
}
