/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/audit-desk.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/merkle.h"
#include "station/station-private.h"

GPtrArray *tambo_audit_desk_list (TamboStation *station, GError **error) {
  return tambo_audit_list (tambo_station_get_store (station), error);
}

GPtrArray *tambo_audit_desk_list_newest (TamboStation *station, guint count, gint64 *out_size,
                                         GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  guint8 root[TAMBO_SHA256_SIZE];
  gint64 size;

  if (!tambo_audit_head (store, &size, root, error))
    return NULL;
  *out_size = size;
  return tambo_audit_list_span (store, MAX (0, size - count), size, error);
}

static gboolean verify_countersignature (TamboStation *station, GError **error) {
  gint64 size;
  g_autofree char *root = NULL, *statement = NULL;

  if (!tambo_audit_get_countersigned (tambo_station_get_store (station), &size, &root, &statement,
                                      error))
    return FALSE;
  if (statement == NULL)
    return TRUE;
  g_autoptr (TamboCheckpoint) head =
      tambo_checkpoint_verify (statement, tambo_station_get_trust (station)->signing_key, error);
  if (head == NULL)
    return FALSE;
  if (head->size == size && g_strcmp0 (head->root, root) == 0
      && g_strcmp0 (head->station, tambo_station_get_code (station)) == 0)
    return TRUE;
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
               "the countersigned head is not the one that headquarters signed");
  return FALSE;
}

/* Each record was signed with the head of its time: a log that was cut above what headquarters
 * countersigned is shorter than the newest record says. */
static gboolean verify_newest_record (TamboStation *station, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (GPtrArray) rows = tambo_outbox_list (store, error);
  guint8 root[TAMBO_SHA256_SIZE];

  if (rows == NULL)
    return FALSE;
  if (rows->len == 0)
    return TRUE;
  const TamboOutboxRow *newest = g_ptr_array_index (rows, rows->len - 1);
  g_autofree char *text = tambo_outbox_dup_manifest (store, newest->id, error);
  g_autoptr (TamboManifest) manifest =
      text != NULL ? tambo_manifest_verify (text, tambo_station_get_key (station), error) : NULL;
  if (manifest == NULL || !tambo_audit_root_at (store, manifest->audit_size, root, error))
    return FALSE;
  g_autofree char *actual = tambo_hex_encode (root, sizeof root);
  if (g_strcmp0 (actual, manifest->audit_root) == 0)
    return TRUE;
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
               "the first %" G_GINT64_FORMAT
               " audit entries are not those that the record %s was signed with",
               manifest->audit_size, newest->id);
  return FALSE;
}

gboolean tambo_audit_desk_verify (TamboStation *station, gint64 *out_entries,
                                  gint64 *out_countersigned, GError **error) {
  return verify_countersignature (station, error)
         && tambo_audit_verify (tambo_station_get_store (station), out_entries, out_countersigned,
                                error)
         && verify_newest_record (station, error);
}

/* ---- the export ---- */

/* The body of KEY's public PEM, in one line. */
static char *public_key_line (TamboKey *key) {
  g_autofree char *pem = tambo_key_dup_public_pem (key);
  g_auto (GStrv) lines = g_strsplit (pem, "\n", -1);
  GString *line = g_string_new (NULL);

  for (char **part = lines; *part != NULL; part++)
    if (!g_str_has_prefix (*part, "-----"))
      g_string_append (line, *part);
  return g_string_free (line, FALSE);
}

/* A signed statement, in lines that a shell can read. */
static gboolean put_signed (GString *text, const char *who, const char *signed_text, TamboKey *key,
                            GError **error) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (signed_text, -1, error);
  JsonObject *statement =
      object != NULL ? tambo_json_get_object (object, "statement", error) : NULL;
  const char *signature =
      statement != NULL ? tambo_json_get_string (object, "signature", error) : NULL;

  if (signature == NULL)
    return FALSE;
  g_autofree char *canonical = tambo_json_canonical (statement);
  g_autofree char *line = public_key_line (key);
  g_string_append_printf (text, "%s-key %s\n%s-signature %s\n%s-statement %s\n", who, line, who,
                          signature, who, canonical);
  return TRUE;
}

/* The head of what is exported, under this station's signature. */
static char *sign_own_head (TamboStation *station, GPtrArray *entries, gint64 countersigned) {
  g_autoptr (GByteArray) leaves = g_byte_array_new ();
  guint8 hash[TAMBO_SHA256_SIZE];

  for (guint i = 0; i < entries->len; i++) {
    tambo_merkle_leaf (entries->pdata[i], strlen (entries->pdata[i]), hash);
    g_byte_array_append (leaves, hash, sizeof hash);
  }
  tambo_merkle_root (leaves->data, entries->len, hash);
  g_autofree char *root = tambo_hex_encode (hash, sizeof hash);
  g_autofree char *now = tambo_clock_now ();
  TamboCheckpoint head = {
    .station = (char *) tambo_station_get_code (station),
    .incarnation = (char *) tambo_store_get_incarnation (tambo_station_get_store (station)),
    .size = entries->len,
    .old_size = countersigned,
    .root = root,
    .time = now,
  };
  return tambo_checkpoint_sign (&head, tambo_station_get_key (station));
}

static char *describe_log (TamboStation *station, GPtrArray *entries, gint64 *out_countersigned,
                           GError **error) {
  g_autoptr (GString) text = g_string_new ("tambo-audit-export 1\n");
  g_autofree char *root = NULL, *statement = NULL;

  if (!tambo_audit_get_countersigned (tambo_station_get_store (station), out_countersigned, &root,
                                      &statement, error))
    return NULL;
  g_autofree char *own = sign_own_head (station, entries, *out_countersigned);
  if (!put_signed (text, "station", own, tambo_station_get_key (station), error))
    return NULL;
  if (statement != NULL
      && !put_signed (text, "headquarters", statement,
                      tambo_station_get_trust (station)->signing_key, error))
    return NULL;
  g_string_append_c (text, '\n');
  for (guint i = 0; i < entries->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) entries->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean tambo_audit_desk_export (TamboStation *station, const char *path, gint64 *out_entries,
                                  gint64 *out_countersigned, GError **error) {
  gint64 countersigned;

  if (!tambo_audit_desk_verify (station, out_entries, &countersigned, error))
    return FALSE;
  TamboStore *store = tambo_station_get_store (station);
  /* Nobody appends or countersigns between the entries and the heads. */
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (GPtrArray) entries =
      transaction != NULL ? tambo_audit_list_texts (store, error) : NULL;
  if (entries == NULL)
    return FALSE;
  char *text = describe_log (station, entries, &countersigned, error);
  if (text == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));
  if (!tambo_file_write_durable (path, bytes, 0600, error))
    return FALSE;
  *out_entries = entries->len;
  *out_countersigned = countersigned;
  return TRUE;
}
