/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"

/* 2^53: what every JSON reader keeps whole. */
#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740992)

static gboolean malformed (GError **error, const char *what) {
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
               "%s: an entry does not have its form", what);
  return FALSE;
}

void tambo_claim_free (TamboClaim *claim) {
  if (claim == NULL)
    return;
  g_free (claim->sha256);
  g_free (claim);
}

void tambo_inbox_claim_free (TamboInboxClaim *claim) {
  if (claim == NULL)
    return;
  g_free (claim->sha256);
  g_free (claim);
}

TamboClaims *tambo_claims_new (void) {
  TamboClaims *claims = g_new0 (TamboClaims, 1);

  claims->receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_claim_free);
  claims->inbox = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_inbox_claim_free);
  return claims;
}

void tambo_claims_free (TamboClaims *claims) {
  if (claims == NULL)
    return;
  g_ptr_array_unref (claims->receipts);
  g_ptr_array_unref (claims->inbox);
  g_free (claims);
}

void tambo_claims_add (TamboClaims *claims, gint64 sequence, gint64 log_index, const char *sha256,
                       gboolean is_kept) {
  TamboClaim *claim = g_new0 (TamboClaim, 1);

  claim->sequence = sequence;
  claim->log_index = log_index;
  claim->is_kept = is_kept;
  claim->sha256 = g_strdup (sha256);
  g_ptr_array_add (claims->receipts, claim);
}

void tambo_claims_add_message (TamboClaims *claims, gint64 number, const char *sha256) {
  TamboInboxClaim *claim = g_new0 (TamboInboxClaim, 1);

  claim->number = number;
  claim->sha256 = g_strdup (sha256);
  g_ptr_array_add (claims->inbox, claim);
}

char *tambo_claims_to_json (const TamboClaims *claims) {
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *receipts = json_array_new (), *inbox = json_array_new ();

  for (guint i = 0; i < claims->receipts->len; i++) {
    const TamboClaim *claim = claims->receipts->pdata[i];
    JsonObject *row = json_object_new ();

    json_object_set_int_member (row, "sequence", claim->sequence);
    json_object_set_int_member (row, "log_index", claim->log_index);
    json_object_set_int_member (row, "kept", claim->is_kept);
    json_object_set_string_member (row, "sha256", claim->sha256);
    json_array_add_object_element (receipts, row);
  }
  for (guint i = 0; i < claims->inbox->len; i++) {
    const TamboInboxClaim *claim = claims->inbox->pdata[i];
    JsonObject *row = json_object_new ();

    json_object_set_int_member (row, "number", claim->number);
    json_object_set_string_member (row, "sha256", claim->sha256);
    json_array_add_object_element (inbox, row);
  }
  json_object_set_array_member (object, "receipts", receipts);
  json_object_set_array_member (object, "inbox", inbox);
  json_object_set_int_member (object, "whole", claims->is_whole);
  return tambo_json_canonical (object);
}

/* An element of ARRAY that has to be an object with a SHA-256; NULL otherwise. */
static JsonObject *get_row (JsonArray *array, guint i, const char **out_sha256) {
  JsonNode *node = json_array_get_element (array, i);
  JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  *out_sha256 = row != NULL ? tambo_json_peek_string (row, "sha256") : NULL;
  return *out_sha256 != NULL && tambo_is_sha256_hex (*out_sha256) ? row : NULL;
}

static gboolean read_receipts (TamboClaims *claims, JsonArray *array, GError **error) {
  for (guint i = 0; i < json_array_get_length (array); i++) {
    const char *sha256;
    JsonObject *row = get_row (array, i, &sha256);
    gint64 sequence, log_index, is_kept;

    if (row == NULL)
      return malformed (error, "receipts");
    if (!tambo_json_get_int (row, "sequence", 1, MAX_NUMBER, &sequence, error)
        || !tambo_json_get_int (row, "log_index", 0, MAX_NUMBER, &log_index, error)
        || !tambo_json_get_int (row, "kept", 0, 1, &is_kept, error))
      return FALSE;
    tambo_claims_add (claims, sequence, log_index, sha256, is_kept == 1);
  }
  return TRUE;
}

