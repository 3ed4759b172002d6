/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/token-p11kit.h"

#include <p11-kit/uri.h>
#include <string.h>

#include "base/bytes.h"
#include "base/file.h"

#define MAX_PIN_SIZE 256
#define MAX_SLOTS 64
#define MAX_ATTRIBUTE_SIZE (64 * 1024)

G_DEFINE_QUARK (tambo_token_error, tambo_token_error)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P11KitUri, p11_kit_uri_free)

static gboolean fail (GError **error, TamboTokenError code, const char *message) {
  g_set_error_literal (error, TAMBO_TOKEN_ERROR, code, message);
  return FALSE;
}

static TamboTokenError code_for (CK_RV result) {
  switch (result) {
  case CKR_PIN_INCORRECT:
  case CKR_PIN_INVALID:
  case CKR_PIN_LEN_RANGE:
  case CKR_PIN_EXPIRED:
  case CKR_USER_NOT_LOGGED_IN:
  case CKR_USER_PIN_NOT_INITIALIZED:
    return TAMBO_TOKEN_ERROR_PIN;
  case CKR_PIN_LOCKED:
    return TAMBO_TOKEN_ERROR_PIN_LOCKED;
  case CKR_TOKEN_NOT_PRESENT:
  case CKR_TOKEN_NOT_RECOGNIZED:
  case CKR_DEVICE_REMOVED:
  case CKR_SLOT_ID_INVALID:
  case CKR_SESSION_HANDLE_INVALID:
    return TAMBO_TOKEN_ERROR_NO_TOKEN;
  case CKR_MECHANISM_INVALID:
  case CKR_MECHANISM_PARAM_INVALID:
  case CKR_KEY_FUNCTION_NOT_PERMITTED:
  case CKR_KEY_TYPE_INCONSISTENT:
  case CKR_KEY_SIZE_RANGE:
  case CKR_FUNCTION_NOT_SUPPORTED:
    return TAMBO_TOKEN_ERROR_UNSUPPORTED;
  default:
    return TAMBO_TOKEN_ERROR_FAILED;
  }
}

gboolean tambo_token_check (CK_RV result, const char *context, GError **error) {
  if (result == CKR_OK)
    return TRUE;
  g_set_error (error, TAMBO_TOKEN_ERROR, code_for (result), "%s: %s", context,
               p11_kit_strerror (result));
  return FALSE;
}

gboolean tambo_token_is_uri (const char *text) {
  return g_ascii_strncasecmp (text, "pkcs11:", strlen ("pkcs11:")) == 0;
}

/* ---- what the URI says ---- */

static P11KitUri *parse_uri (const char *text, GError **error) {
  g_autoptr (P11KitUri) uri = p11_kit_uri_new ();
  int result = p11_kit_uri_parse (text, P11_KIT_URI_FOR_ANY, uri);

  if (result != P11_KIT_URI_OK) {
    g_set_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_URI, "not a PKCS#11 URI: %s",
                 p11_kit_uri_message (result));
    return NULL;
  }
  if (p11_kit_uri_any_unrecognized (uri)) {
    fail (error, TAMBO_TOKEN_ERROR_URI, "the PKCS#11 URI has an attribute that is not known");
    return NULL;
  }
  return g_steal_pointer (&uri);
}

/* RFC 7512 section 2.4: a file: URI or a path. A command (|…) is not run. */
static char *dup_pin_path (P11KitUri *uri, GError **error) {
  const char *source = p11_kit_uri_get_pin_source (uri);
  const char *path = source;

  if (source == NULL)
    return g_strdup (g_getenv ("TAMBO_PIN_FILE"));
  if (g_ascii_strncasecmp (source, "file:", strlen ("file:")) == 0) {
    path = source + strlen ("file:");
    if (g_str_has_prefix (path, "//"))
      path += strlen ("//");
  }
  if (!g_path_is_absolute (path)) {
    fail (error, TAMBO_TOKEN_ERROR_URI, "the pin-source of the PKCS#11 URI is no absolute path");
    return NULL;
  }
  return g_strdup (path);
}

