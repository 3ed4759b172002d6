/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/data-key.h"

#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/hash.h"
#include "base/token.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/key-copies.h"

#define PLACE "data-key"
#define INBOX_KEY "inbox-key"
#define INBOX_KEY_PLACE "settings/" INBOX_KEY

typedef enum {
  FORM_PASSWORD = 1,
  FORM_TOKEN = 2,
} Form;

GBytes *tambo_data_key_new (void) {
  guint8 key[TAMBO_AES256_KEY_SIZE];
  GBytes *secret;

  tambo_random (key, sizeof key);
  secret = tambo_secret_new (key, sizeof key);
  tambo_secret_wipe (key, sizeof key);
  return secret;
}

/* ---- the key that wraps ---- */

/* SECRET and POINTS are NULL without a token. */
static GBytes *wrapping_key (GBytes *unlock_key, GBytes *secret, GBytes *points) {
  g_autoptr (GBytes) no_salt = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) prk = tambo_hkdf_extract (secret != NULL ? secret : no_salt, unlock_key);
  g_autoptr (GByteArray) info = g_byte_array_new ();
  g_autoptr (GBytes) info_bytes = NULL;

  tambo_put_bytes (info, PLACE, strlen (PLACE));
  if (points != NULL)
    tambo_put_bytes (info, g_bytes_get_data (points, NULL), g_bytes_get_size (points));
  info_bytes = g_byte_array_free_to_bytes (g_steal_pointer (&info));
  return tambo_hkdf_expand (prk, info_bytes, TAMBO_AES256_KEY_SIZE);
}

static GBytes *join (Form form, GBytes *points, GBytes *sealed) {
  GByteArray *wrapping = g_byte_array_new ();

  tambo_put_u8 (wrapping, (guint8) form);
  if (points != NULL)
    tambo_put_bytes (wrapping, g_bytes_get_data (points, NULL), g_bytes_get_size (points));
  tambo_put_bytes (wrapping, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  return g_byte_array_free_to_bytes (wrapping);
}

/* The form and the points are bound by the key that is derived with them; the place is, too. */
static GBytes *wrap (Form form, GBytes *unlock_key, GBytes *secret, GBytes *points,
                     GBytes *data_key) {
  g_autoptr (GBytes) place = g_bytes_new_static (PLACE, strlen (PLACE));
  g_autoptr (GBytes) key = wrapping_key (unlock_key, secret, points);
  g_autoptr (GBytes) sealed = tambo_aead_seal (key, place, data_key);

  return join (form, points, sealed);
}

gboolean tambo_data_key_save_first (TamboStore *store, GBytes *unlock_key, GBytes *data_key,
                                    GError **error) {
  g_autoptr (GBytes) wrapping = wrap (FORM_PASSWORD, unlock_key, NULL, NULL, data_key);

  return tambo_key_copies_save (store, NULL, wrapping, error);
}

/* ---- the token ---- */

/* The uncompressed point of the token's public key; UNSUPPORTED for anything but P-256. */
static GBytes *dup_token_point (TamboToken *token, GError **error) {
  g_autoptr (EVP_PKEY) key = tambo_token_dup_public_key (token, error);
  char curve[32] = "";
  guint8 point[TAMBO_P256_POINT_SIZE];
  gsize size = 0;

  if (key == NULL)
    return NULL;
  if (EVP_PKEY_get_utf8_string_param (key, "group", curve, sizeof curve, NULL) != 1
      || strcmp (curve, "prime256v1") != 0
      || EVP_PKEY_get_octet_string_param (key, "encoded-pub-key", point, sizeof point, &size) != 1
      || size != sizeof point || point[0] != 4) {
    g_set_error_literal (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_UNSUPPORTED,
                         "the token's key is not an EC key on P-256");
    return NULL;
  }
  return g_bytes_new (point, sizeof point);
}

/* POINTS is the token's and then a fresh one, whose private half is forgotten here: what it made with
 * the token's public key is made again by the token alone. */
static GBytes *make_secret (GBytes *token_point, GBytes **out_points, GError **error) {
  g_autoptr (TamboKey) ephemeral = tambo_key_generate ();
  g_autoptr (GBytes) ephemeral_point = tambo_key_dup_point (ephemeral);
  g_autoptr (TamboKey) public_key = tambo_key_new_from_point (
      g_bytes_get_data (token_point, NULL), g_bytes_get_size (token_point), error);
  GByteArray *points;
  GBytes *secret = public_key != NULL ? tambo_key_derive (ephemeral, public_key, error) : NULL;

  if (secret == NULL)
    return NULL;
  points = g_byte_array_new ();
  tambo_put_bytes (points, g_bytes_get_data (token_point, NULL), TAMBO_P256_POINT_SIZE);
  tambo_put_bytes (points, g_bytes_get_data (ephemeral_point, NULL), TAMBO_P256_POINT_SIZE);
  *out_points = g_byte_array_free_to_bytes (points);
  return secret;
}

/* What the token makes of the points of a wrapping. */
static GBytes *remake_secret (const char *uri, GBytes *points, GBytes *pin, GError **error) {
  g_autoptr (TamboToken) token = tambo_token_open_with_pin (uri, pin, error);
  g_autoptr (GBytes) point = token != NULL ? dup_token_point (token, error) : NULL;
  g_autoptr (GBytes) enrolled = g_bytes_new_from_bytes (points, 0, TAMBO_P256_POINT_SIZE);
  g_autoptr (GBytes) ephemeral =
      g_bytes_new_from_bytes (points, TAMBO_P256_POINT_SIZE, TAMBO_P256_POINT_SIZE);

  if (point == NULL)
    return NULL;
  if (!g_bytes_equal (point, enrolled)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_TOKEN,
                         "the token's key is another one than this station was bound to");
    return NULL;
  }
  return tambo_token_derive (token, ephemeral, error);
}

