/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/changes.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"

#define TYPE_CHANGES "tambo-changes/1"
/* 2^53: what every JSON reader keeps whole. */
#define MAX_VERSION G_GINT64_CONSTANT (9007199254740992)
#define MAX_ID 128

/* One item */

TamboChange *tambo_change_new (const char *kind, const char *id, gint64 version) {
  TamboChange *change = g_new0 (TamboChange, 1);

  change->kind = g_strdup (kind);
  change->id = g_strdup (id);
  change->version = version;
  return change;
}

void tambo_change_free (TamboChange *change) {
  if (change == NULL)
    return;
  g_free (change->kind);
  g_free (change->id);
  g_free (change->body);
  g_clear_pointer (&change->sealed, g_bytes_unref);
  g_free (change);
}

char *tambo_change_dup_digest (const char *body, GBytes *sealed) {
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint8 hash[TAMBO_SHA256_SIZE];
  gsize size = 0;
  gconstpointer data = sealed != NULL ? g_bytes_get_data (sealed, &size) : NULL;

  /* Each part as its own hash: none can pass for a piece of the other. */
  tambo_sha256 (body, strlen (body), hash);
  tambo_put_bytes (all, hash, sizeof hash);
  tambo_sha256 (data, size, hash);
  tambo_put_bytes (all, hash, sizeof hash);
  tambo_sha256 (all->data, all->len, hash);
  return tambo_hex_encode (hash, sizeof hash);
}

/* The state */

struct _TamboChangesState {
  GPtrArray *lines;
};

static int compare_lines (gconstpointer a, gconstpointer b) {
  return strcmp (*(char *const *) a, *(char *const *) b);
}

TamboChangesState *tambo_changes_state_new (void) {
  TamboChangesState *state = g_new0 (TamboChangesState, 1);

  state->lines = g_ptr_array_new_with_free_func (g_free);
  return state;
}

void tambo_changes_state_add (TamboChangesState *state, const char *kind, const char *id,
                              gint64 version, const char *digest) {
  g_ptr_array_add (state->lines,
                   g_strdup_printf ("%s %s %" G_GINT64_FORMAT " %s\n", kind, id, version, digest));
}

char *tambo_changes_state_finish (TamboChangesState *state) {
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  char *hex;

  g_ptr_array_sort (state->lines, compare_lines);
  for (guint i = 0; i < state->lines->len; i++)
    g_checksum_update (checksum, state->lines->pdata[i], -1);
  hex = g_strdup (g_checksum_get_string (checksum));
  g_ptr_array_unref (state->lines);
  g_free (state);
  return hex;
}

/* The statement */

TamboChanges *tambo_changes_new (void) {
  TamboChanges *changes = g_new0 (TamboChanges, 1);

  changes->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_change_free);
  return changes;
}

void tambo_changes_free (TamboChanges *changes) {
  if (changes == NULL)
    return;
  g_free (changes->station);
  g_free (changes->time);
  g_free (changes->state);
  g_ptr_array_unref (changes->changes);
  g_free (changes);
}

static JsonObject *change_to_json (const TamboChange *change) {
  JsonObject *row = json_object_new ();

  json_object_set_string_member (row, "kind", change->kind);
  json_object_set_string_member (row, "id", change->id);
  json_object_set_int_member (row, "version", change->version);
  if (!change->is_gone)
    json_object_set_string_member (row, "body", change->body);
  if (!change->is_gone && change->sealed != NULL)
    tambo_json_set_bytes (row, "sealed", change->sealed);
  return row;
}

char *tambo_changes_sign (const TamboChanges *changes, TamboKey *key) {
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *rows = json_array_new ();

  json_object_set_string_member (object, "type", TYPE_CHANGES);
  json_object_set_string_member (object, "station", changes->station);
  json_object_set_int_member (object, "after", changes->after);
  json_object_set_int_member (object, "version", changes->version);
  json_object_set_int_member (object, "more", changes->has_more);
  json_object_set_string_member (object, "time", changes->time);
  json_object_set_string_member (object, "state", changes->state);
  for (guint i = 0; i < changes->changes->len; i++)
    json_array_add_object_element (rows, change_to_json (changes->changes->pdata[i]));
  json_object_set_array_member (object, "changes", rows);
  return tambo_json_sign (object, key);
}

static gboolean refuse (GError **error, const char *what) {
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL, "what changed: %s", what);
  return FALSE;
}

/* Kinds and ids stand in one line of the state: no blank, nothing below or beyond ASCII. */
static gboolean is_word (const char *text) {
  gsize length = text != NULL ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length >= 1 && length <= MAX_ID;
}

static gboolean read_body (JsonObject *row, TamboChange *change, GError **error) {
  const char *body = tambo_json_peek_string (row, "body");
  g_autoptr (JsonObject) object = NULL;

  change->is_gone = body == NULL;
  if (change->is_gone)
    return !json_object_has_member (row, "body") || refuse (error, "a body is no text");
  object = tambo_json_parse_object (body, -1, error);
  if (object == NULL)
    return FALSE;
  change->body = g_strdup (body);
  if (json_object_has_member (row, "sealed"))
    change->sealed = tambo_json_get_bytes (row, "sealed", error);
  return change->sealed != NULL || !json_object_has_member (row, "sealed");
}

