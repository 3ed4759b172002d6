/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/inbox.h"
#include "sync/exchange-private.h"

/* Fetches, verifies and keeps one message. Numbers go up by one: keeping a later one first would hide
 * the gap from the next exchange. */
static gboolean receive_message (TamboExchangeRun *run, const TamboInboxItem *item, gint64 expected,
                                 GError **error) {
  g_autoptr (TamboManifest) manifest = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *now = tambo_clock_now ();
  TamboInboxRow row = { 0 };

  manifest = tambo_manifest_verify (item->manifest, run->trust->signing_key, error);
  if (manifest == NULL)
    return FALSE;
  if (item->number != expected || manifest->sequence != expected
      || strcmp (manifest->sender, "headquarters") != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "message %" G_GINT64_FORMAT " of the inbox stands where %" G_GINT64_FORMAT
                 " is expected",
                 item->number, expected);
    return FALSE;
  }
  sealed = tambo_client_inbox_load (run->client, item->number, run->cancellable, error);
  if (sealed == NULL)
    return FALSE;
  sha256 = tambo_sha256_hex (sealed);
  if (strcmp (sha256, manifest->sha256) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "message %" G_GINT64_FORMAT " of the inbox is not what headquarters signed",
                 item->number);
    return FALSE;
  }
  row = (TamboInboxRow){ .number = item->number,
                         .id = manifest->id,
                         .kind = manifest->kind,
                         .case_id = *manifest->case_id != '\0' ? manifest->case_id : NULL,
                         .state = (char *) "new",
                         .received_at = now,
                         .manifest = item->manifest };
  return tambo_inbox_add (run->store, &row, sealed, error);
}

gboolean tambo_exchange_receive_inbox (TamboExchangeRun *run, GError **error) {
  gint64 last;

  if (!tambo_inbox_last_number (run->store, &last, error))
    return FALSE;
  for (;;) {
    g_autoptr (GPtrArray) items = NULL;

    tambo_exchange_tell (run, "inbox", run->result->received, 0);
    items = tambo_client_inbox (run->client, last, run->cancellable, error);
    if (items == NULL)
      return FALSE;
    if (items->len == 0)
      return TRUE;
    for (guint i = 0; i < items->len; i++) {
      if (!receive_message (run, items->pdata[i], last + 1, error))
        return FALSE;
      last++;
      run->result->received++;
    }
  }
}

/* 0 when there is none, or when it has rotted: then it is fetched again. */
static gint64 load_version (TamboExchangeRun *run) {
  g_autofree char *text = tambo_store_dup_setting (run->store, TAMBO_EXCHANGE_REFERENCE, NULL);
  g_autoptr (TamboReference) reference =
      text != NULL ? tambo_reference_verify (text, run->trust->signing_key, NULL) : NULL;

  return reference != NULL ? reference->version : 0;
}

/* What is older than what is here changes nothing: headquarters may have been restored. */
gboolean tambo_exchange_fetch_reference (TamboExchangeRun *run, GError **error) {
  gint64 version = run->reference > 0 ? load_version (run) : 0;
  g_autoptr (TamboReference) reference = NULL;
  g_autofree char *text = NULL;

  if (run->reference <= version)
    return TRUE;
  tambo_exchange_tell (run, "reference", 0, 0);
  text = tambo_client_reference (run->client, run->cancellable, error);
  if (text == NULL)
    return FALSE;
  reference = tambo_reference_verify (text, run->trust->signing_key, error);
  return reference != NULL
         && (reference->version <= version
             || tambo_store_set_setting (run->store, TAMBO_EXCHANGE_REFERENCE, text, error));
}