/* ---- opening ---- */

char *tambo_data_key_dup_token (TamboStore *store, GError **error) {
  g_auto (TamboKeyRow) row = { 0 };

  return tambo_key_copies_load_any (store, &row, error) ? g_steal_pointer (&row.uri) : NULL;
}

char *tambo_data_key_dup_mark (TamboStore *store, GError **error) {
  g_auto (TamboKeyRow) row = { 0 };

  return tambo_key_copies_load_any (store, &row, error) ? g_steal_pointer (&row.sha256) : NULL;
}

static GBytes *set_malformed (GError **error) {
  g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                       PLACE ": the wrapped key is malformed");
  return NULL;
}

static GBytes *open_wrapping (const TamboKeyRow *row, GBytes *unlock_key, GBytes *pin,
                              GError **error) {
  TamboReader reader = tambo_reader_for_bytes (row->wrapping);
  g_autoptr (GBytes) place = g_bytes_new_static (PLACE, strlen (PLACE));
  g_autoptr (GBytes) points = NULL, secret = NULL, sealed = NULL, key = NULL, data_key = NULL;
  const guint8 *point_bytes;
  guint8 form;

  if (!tambo_reader_u8 (&reader, &form) || (form == FORM_TOKEN) != (row->uri != NULL))
    return set_malformed (error);
  if (form == FORM_TOKEN) {
    if (!tambo_reader_take (&reader, 2 * TAMBO_P256_POINT_SIZE, &point_bytes))
      return set_malformed (error);
    points = g_bytes_new (point_bytes, 2 * TAMBO_P256_POINT_SIZE);
    secret = remake_secret (row->uri, points, pin, error);
    if (secret == NULL)
      return NULL;
  }
  sealed = g_bytes_new_from_bytes (row->wrapping, reader.position, tambo_reader_left (&reader));
  key = wrapping_key (unlock_key, secret, points);
  data_key = tambo_aead_open (key, place, sealed, NULL);
  return data_key != NULL && g_bytes_get_size (data_key) == TAMBO_AES256_KEY_SIZE
             ? g_steal_pointer (&data_key)
             : set_malformed (error);
}

static GBytes *open_copy (TamboStore *store, guint number, GBytes *unlock_key, GBytes *pin,
                          gboolean *out_is_there, GError **error) {
  g_auto (TamboKeyRow) row = { 0 };
  GBytes *data_key;

  *out_is_there = TRUE;
  if (!tambo_key_copies_load (store, number, &row, error))
    return NULL;
  *out_is_there = row.wrapping != NULL;
  data_key = *out_is_there ? open_wrapping (&row, unlock_key, pin, error) : NULL;
  if (data_key != NULL)
    tambo_key_copies_heal (store, &row);
  return data_key;
}

