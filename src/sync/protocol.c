/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"

/* Part of every signed statement, so that none can stand for one of another kind: headquarters signs
 * all of them with one key. */
#define TYPE_MANIFEST "tambo-manifest/1"
#define TYPE_RECEIPT "tambo-receipt/1"
#define TYPE_CHECKPOINT "tambo-checkpoint/1"

#define MAX_CODE_LENGTH 32
#define MAX_NAME_LENGTH 200
#define MAX_CSCA 64
#define MAX_ITEMS 1000
/* 2^53: what every JSON reader keeps whole. */
#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740992)

static void set_protocol (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void set_protocol (GError **error, const char *format, ...) {
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (
      error, g_error_new_valist (TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL, format, arguments));
  va_end (arguments);
}

/* Carries an error of base/ over into this room's words. Takes CAUSE. */
static void take_cause (GError **error, const char *what, GError *cause) {
  gboolean is_signature = g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY);

  g_set_error (error, TAMBO_SYNC_ERROR,
               is_signature ? TAMBO_SYNC_ERROR_INTEGRITY : TAMBO_SYNC_ERROR_PROTOCOL, "%s: %s",
               what, cause->message);
  g_error_free (cause);
}

gboolean tambo_station_code_is_valid (const char *code) {
  gsize length = code != NULL ? strlen (code) : 0;

  if (length < 1 || length > MAX_CODE_LENGTH || !g_ascii_isalnum (code[0]))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (code[i]) && strchr ("._-", code[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* Lower-case words: "enrolment", "audit-entry". */
static gboolean is_kind (const char *text) {
  gsize length = strlen (text);

  if (length < 1 || length > MAX_CODE_LENGTH)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_islower (text[i]) && text[i] != '-')
      return FALSE;
  return TRUE;
}

static gboolean is_key_id (const char *text) {
  return strlen (text) == 16 && strspn (text, "0123456789abcdef") == 16;
}

static gboolean is_sha256_or_empty (const char *text) {
  return *text == '\0' || tambo_is_sha256_hex (text);
}

static gboolean is_id_or_empty (const char *text) {
  return *text == '\0' || tambo_id_is_valid (text);
}

static gboolean is_time (const char *text) {
  gint64 seconds;

  return tambo_clock_parse (text, &seconds);
}

static gboolean is_name (const char *text) {
  return strlen (text) <= MAX_NAME_LENGTH;
}

typedef gboolean (*FormCheck) (const char *text);

/* A copy of a string member that has its form. */
static char *dup_member (JsonObject *object, const char *member, FormCheck has_form,
                         GError **error) {
  const char *text = tambo_json_get_string (object, member, error);

  if (text == NULL)
    return NULL;
  if (!has_form (text)) {
    set_protocol (error, "member \"%s\" does not have its form", member);
    return NULL;
  }
  return g_strdup (text);
}

static gboolean has_type (JsonObject *object, const char *type, GError **error) {
  if (g_strcmp0 (tambo_json_peek_string (object, "type"), type) == 0)
    return TRUE;
  set_protocol (error, "the statement is not of the type %s", type);
  return FALSE;
}

static void set_string (JsonObject *object, const char *member, const char *value) {
  json_object_set_string_member (object, member, value != NULL ? value : "");
}

/* Manifest */

TamboManifest *tambo_manifest_new (void) {
  return g_new0 (TamboManifest, 1);
}

void tambo_manifest_free (TamboManifest *manifest) {
  if (manifest == NULL)
    return;
  g_free (manifest->id);
  g_free (manifest->kind);
  g_free (manifest->sender);
  g_free (manifest->created);
  g_free (manifest->recipient);
  g_free (manifest->sha256);
  g_free (manifest->previous);
  g_free (manifest->case_id);
  g_free (manifest->audit_root);
  g_clear_pointer (&manifest->reply_key, g_bytes_unref);
  g_free (manifest);
}

char *tambo_manifest_sign (const TamboManifest *manifest, TamboKey *key) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "type", TYPE_MANIFEST);
  set_string (object, "id", manifest->id);
  set_string (object, "kind", manifest->kind);
  set_string (object, "sender", manifest->sender);
  json_object_set_int_member (object, "sequence", manifest->sequence);
  set_string (object, "created", manifest->created);
  set_string (object, "recipient", manifest->recipient);
  set_string (object, "sha256", manifest->sha256);
  json_object_set_int_member (object, "size", manifest->size);
  set_string (object, "previous", manifest->previous);
  set_string (object, "case", manifest->case_id);
  json_object_set_int_member (object, "audit_size", manifest->audit_size);
  set_string (object, "audit_root", manifest->audit_root);
  if (manifest->reply_key != NULL)
    tambo_json_set_bytes (object, "reply_key", manifest->reply_key);
  return tambo_json_sign (object, key);
}