static gboolean add_row (TamboChanges *changes, JsonNode *node, gint64 *last, GError **error) {
  JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *kind = row != NULL ? tambo_json_peek_string (row, "kind") : NULL;
  const char *id = row != NULL ? tambo_json_peek_string (row, "id") : NULL;
  g_autoptr (TamboChange) change = NULL;
  gint64 version;

  if (!is_word (kind) || !is_word (id))
    return refuse (error, "an item has no kind or no id");
  if (!tambo_json_get_int (row, "version", 1, MAX_VERSION, &version, error))
    return FALSE;
  if (version <= *last || version > changes->version)
    return refuse (error, "the versions do not go up");
  *last = version;
  change = tambo_change_new (kind, id, version);
  if (!read_body (row, change, error))
    return FALSE;
  g_ptr_array_add (changes->changes, g_steal_pointer (&change));
  return TRUE;
}

static gboolean read_head (JsonObject *object, TamboChanges *changes, GError **error) {
  const char *station = tambo_json_get_string (object, "station", error);
  const char *time = station != NULL ? tambo_json_get_string (object, "time", error) : NULL;
  const char *state = time != NULL ? tambo_json_get_string (object, "state", error) : NULL;
  gint64 more, seconds;

  if (state == NULL || !tambo_json_get_int (object, "after", 0, MAX_VERSION, &changes->after, error)
      || !tambo_json_get_int (object, "version", changes->after, MAX_VERSION, &changes->version,
                              error)
      || !tambo_json_get_int (object, "more", 0, 1, &more, error))
    return FALSE;
  changes->has_more = more == 1;
  changes->station = g_strdup (station);
  changes->time = g_strdup (time);
  changes->state = g_strdup (state);
  return (tambo_clock_parse (time, &seconds)
          && (changes->has_more ? *state == '\0' : tambo_is_sha256_hex (state)))
         || refuse (error, "the time or the state has not its form");
}

static TamboChanges *changes_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboChanges) changes = tambo_changes_new ();
  JsonArray *rows;
  gint64 last;

  if (g_strcmp0 (tambo_json_peek_string (object, "type"), TYPE_CHANGES) != 0) {
    refuse (error, "it is a statement of another type");
    return NULL;
  }
  if (!read_head (object, changes, error)
      || (rows = tambo_json_get_array (object, "changes", error)) == NULL)
    return NULL;
  if (json_array_get_length (rows) > TAMBO_CHANGES_PAGE) {
    refuse (error, "there are too many items");
    return NULL;
  }
  last = changes->after;
  for (guint i = 0; i < json_array_get_length (rows); i++)
    if (!add_row (changes, json_array_get_element (rows, i), &last, error))
      return NULL;
  return g_steal_pointer (&changes);
}

TamboChanges *tambo_changes_verify (const char *text, TamboKey *key, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_verify (text, -1, key, &cause);
  TamboChanges *changes = object != NULL ? changes_from_json (object, &cause) : NULL;

  if (changes != NULL)
    return changes;
  if (cause->domain == TAMBO_SYNC_ERROR)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error (error, TAMBO_SYNC_ERROR,
                 g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY)
                     ? TAMBO_SYNC_ERROR_INTEGRITY
                     : TAMBO_SYNC_ERROR_PROTOCOL,
                 "what changed: %s", cause->message);
  return NULL;
}

/* The request */

void tambo_changes_request_clear (TamboChangesRequest *request) {
  g_clear_pointer (&request->inbox_key, g_bytes_unref);
}

char *tambo_changes_request_to_json (const TamboChangesRequest *request) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_int_member (object, "after", request->after);
  if (request->inbox_key != NULL)
    tambo_json_set_bytes (object, "inbox_key", request->inbox_key);
  return tambo_json_canonical (object);
}

gboolean tambo_changes_request_from_json (const char *text, gssize size,
                                          TamboChangesRequest *out_request, GError **error) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, error);
  g_auto (TamboChangesRequest) request = { 0 };
  g_autoptr (TamboKey) key = NULL;
  gsize length;
  gconstpointer data;

  if (object == NULL
      || !tambo_json_get_int (object, "after", 0, MAX_VERSION, &request.after, error))
    return FALSE;
  if (json_object_has_member (object, "inbox_key")) {
    request.inbox_key = tambo_json_get_bytes (object, "inbox_key", error);
    if (request.inbox_key == NULL)
      return FALSE;
    data = g_bytes_get_data (request.inbox_key, &length);
    key = tambo_key_new_from_point (data, length, error);
    if (key == NULL)
      return FALSE;
  }
  *out_request = request;
  request = (TamboChangesRequest){ 0 };
  return TRUE;
}
