/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/osia-token.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <string.h>

#include "base/bytes.h"
#include "base/id.h"
#include "base/json.h"
#include "hq/hq-error.h"

#define MAX_TOKEN 4096
#define HALF 32 /* bytes of each number of a signature */
#define SKEW 60 /* seconds that clocks may differ */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ECDSA_SIG, ECDSA_SIG_free)

void tambo_osia_token_free (TamboOsiaToken *token) {
  if (token == NULL)
    return;
  g_free (token->client);
  g_strfreev (token->scopes);
  g_free (token);
}

/* ---- base64url without padding (RFC 7515, section 2) ---- */

static char *encode (gconstpointer data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  char *text = tambo_base64_encode (bytes);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static GBytes *decode (const char *text) {
  static const char *const padding[] = { "", NULL, "==", "=" };
  const char *pad = padding[strlen (text) % 4];
  g_autofree char *plain = pad != NULL ? g_strconcat (text, pad, NULL) : NULL;

  if (plain == NULL || strpbrk (text, "+/=") != NULL)
    return NULL;
  g_strdelimit (plain, "-", '+');
  g_strdelimit (plain, "_", '/');
  return tambo_base64_decode (plain);
}

static char *encode_json (JsonObject *object) {
  g_autofree char *text = tambo_json_canonical (object);

  return encode (text, strlen (text));
}

static JsonObject *decode_json (const char *text) {
  g_autoptr (GBytes) bytes = decode (text);
  gsize size;
  const char *data;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  return tambo_json_parse_object (data, (gssize) size, NULL);
}

/* ---- signatures: r | s here, DER in base/crypto.h ---- */

static char *sign (TamboKey *key, const char *text) {
  g_autoptr (GBytes) der = tambo_key_sign (key, text, strlen (text));
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);
  g_autoptr (ECDSA_SIG) signature = d2i_ECDSA_SIG (NULL, &data, (long) size);
  guint8 raw[2 * HALF];

  g_assert (signature != NULL);
  BN_bn2binpad (ECDSA_SIG_get0_r (signature), raw, HALF);
  BN_bn2binpad (ECDSA_SIG_get0_s (signature), raw + HALF, HALF);
  return encode (raw, sizeof raw);
}

static gboolean verify (TamboKey *key, const char *text, gsize size, const char *signature_text) {
  g_autoptr (GBytes) raw = decode (signature_text);
  g_autoptr (ECDSA_SIG) signature = ECDSA_SIG_new ();
  g_autoptr (GBytes) der = NULL;
  const guint8 *data;
  guint8 *encoded = NULL;
  int n;

  if (raw == NULL || g_bytes_get_size (raw) != 2 * HALF)
    return FALSE;
  data = g_bytes_get_data (raw, NULL);
  ECDSA_SIG_set0 (signature, BN_bin2bn (data, HALF, NULL), BN_bin2bn (data + HALF, HALF, NULL));
  n = i2d_ECDSA_SIG (signature, &encoded);
  if (n <= 0)
    return FALSE;
  der = g_bytes_new (encoded, (gsize) n);
  OPENSSL_free (encoded);
  return tambo_key_verify (key, text, size, der);
}

/* ---- tokens ---- */

static JsonObject *make_claims (const char *issuer, const char *client, const char *scope,
                                gint64 now, gint64 seconds) {
  JsonObject *claims = json_object_new ();
  g_autofree char *id = tambo_id_new ();

  json_object_set_string_member (claims, "iss", issuer);
  json_object_set_string_member (claims, "sub", client);
  json_object_set_string_member (claims, "aud", TAMBO_OSIA_AUDIENCE);
  json_object_set_string_member (claims, "scope", scope);
  json_object_set_string_member (claims, "jti", id);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + seconds);
  return claims;
}

char *tambo_osia_token_sign (TamboKey *key, const char *issuer, const char *client,
                             const char *scope, gint64 now, gint64 seconds) {
  g_autoptr (JsonObject) header = json_object_new ();
  g_autoptr (JsonObject) claims = make_claims (issuer, client, scope, now, seconds);
  g_autofree char *head = NULL;
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;
  g_autofree char *signature = NULL;

  json_object_set_string_member (header, "alg", "ES256");
  json_object_set_string_member (header, "typ", "JWT");
  head = encode_json (header);
  body = encode_json (claims);
  text = g_strconcat (head, ".", body, NULL);
  signature = sign (key, text);
  return g_strconcat (text, ".", signature, NULL);
}

static gpointer refuse (GError **error, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_TOKEN, message);
  return NULL;
}

/* "aud" is a string or an array of them (RFC 7519, 4.1.3). */
static gboolean is_for_us (JsonObject *claims) {
  JsonNode *node = json_object_get_member (claims, "aud");
  JsonArray *array;

  if (node == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_VALUE (node))
    return g_strcmp0 (tambo_json_peek_string (claims, "aud"), TAMBO_OSIA_AUDIENCE) == 0;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING
        && strcmp (json_node_get_string (element), TAMBO_OSIA_AUDIENCE) == 0)
      return TRUE;
  }
  return FALSE;
}

static TamboOsiaToken *read_claims (JsonObject *claims, gint64 now, GError **error) {
  const char *client = tambo_json_peek_string (claims, "sub");
  const char *scope = tambo_json_peek_string (claims, "scope");
  gint64 expires, from = 0;
  TamboOsiaToken *token;

  if (client == NULL || *client == '\0' || scope == NULL || !is_for_us (claims))
    return refuse (error, "the token is not for this service, or names no client or scope");
  if (!tambo_json_get_int (claims, "exp", 0, G_MAXINT64 / 2, &expires, NULL))
    return refuse (error, "the token says no end of its time");
  if (json_object_has_member (claims, "nbf")
      && !tambo_json_get_int (claims, "nbf", 0, G_MAXINT64 / 2, &from, NULL))
    return refuse (error, "the token's time is malformed");
  if (expires <= now || from > now + SKEW)
    return refuse (error, "the token is out of its time");
  token = g_new0 (TamboOsiaToken, 1);
  token->client = g_strdup (client);
  token->scopes = g_strsplit (scope, " ", -1);
  return token;
}

TamboOsiaToken *tambo_osia_token_verify (const char *text, TamboKey *key, gint64 now,
                                         GError **error) {
  g_auto (GStrv) parts = strlen (text) <= MAX_TOKEN ? g_strsplit (text, ".", 4) : NULL;
  g_autoptr (JsonObject) header = NULL;
  g_autoptr (JsonObject) claims = NULL;

  if (parts == NULL || g_strv_length (parts) != 3)
    return refuse (error, "the token is none");
  header = decode_json (parts[0]);
  if (header == NULL || g_strcmp0 (tambo_json_peek_string (header, "alg"), "ES256") != 0
      || json_object_has_member (header, "crit"))
    return refuse (error, "the token is not signed with ES256");
  if (!verify (key, text, strlen (parts[0]) + 1 + strlen (parts[1]), parts[2]))
    return refuse (error, "the token's signature does not hold");
  claims = decode_json (parts[1]);
  return claims != NULL ? read_claims (claims, now, error)
                        : refuse (error, "the token has no claims");
}