static TamboManifest *manifest_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboManifest) manifest = tambo_manifest_new ();

  if (!has_type (object, TYPE_MANIFEST, error)
      || (manifest->id = dup_member (object, "id", tambo_id_is_valid, error)) == NULL
      || (manifest->kind = dup_member (object, "kind", is_kind, error)) == NULL
      || (manifest->sender = dup_member (object, "sender", tambo_station_code_is_valid, error))
             == NULL
      || !tambo_json_get_int (object, "sequence", 1, MAX_NUMBER, &manifest->sequence, error)
      || (manifest->created = dup_member (object, "created", is_time, error)) == NULL
      || (manifest->recipient = dup_member (object, "recipient", is_key_id, error)) == NULL
      || (manifest->sha256 = dup_member (object, "sha256", tambo_is_sha256_hex, error)) == NULL
      || !tambo_json_get_int (object, "size", 1, TAMBO_RECORD_MAX_SIZE, &manifest->size, error)
      || (manifest->previous = dup_member (object, "previous", is_sha256_or_empty, error)) == NULL
      || (manifest->case_id = dup_member (object, "case", is_id_or_empty, error)) == NULL
      || !tambo_json_get_int (object, "audit_size", 0, MAX_NUMBER, &manifest->audit_size, error)
      || (manifest->audit_root = dup_member (object, "audit_root", is_sha256_or_empty, error))
             == NULL)
    return NULL;
  if (json_object_has_member (object, "reply_key")) {
    manifest->reply_key = tambo_json_get_bytes (object, "reply_key", error);
    if (manifest->reply_key == NULL)
      return NULL;
    if (g_bytes_get_size (manifest->reply_key) != TAMBO_P256_POINT_SIZE) {
      set_protocol (error, "member \"%s\" does not have its form", "reply_key");
      return NULL;
    }
  }
  return g_steal_pointer (&manifest);
}

TamboManifest *tambo_manifest_verify (const char *text, TamboKey *key, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_verify (text, -1, key, &cause);
  TamboManifest *manifest = object != NULL ? manifest_from_json (object, &cause) : NULL;

  if (manifest == NULL)
    take_cause (error, "the manifest", cause);
  return manifest;
}

TamboManifest *tambo_manifest_peek (const char *text, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) signed_object = tambo_json_parse_object (text, -1, &cause);
  JsonObject *object =
      signed_object != NULL ? tambo_json_get_object (signed_object, "statement", &cause) : NULL;
  TamboManifest *manifest = object != NULL ? manifest_from_json (object, &cause) : NULL;

  if (manifest == NULL)
    take_cause (error, "the manifest", cause);
  return manifest;
}

/* Receipt */

void tambo_receipt_free (TamboReceipt *receipt) {
  if (receipt == NULL)
    return;
  g_free (receipt->id);
  g_free (receipt->sha256);
  g_free (receipt->station);
  g_free (receipt->log_root);
  g_free (receipt->time);
  g_free (receipt->incarnation);
  g_free (receipt);
}

char *tambo_receipt_sign (const TamboReceipt *receipt, TamboKey *key) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "type", TYPE_RECEIPT);
  set_string (object, "id", receipt->id);
  set_string (object, "sha256", receipt->sha256);
  set_string (object, "station", receipt->station);
  json_object_set_int_member (object, "sequence", receipt->sequence);
  json_object_set_int_member (object, "log_index", receipt->log_index);
  json_object_set_int_member (object, "log_size", receipt->log_size);
  set_string (object, "log_root", receipt->log_root);
  set_string (object, "time", receipt->time);
  set_string (object, "incarnation", receipt->incarnation);
  return tambo_json_sign (object, key);
}