/* Numbers go down. */
static gboolean read_inbox (TamboClaims *claims, JsonArray *array, GError **error) {
  gint64 before = MAX_NUMBER;

  for (guint i = 0; i < json_array_get_length (array); i++) {
    const char *sha256;
    JsonObject *row = get_row (array, i, &sha256);
    gint64 number;

    if (row == NULL)
      return malformed (error, "inbox");
    if (!tambo_json_get_int (row, "number", 1, before - 1, &number, error))
      return FALSE;
    tambo_claims_add_message (claims, number, sha256);
    before = number;
  }
  return TRUE;
}

TamboClaims *tambo_claims_from_json (const char *text, gssize size, GError **error) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, error);
  g_autoptr (TamboClaims) claims = tambo_claims_new ();
  JsonArray *receipts, *inbox;
  gint64 is_whole;

  if (object == NULL || (receipts = tambo_json_get_array (object, "receipts", error)) == NULL
      || (inbox = tambo_json_get_array (object, "inbox", error)) == NULL
      || !tambo_json_get_int (object, "whole", 0, 1, &is_whole, error))
    return NULL;
  if (json_array_get_length (receipts) > TAMBO_MAX_CLAIMS
      || json_array_get_length (inbox) > TAMBO_MAX_CLAIMS) {
    malformed (error, "receipts");
    return NULL;
  }
  claims->is_whole = is_whole == 1;
  if (!read_receipts (claims, receipts, error) || !read_inbox (claims, inbox, error))
    return NULL;
  return g_steal_pointer (&claims);
}

TamboClaimsAnswer *tambo_claims_answer_new (void) {
  TamboClaimsAnswer *answer = g_new0 (TamboClaimsAnswer, 1);

  answer->unknown = g_array_new (FALSE, FALSE, sizeof (gint64));
  answer->changes = -1;
  return answer;
}

void tambo_claims_answer_free (TamboClaimsAnswer *answer) {
  if (answer == NULL)
    return;
  g_array_unref (answer->unknown);
  g_free (answer);
}

char *tambo_claims_answer_to_json (const TamboClaimsAnswer *answer) {
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *unknown = json_array_new ();

  for (guint i = 0; i < answer->unknown->len; i++)
    json_array_add_int_element (unknown, g_array_index (answer->unknown, gint64, i));
  json_object_set_array_member (object, "unknown", unknown);
  json_object_set_int_member (object, "inbox", answer->inbox);
  json_object_set_int_member (object, "reference", answer->reference);
  if (answer->changes >= 0)
    json_object_set_int_member (object, "changes", answer->changes);
  return tambo_json_canonical (object);
}

TamboClaimsAnswer *tambo_claims_answer_from_json (const char *text, gssize size, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, &cause);
  g_autoptr (TamboClaimsAnswer) answer = tambo_claims_answer_new ();
  JsonArray *unknown;

  if (object == NULL || (unknown = tambo_json_get_array (object, "unknown", &cause)) == NULL
      || !tambo_json_get_int (object, "inbox", 0, MAX_NUMBER, &answer->inbox, &cause)
      || !tambo_json_get_int (object, "reference", 0, MAX_NUMBER, &answer->reference, &cause)
      || (json_object_has_member (object, "changes")
          && !tambo_json_get_int (object, "changes", 0, MAX_NUMBER, &answer->changes, &cause))) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL, "the receipts: %s",
                 cause->message);
    return NULL;
  }
  for (guint i = 0; i < json_array_get_length (unknown); i++) {
    JsonNode *node = json_array_get_element (unknown, i);
    gint64 sequence;

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64) {
      malformed (error, "unknown");
      return NULL;
    }
    sequence = json_node_get_int (node);
    g_array_append_val (answer->unknown, sequence);
  }
  return g_steal_pointer (&answer);
}