GBytes *tambo_data_key_open (TamboStore *store, GBytes *unlock_key, GBytes *pin, GError **error) {
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < TAMBO_KEY_COPIES; i++) {
    g_autoptr (GError) reason = NULL;
    gboolean is_there;
    GBytes *data_key = open_copy (store, i, unlock_key, pin, &is_there, &reason);

    if (data_key != NULL)
      return data_key;
    if (is_there && first == NULL)
      first = g_steal_pointer (&reason);
    /* What a token or a disk says of one copy it says of the other. */
    if (first != NULL && !g_error_matches (first, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT))
      break;
  }
  if (first == NULL)
    return g_bytes_ref (unlock_key);
  g_propagate_error (error, g_steal_pointer (&first));
  return NULL;
}

/* ---- sealing anew ---- */

/* Everything that lies under the data key. */
typedef struct {
  const char *list; /* key of the row, its place, what is sealed */
  const char *update;
} Sealed;

static const Sealed sealed_columns[] = {
  { "SELECT rowid, 'cases/' || id, sealed FROM cases WHERE sealed IS NOT NULL AND rowid > ?"
    " ORDER BY rowid LIMIT 1",
    "UPDATE cases SET sealed = ?, sha256 = ? WHERE rowid = ?" },
  { "SELECT rowid, 'samples/' || case_id || '/' || slot, sealed FROM samples WHERE rowid > ?"
    " ORDER BY rowid LIMIT 1",
    "UPDATE samples SET sealed = ?, sha256 = ? WHERE rowid = ?" },
  { "SELECT rowid, 'operator_fingers/' || operator_id || '/' || position, sealed"
    " FROM operator_fingers WHERE rowid > ? ORDER BY rowid LIMIT 1",
    "UPDATE operator_fingers SET sealed = ?, sha256 = ? WHERE rowid = ?" },
};

static GBytes *reseal (const char *place, GBytes *sealed, GBytes *old_key, GBytes *new_key,
                       GError **error) {
  g_autoptr (GBytes) associated_data = g_bytes_new (place, strlen (place));
  g_autoptr (GBytes) plaintext = tambo_aead_open (old_key, associated_data, sealed, NULL);

  if (plaintext == NULL)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "%s: it does not open, and the new key would leave it behind", place);
  return plaintext != NULL ? tambo_aead_seal (new_key, associated_data, plaintext) : NULL;
}

static gboolean reseal_column (TamboStore *store, const Sealed *column, GBytes *old_key,
                               GBytes *new_key, GError **error) {
  gint64 row_id = 0;

  for (;;) {
    g_autoptr (sqlite3_stmt) row = tambo_db_prepare (store, error, column->list, "l", row_id);
    TamboDbStep step = row != NULL ? tambo_db_step (store, row, error) : TAMBO_DB_FAILED;
    g_autofree char *place = NULL, *hash = NULL;
    g_autoptr (GBytes) sealed = NULL, again = NULL;

    if (step != TAMBO_DB_ROW)
      return step == TAMBO_DB_DONE;
    row_id = sqlite3_column_int64 (row, 0);
    place = tambo_db_dup_text (row, 1);
    sealed = tambo_db_dup_blob (row, 2);
    g_clear_pointer (&row, sqlite3_finalize);
    again = reseal (place, sealed, old_key, new_key, error);
    if (again == NULL)
      return FALSE;
    hash = tambo_sha256_hex (again);
    if (!tambo_db_run (store, error, column->update, "bsl", again, hash, row_id))
      return FALSE;
  }
}