static TamboReceipt *receipt_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboReceipt) receipt = g_new0 (TamboReceipt, 1);

  if (!has_type (object, TYPE_RECEIPT, error)
      || (receipt->id = dup_member (object, "id", tambo_id_is_valid, error)) == NULL
      || (receipt->sha256 = dup_member (object, "sha256", tambo_is_sha256_hex, error)) == NULL
      || (receipt->station = dup_member (object, "station", tambo_station_code_is_valid, error))
             == NULL
      || !tambo_json_get_int (object, "sequence", 1, MAX_NUMBER, &receipt->sequence, error)
      || !tambo_json_get_int (object, "log_index", 0, MAX_NUMBER - 1, &receipt->log_index, error)
      || !tambo_json_get_int (object, "log_size", receipt->log_index + 1, MAX_NUMBER,
                              &receipt->log_size, error)
      || (receipt->log_root = dup_member (object, "log_root", tambo_is_sha256_hex, error)) == NULL
      || (receipt->time = dup_member (object, "time", is_time, error)) == NULL
      || (receipt->incarnation = dup_member (object, "incarnation", tambo_id_is_valid, error))
             == NULL)
    return NULL;
  return g_steal_pointer (&receipt);
}

TamboReceipt *tambo_receipt_verify (const char *text, TamboKey *key, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_verify (text, -1, key, &cause);
  TamboReceipt *receipt = object != NULL ? receipt_from_json (object, &cause) : NULL;

  if (receipt == NULL)
    take_cause (error, "the receipt", cause);
  return receipt;
}

/* Checkpoint */

void tambo_checkpoint_free (TamboCheckpoint *checkpoint) {
  if (checkpoint == NULL)
    return;
  g_free (checkpoint->station);
  g_free (checkpoint->incarnation);
  g_free (checkpoint->root);
  g_clear_pointer (&checkpoint->proof, g_bytes_unref);
  g_free (checkpoint->time);
  g_free (checkpoint);
}

char *tambo_checkpoint_sign (const TamboCheckpoint *checkpoint, TamboKey *key) {
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  json_object_set_string_member (object, "type", TYPE_CHECKPOINT);
  set_string (object, "station", checkpoint->station);
  set_string (object, "incarnation", checkpoint->incarnation);
  json_object_set_int_member (object, "size", checkpoint->size);
  json_object_set_int_member (object, "old_size", checkpoint->old_size);
  set_string (object, "root", checkpoint->root);
  tambo_json_set_bytes (object, "proof", checkpoint->proof != NULL ? checkpoint->proof : nothing);
  set_string (object, "time", checkpoint->time);
  return tambo_json_sign (object, key);
}

static TamboCheckpoint *checkpoint_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboCheckpoint) checkpoint = g_new0 (TamboCheckpoint, 1);

  if (!has_type (object, TYPE_CHECKPOINT, error)
      || (checkpoint->station = dup_member (object, "station", tambo_station_code_is_valid, error))
             == NULL
      || (checkpoint->incarnation = dup_member (object, "incarnation", tambo_id_is_valid, error))
             == NULL
      || !tambo_json_get_int (object, "size", 0, MAX_NUMBER, &checkpoint->size, error)
      || !tambo_json_get_int (object, "old_size", 0, checkpoint->size, &checkpoint->old_size, error)
      || (checkpoint->root = dup_member (object, "root", tambo_is_sha256_hex, error)) == NULL
      || (checkpoint->proof = tambo_json_get_bytes (object, "proof", error)) == NULL
      || (checkpoint->time = dup_member (object, "time", is_time, error)) == NULL)
    return NULL;
  /* A tree of fewer than 2^53 leaves is at most 54 levels high. */
  if (g_bytes_get_size (checkpoint->proof) > 64 * TAMBO_SHA256_SIZE) {
    set_protocol (error, "member \"%s\" does not have its form", "proof");
    return NULL;
  }
  return g_steal_pointer (&checkpoint);
}

