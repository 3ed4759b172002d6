/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is published of a procedure never changes, and none takes the place of a newer one.
 */
#include "hq/procedures.h"

#include <glib/gstdio.h>

#include "base/error.h"
#include "made-hq.h"

static gboolean publish (MadeHq *made, int version, GError **error) {
  g_autoptr (TamboProcedure) procedure = tambo_hq_load_procedure ("passport", error);
  g_autoptr (JsonObject) object = NULL;

  g_assert_nonnull (procedure);
  procedure->version = version;
  object = tambo_procedure_to_json (procedure);
  return tambo_hq_publish_procedure (made->hq, object, error);
}

static void test_not_older (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboProcedure) file = tambo_hq_load_procedure ("passport", NULL);
  g_autoptr (GError) error = NULL;

  made_hq_init (&made);
  g_assert_false (publish (&made, file->version, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
  g_clear_error (&error);
  g_assert_true (publish (&made, file->version + 1, &error));
  g_assert_no_error (error);
}

/* What cannot be read may be the newer one. */
static void test_unreadable_file (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboProcedure) file = tambo_hq_load_procedure ("passport", NULL);
  g_autoptr (JsonObject) object = tambo_procedure_to_json (file);
  g_autofree char *data = g_strdup (g_getenv ("TAMBO_DATADIR"));
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  made_hq_init (&made);
  path = g_build_filename (made.folder, "procedures", "passport.json", NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_setenv ("TAMBO_DATADIR", made.folder, TRUE);
  g_assert_false (tambo_hq_publish_procedure (made.hq, object, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_IO);
  g_setenv ("TAMBO_DATADIR", data, TRUE);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/procedures/not-older", test_not_older);
  g_test_add_func ("/hq/procedures/unreadable", test_unreadable_file);
  return g_test_run ();
}