static gboolean reseal_inbox_key (TamboStore *store, GBytes *old_key, GBytes *new_key,
                                  GError **error) {
  g_autoptr (GError) reason = NULL;
  g_autofree char *text = tambo_store_dup_setting (store, INBOX_KEY, &reason);
  g_autoptr (GBytes) sealed = text != NULL ? tambo_base64_decode (text) : NULL;
  g_autoptr (GBytes) again = NULL;
  g_autofree char *new_text = NULL;

  if (reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (text == NULL)
    return TRUE;
  if (sealed == NULL)
    return set_malformed (error) != NULL;
  again = reseal (INBOX_KEY_PLACE, sealed, old_key, new_key, error);
  if (again == NULL)
    return FALSE;
  new_text = tambo_base64_encode (again);
  return tambo_store_set_setting (store, INBOX_KEY, new_text, error);
}

/* The index is made again at the next search. */
static gboolean drop_index (TamboStore *store, GError **error) {
  return tambo_db_execute (store,
                           "DELETE FROM search_tokens;"
                           "UPDATE cases SET tokens = NULL WHERE sealed IS NOT NULL",
                           error);
}

static gboolean reseal_everything (TamboStore *store, GBytes *new_key, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS (sealed_columns); i++)
    if (!reseal_column (store, &sealed_columns[i], store->data_key, new_key, error))
      return FALSE;
  return reseal_inbox_key (store, store->data_key, new_key, error) && drop_index (store, error);
}

/* ---- changing ---- */

static gboolean check_unlocked (TamboStore *store, GError **error) {
  if (tambo_store_note_use (store))
    return TRUE;
  g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED,
                       "no operator has unlocked the store");
  return FALSE;
}

/* A new data key under a new wrapping, and everything under the new data key. */
static gboolean change (TamboStore *store, const char *uri, GBytes *token_point, const char *actor,
                        const char *action, GError **error) {
  g_autoptr (GBytes) data_key = tambo_data_key_new ();
  g_autoptr (GBytes) points = NULL, secret = NULL, wrapping = NULL;
  g_autoptr (TamboTransaction) transaction = NULL;

  if (token_point != NULL) {
    secret = make_secret (token_point, &points, error);
    if (secret == NULL)
      return FALSE;
  }
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL || !check_unlocked (store, error))
    return FALSE;
  wrapping =
      wrap (uri != NULL ? FORM_TOKEN : FORM_PASSWORD, store->unlock_key, secret, points, data_key);
  if (!reseal_everything (store, data_key, error)
      || !tambo_key_copies_save (store, uri, wrapping, error)
      || !tambo_audit_append (store, actor, action, uri != NULL ? uri : "", wrapping, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  g_bytes_unref (store->data_key);
  store->data_key = g_steal_pointer (&data_key);
  g_free (store->data_key_mark);
  store->data_key_mark = tambo_sha256_hex (wrapping);
  return TRUE;
}

gboolean tambo_data_key_set_token (TamboStore *store, const char *uri, GBytes *pin,
                                   const char *actor, GError **error) {
  g_autoptr (TamboToken) token = NULL;
  g_autoptr (GBytes) point = NULL, peer = NULL, proof = NULL;
  g_autoptr (TamboKey) trial = tambo_key_generate ();

  if (uri == NULL)
    return change (store, NULL, NULL, actor, "key.token-removed", error);
  token = tambo_token_open_with_pin (uri, pin, error);
  point = token != NULL ? dup_token_point (token, error) : NULL;
  if (point == NULL)
    return FALSE;
  /* A token that signs but cannot derive would lock everybody out. */
  peer = tambo_key_dup_point (trial);
  proof = tambo_token_derive (token, peer, error);
  return proof != NULL && change (store, uri, point, actor, "key.token", error);
}

/* The token's own point is in the wrapping: it takes no token to turn the key. */
static GBytes *dup_enrolled_point (const TamboKeyRow *row, GError **error) {
  if (row->wrapping == NULL || g_bytes_get_size (row->wrapping) < 1 + 2 * TAMBO_P256_POINT_SIZE)
    return set_malformed (error);
  return g_bytes_new_from_bytes (row->wrapping, 1, TAMBO_P256_POINT_SIZE);
}

gboolean tambo_data_key_rotate (TamboStore *store, const char *actor, GError **error) {
  g_auto (TamboKeyRow) row = { 0 };
  g_autoptr (GBytes) point = NULL;

  if (!tambo_key_copies_load_any (store, &row, error))
    return FALSE;
  if (row.uri != NULL) {
    point = dup_enrolled_point (&row, error);
    if (point == NULL)
      return FALSE;
  }
  return change (store, row.uri, point, actor, "key.rotate", error);
}