TamboCheckpoint *tambo_checkpoint_verify (const char *text, TamboKey *key, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_verify (text, -1, key, &cause);
  TamboCheckpoint *checkpoint = object != NULL ? checkpoint_from_json (object, &cause) : NULL;

  if (checkpoint == NULL)
    take_cause (error, "the checkpoint", cause);
  return checkpoint;
}

/* Trust */

void tambo_trust_free (TamboTrust *trust) {
  if (trust == NULL)
    return;
  g_free (trust->name);
  g_clear_pointer (&trust->signing_key, tambo_key_unref);
  g_clear_pointer (&trust->envelope_key, tambo_key_unref);
  g_clear_pointer (&trust->csca, g_ptr_array_unref);
  g_free (trust);
}

static void set_key (JsonObject *object, const char *member, TamboKey *key) {
  g_autoptr (GBytes) point = tambo_key_dup_point (key);

  tambo_json_set_bytes (object, member, point);
}

static TamboKey *get_key (JsonObject *object, const char *member, GError **error) {
  g_autoptr (GBytes) point = tambo_json_get_bytes (object, member, error);
  gsize size;
  gconstpointer data;

  if (point == NULL)
    return NULL;
  data = g_bytes_get_data (point, &size);
  return tambo_key_new_from_point (data, size, error);
}

JsonObject *tambo_trust_to_json (const TamboTrust *trust) {
  JsonObject *object = json_object_new ();
  JsonArray *csca = json_array_new ();

  set_string (object, "name", trust->name);
  set_key (object, "signing_key", trust->signing_key);
  set_key (object, "envelope_key", trust->envelope_key);
  for (guint i = 0; trust->csca != NULL && i < trust->csca->len; i++)
    json_array_add_string_element (csca, trust->csca->pdata[i]);
  json_object_set_array_member (object, "csca", csca);
  json_object_set_boolean_member (object, "practice", trust->practice);
  return object;
}

static GPtrArray *csca_from_json (JsonObject *object, GError **error) {
  JsonArray *array = tambo_json_get_array (object, "csca", error);
  guint length = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr (GPtrArray) csca = NULL;

  if (array == NULL)
    return NULL;
  if (length > MAX_CSCA) {
    set_protocol (error, "there are too many entries in \"%s\"", "csca");
    return NULL;
  }
  csca = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < length; i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING) {
      set_protocol (error, "an entry of \"%s\" is not a string", "csca");
      return NULL;
    }
    g_ptr_array_add (csca, g_strdup (json_node_get_string (node)));
  }
  return g_steal_pointer (&csca);
}

static gboolean get_boolean (JsonObject *object, const char *member, gboolean *out_value,
                             GError **error) {
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_BOOLEAN) {
    set_protocol (error, "member \"%s\" is not a boolean", member);
    return FALSE;
  }
  *out_value = json_node_get_boolean (node);
  return TRUE;
}

TamboTrust *tambo_trust_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboTrust) trust = g_new0 (TamboTrust, 1);
  GError *cause = NULL;

  if ((trust->name = dup_member (object, "name", is_name, &cause)) == NULL
      || (trust->signing_key = get_key (object, "signing_key", &cause)) == NULL
      || (trust->envelope_key = get_key (object, "envelope_key", &cause)) == NULL
      || (trust->csca = csca_from_json (object, &cause)) == NULL
      || !get_boolean (object, "practice", &trust->practice, &cause)) {
    take_cause (error, "headquarters' keys", cause);
    return NULL;
  }
  return g_steal_pointer (&trust);
}

/* Registration */

void tambo_registration_free (TamboRegistration *registration) {
  if (registration == NULL)
    return;
  tambo_secret_string_free (registration->token);
  g_free (registration->station);
  g_free (registration->csr);
  g_free (registration);
}