static GBytes *read_pin (const char *path, GError **error) {
  g_autoptr (GBytes) content = tambo_file_read (path, MAX_PIN_SIZE, error);
  gsize size;
  const char *text;

  if (content == NULL)
    return NULL;
  text = g_bytes_get_data (content, &size);
  while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
    size--;
  GBytes *pin = tambo_secret_new (text, size);
  tambo_secret_wipe ((gpointer) g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  return pin;
}

/* NULL without an error when nobody has told a PIN. */
static GBytes *find_pin (P11KitUri *uri, GError **error) {
  const char *value = p11_kit_uri_get_pin_value (uri);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *path = NULL;
  GBytes *pin;

  if (value != NULL && g_getenv ("TAMBO_ALLOW_PIN_VALUE") == NULL) {
    fail (error, TAMBO_TOKEN_ERROR_NO_PIN,
          "a pin-value in the PKCS#11 URI can be read by every user of this machine");
    return NULL;
  }
  if (value != NULL)
    return tambo_secret_new (value, strlen (value));
  path = dup_pin_path (uri, &local_error);
  if (path == NULL) {
    if (local_error != NULL)
      g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  pin = read_pin (path, &local_error);
  if (pin == NULL)
    g_set_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_PIN, "the PIN cannot be read: %s",
                 local_error->message);
  return pin;
}

/* ---- modules and tokens ---- */

static gboolean load_single (TamboToken *token, const char *path, GError **error) {
  token->single = p11_kit_module_load (path, 0);
  if (token->single == NULL) {
    g_set_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_MODULE,
                 "the PKCS#11 module %s cannot be loaded: %s", path, p11_kit_message ());
    return FALSE;
  }
  CK_RV result = p11_kit_module_initialize (token->single);
  if (result != CKR_OK) {
    g_clear_pointer (&token->single, p11_kit_module_release);
    g_set_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_MODULE,
                 "the PKCS#11 module %s does not start: %s", path, p11_kit_strerror (result));
    return FALSE;
  }
  return TRUE;
}

/* The module of module-path, or those of the configuration: all, or the one that module-name names. */
static gboolean load_modules (TamboToken *token, P11KitUri *uri, GError **error) {
  const char *path = p11_kit_uri_get_module_path (uri);
  const char *name = p11_kit_uri_get_module_name (uri);

  if (path != NULL)
    return load_single (token, path, error);
  token->all = p11_kit_modules_load_and_initialize (0);
  if (token->all == NULL || token->all[0] == NULL)
    return fail (error, TAMBO_TOKEN_ERROR_NO_MODULE,
                 "no PKCS#11 module is configured, and the URI names none with module-path");
  if (name != NULL && p11_kit_module_for_name (token->all, name) == NULL) {
    g_set_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_MODULE,
                 "no PKCS#11 module is called %s", name);
    return FALSE;
  }
  return TRUE;
}

typedef struct {
  P11KitUri *uri; /* borrowed */
  guint found;
  CK_TOKEN_INFO info;
} TokenSearch;

static gboolean slot_fits (CK_FUNCTION_LIST *module, CK_SLOT_ID slot, P11KitUri *uri,
                           CK_TOKEN_INFO *out_info) {
  CK_SLOT_ID wanted = p11_kit_uri_get_slot_id (uri);
  CK_SLOT_INFO slot_info;

  return (wanted == (CK_SLOT_ID) -1 || wanted == slot)
         && module->C_GetSlotInfo (slot, &slot_info) == CKR_OK
         && p11_kit_uri_match_slot_info (uri, &slot_info)
         && module->C_GetTokenInfo (slot, out_info) == CKR_OK
         && (out_info->flags & CKF_TOKEN_INITIALIZED) != 0
         && p11_kit_uri_match_token_info (uri, out_info);
}

/* Remembers the first token that fits, and counts. */
static void search_module (TamboToken *token, CK_FUNCTION_LIST *module, TokenSearch *search) {
  CK_SLOT_ID slots[MAX_SLOTS];
  CK_ULONG count = MAX_SLOTS;
  CK_INFO info;

  if (module->C_GetInfo (&info) != CKR_OK || !p11_kit_uri_match_module_info (search->uri, &info)
      || module->C_GetSlotList (CK_TRUE, slots, &count) != CKR_OK)
    return;
  for (CK_ULONG i = 0; i < count; i++) {
    CK_TOKEN_INFO token_info;
    if (!slot_fits (module, slots[i], search->uri, &token_info))
      continue;
    if (search->found++ == 0) {
      token->module = module;
      token->slot = slots[i];
      search->info = token_info;
    }
  }
}

/* A PIN is tried on one token only: on the wrong one it would use up a try. */
static gboolean find_token (TamboToken *token, TokenSearch *search, GError **error) {
  const char *name = p11_kit_uri_get_module_name (search->uri);

  if (token->single != NULL)
    search_module (token, token->single, search);
  for (CK_FUNCTION_LIST **module = token->all; module != NULL && *module != NULL; module++)
    if (name == NULL || p11_kit_module_for_name (token->all, name) == *module)
      search_module (token, *module, search);
  if (search->found == 0)
    return fail (error, TAMBO_TOKEN_ERROR_NO_TOKEN, "no token fits the PKCS#11 URI");
  if (search->found > 1) {
    g_set_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_URI, "%u tokens fit the PKCS#11 URI",
                 search->found);
    return FALSE;
  }
  return TRUE;
}

