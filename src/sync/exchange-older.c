/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/exchange-private.h"

static void save (TamboExchangeRun *run, char **noted, const char *request, gboolean is_unknown) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; noted[i] != NULL; i++)
    if (g_strcmp0 (noted[i], request) != 0)
      g_strv_builder_add (builder, noted[i]);
  if (is_unknown)
    g_strv_builder_add (builder, request);

  g_auto (GStrv) requests = g_strv_builder_end (builder);
  g_autofree char *text = g_strjoinv (" ", requests);
  if (!tambo_store_set_setting (run->store, TAMBO_EXCHANGE_OLDER, text, &error))
    g_info ("what headquarters does not know was not noted: %s", error->message);
}

gboolean tambo_exchange_note_older (TamboExchangeRun *run, const char *request,
                                    const GError *cause) {
  gboolean is_unknown = g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_OLDER);
  /* One that has rotted is as if there were none. */
  g_autofree char *text = tambo_store_dup_setting (run->store, TAMBO_EXCHANGE_OLDER, NULL);
  g_auto (GStrv) noted = g_strsplit (text != NULL ? text : "", " ", -1);
  gboolean was_unknown = g_strv_contains ((const char *const *) noted, request);

  /* Another failure says nothing about it. */
  if (cause != NULL && !is_unknown)
    return FALSE;
  if (is_unknown != was_unknown)
    save (run, noted, request, is_unknown);
  if (is_unknown && !was_unknown)
    run->result->is_older_news = TRUE;
  return is_unknown;
}