char *tambo_registration_to_json (const TamboRegistration *registration) {
  g_autoptr (JsonObject) object = json_object_new ();

  set_string (object, "token", registration->token);
  set_string (object, "station", registration->station);
  set_string (object, "csr", registration->csr);
  return tambo_json_canonical (object);
}

static gboolean is_token (const char *text) {
  return strlen (text) >= 16 && is_name (text);
}

static gboolean is_pem (const char *text) {
  return strlen (text) <= 16 * 1024;
}

TamboRegistration *tambo_registration_from_json (const char *text, gssize size, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, &cause);
  g_autoptr (TamboRegistration) registration = g_new0 (TamboRegistration, 1);

  if (object == NULL
      || (registration->token = dup_member (object, "token", is_token, &cause)) == NULL
      || (registration->station =
              dup_member (object, "station", tambo_station_code_is_valid, &cause))
             == NULL
      || (registration->csr = dup_member (object, "csr", is_pem, &cause)) == NULL) {
    take_cause (error, "the registration", cause);
    return NULL;
  }
  return g_steal_pointer (&registration);
}

char *tambo_registration_answer_to_json (const char *certificate_pem, const TamboTrust *trust) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "certificate", certificate_pem);
  json_object_set_object_member (object, "trust", tambo_trust_to_json (trust));
  return tambo_json_canonical (object);
}

gboolean tambo_registration_answer_from_json (const char *text, gssize size,
                                              char **out_certificate_pem, TamboTrust **out_trust,
                                              GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, &cause);
  g_autofree char *certificate = NULL;
  JsonObject *member;
  TamboTrust *trust;

  if (object == NULL || (certificate = dup_member (object, "certificate", is_pem, &cause)) == NULL
      || (member = tambo_json_get_object (object, "trust", &cause)) == NULL
      || (trust = tambo_trust_from_json (member, &cause)) == NULL) {
    take_cause (error, "the answer to the registration", cause);
    return FALSE;
  }
  *out_certificate_pem = g_steal_pointer (&certificate);
  *out_trust = trust;
  return TRUE;
}

/* Inbox */

void tambo_inbox_item_free (TamboInboxItem *item) {
  if (item == NULL)
    return;
  g_free (item->manifest);
  g_free (item);
}

char *tambo_inbox_items_to_json (GPtrArray *items) {
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < items->len; i++) {
    const TamboInboxItem *item = items->pdata[i];
    JsonObject *row = json_object_new ();

    json_object_set_int_member (row, "number", item->number);
    json_object_set_string_member (row, "manifest", item->manifest);
    json_array_add_object_element (array, row);
  }
  json_object_set_array_member (object, "items", array);
  return tambo_json_canonical (object);
}

static TamboInboxItem *item_from_json (JsonNode *node, gint64 previous, GError **error) {
  g_autoptr (TamboInboxItem) item = g_new0 (TamboInboxItem, 1);
  JsonObject *row;

  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    set_protocol (error, "an entry of \"%s\" is not an object", "items");
    return NULL;
  }
  row = json_node_get_object (node);
  if (!tambo_json_get_int (row, "number", previous + 1, MAX_NUMBER, &item->number, error)
      || (item->manifest = dup_member (row, "manifest", is_pem, error)) == NULL)
    return NULL;
  return g_steal_pointer (&item);
}

GPtrArray *tambo_inbox_items_from_json (const char *text, gssize size, GError **error) {
  GError *cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, &cause);
  JsonArray *array = object != NULL ? tambo_json_get_array (object, "items", &cause) : NULL;
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_inbox_item_free);
  gint64 previous = 0;

  if (array != NULL && json_array_get_length (array) > MAX_ITEMS)
    set_protocol (&cause, "there are too many entries in \"%s\"", "items");
  for (guint i = 0; cause == NULL && i < json_array_get_length (array); i++) {
    TamboInboxItem *item = item_from_json (json_array_get_element (array, i), previous, &cause);

    if (item != NULL) {
      previous = item->number;
      g_ptr_array_add (items, item);
    }
  }
  if (cause != NULL) {
    take_cause (error, "the inbox", cause);
    return NULL;
  }
  return g_steal_pointer (&items);
}