/* ---- objects ---- */

GBytes *tambo_token_dup_attribute (TamboToken *token, CK_OBJECT_HANDLE object,
                                   CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE attribute = { type, NULL, 0 };

  if (token->module->C_GetAttributeValue (token->session, object, &attribute, 1) != CKR_OK
      || attribute.ulValueLen == 0 || attribute.ulValueLen > MAX_ATTRIBUTE_SIZE)
    return NULL;
  g_autofree guint8 *value = g_malloc0 (attribute.ulValueLen);
  attribute.pValue = value;
  if (token->module->C_GetAttributeValue (token->session, object, &attribute, 1) != CKR_OK)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&value), attribute.ulValueLen);
}

gboolean tambo_token_find (TamboToken *token, CK_ATTRIBUTE *attributes, CK_ULONG n_attributes,
                           CK_OBJECT_HANDLE *out_objects, CK_ULONG limit, CK_ULONG *out_count,
                           GError **error) {
  CK_ULONG count = 0;
  CK_RV result = token->module->C_FindObjectsInit (token->session, attributes, n_attributes);

  if (!tambo_token_check (result, "the token cannot be searched", error))
    return FALSE;
  result = token->module->C_FindObjects (token->session, out_objects, limit, &count);
  token->module->C_FindObjectsFinal (token->session);
  if (!tambo_token_check (result, "the token cannot be searched", error))
    return FALSE;
  *out_count = count;
  return TRUE;
}

/* The URI may say type=cert or public: what is meant is the private key of that name. */
static gboolean find_key (TamboToken *token, P11KitUri *uri, GError **error) {
  CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE attributes[3] = { { CKA_CLASS, &class, sizeof class } };
  CK_ATTRIBUTE *id = p11_kit_uri_get_attribute (uri, CKA_ID);
  CK_ATTRIBUTE *label = p11_kit_uri_get_attribute (uri, CKA_LABEL);
  CK_OBJECT_HANDLE keys[2];
  CK_ULONG n = 1, count;

  if (id != NULL)
    attributes[n++] = *id;
  if (label != NULL)
    attributes[n++] = *label;
  if (!tambo_token_find (token, attributes, n, keys, G_N_ELEMENTS (keys), &count, error))
    return FALSE;
  if (count == 0)
    return fail (error, TAMBO_TOKEN_ERROR_NO_KEY,
                 "the token has no private key that fits the PKCS#11 URI");
  if (count > 1)
    return fail (error, TAMBO_TOKEN_ERROR_URI,
                 "the token has several keys that fit the PKCS#11 URI");
  token->key = keys[0];
  return TRUE;
}

TamboToken *tambo_token_open_with_pin (const char *uri, GBytes *pin, GError **error) {
  g_autoptr (P11KitUri) parsed = parse_uri (uri, error);
  g_autoptr (TamboToken) token = NULL;
  g_autoptr (GError) pin_error = NULL;
  TokenSearch search = { .uri = parsed };

  if (parsed == NULL)
    return NULL;
  token = g_new0 (TamboToken, 1);
  g_mutex_init (&token->lock);
  g_autoptr (GBytes) known_pin = pin != NULL ? g_bytes_ref (pin) : find_pin (parsed, &pin_error);
  if (pin_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&pin_error));
    return NULL;
  }
  if (!load_modules (token, parsed, error) || !find_token (token, &search, error)
      || !tambo_token_log_in (token, &search.info, known_pin, error)
      || !find_key (token, parsed, error))
    return NULL;
  return g_steal_pointer (&token);
}

TamboToken *tambo_token_open (const char *uri, GError **error) {
  return tambo_token_open_with_pin (uri, NULL, error);
}

void tambo_token_free (TamboToken *token) {
  if (token == NULL)
    return;
  if (token->session != 0)
    token->module->C_CloseSession (token->session);
  if (token->single != NULL) {
    p11_kit_module_finalize (token->single);
    p11_kit_module_release (token->single);
  }
  if (token->all != NULL)
    p11_kit_modules_finalize_and_release (token->all);
  g_clear_pointer (&token->pin, g_bytes_unref);
  g_mutex_clear (&token->lock);
  g_free (token);
}
