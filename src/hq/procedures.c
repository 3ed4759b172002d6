/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/procedures.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/place.h"
#include "hq/hq-error.h"

#define MAX_PROCEDURE (256 * 1024)

/* The id comes out of a record and becomes a file name. */
static gboolean is_procedure_id (const char *id) {
  gsize length = strlen (id);

  return length >= 1 && length <= 64
         && strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

TamboProcedure *tambo_hq_load_procedure (const char *id, GError **error) {
  g_autofree char *folder = tambo_place_find ("TAMBO_DATADIR", TAMBO_PKGDATADIR, "../../data");
  g_autofree char *name = g_strconcat (id, ".json", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (TamboProcedure) procedure = NULL;
  gsize size;
  const char *data;

  if (!is_procedure_id (id)) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                         "the case names no procedure of this headquarters");
    return NULL;
  }
  path = g_build_filename (folder, "procedures", name, NULL);
  bytes = tambo_file_read (path, MAX_PROCEDURE, error);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  object = tambo_json_parse_object (data != NULL ? data : "", (gssize) size, error);
  if (object == NULL)
    return NULL;
  procedure = tambo_procedure_from_json (object, error);
  if (procedure != NULL && strcmp (procedure->id, id) != 0) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "%s is the procedure %s", path,
                 procedure->id);
    return NULL;
  }
  return g_steal_pointer (&procedure);
}
