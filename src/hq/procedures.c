/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/procedures.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/place.h"
#include "hq/feed.h"

#define MAX_PROCEDURE (256 * 1024)
#define KIND "procedure"

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

static char *item_id (const char *id, int version) {
  return g_strdup_printf ("%s.%d", id, version);
}

/* The body of the published one; NULL without an error when there is none. */
static char *find_published (TamboHq *hq, const char *id, int version, GError **error) {
  g_autofree char *name = item_id (id, version);
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT body FROM feed WHERE audience = '' AND kind = '" KIND "' AND id = ?", "s", name);

  return query != NULL && tambo_query_next (query, error) ? tambo_query_dup_text (query, 0) : NULL;
}

TamboProcedure *tambo_hq_find_procedure (TamboHq *hq, const char *id, int version, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *body = find_published (hq, id, version, &cause);
  g_autoptr (JsonObject) object = NULL;

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (body == NULL)
    return tambo_hq_load_procedure (id, error);
  object = tambo_json_parse_object (body, -1, error);
  return object != NULL ? tambo_procedure_from_json (object, error) : NULL;
}

gboolean tambo_hq_publish_procedure (TamboHq *hq, JsonObject *object, GError **error) {
  g_autoptr (TamboProcedure) procedure = tambo_procedure_from_json (object, error);
  g_autoptr (TamboProcedure) file = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboWork) work = NULL;
  g_autofree char *text = tambo_json_canonical (object);
  g_autofree char *known = NULL;
  g_autofree char *name = NULL;

  if (procedure == NULL)
    return FALSE;
  if (!is_procedure_id (procedure->id)) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "the id of a procedure has small letters, digits and hyphens");
    return FALSE;
  }
  work = tambo_work_begin (hq->database, error);
  known = work != NULL ? find_published (hq, procedure->id, procedure->version, &cause) : NULL;
  if (work == NULL || cause != NULL) {
    if (cause != NULL)
      g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  file = tambo_hq_load_procedure (procedure->id, &cause);
  if (cause != NULL && !g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if ((known != NULL && strcmp (known, text) != 0)
      || (known == NULL && file != NULL && file->version >= procedure->version)) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                 "there is a version %d of %s already, and it never changes", procedure->version,
                 procedure->id);
    return FALSE;
  }
  name = item_id (procedure->id, procedure->version);
  return tambo_hq_feed_put (hq, NULL, KIND, name, object, NULL, error)
         && tambo_work_commit (work, error);
}
