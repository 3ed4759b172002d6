/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/token-p11kit.h"

/* What the token's flags tell of the tries that are left. */
static const struct {
  CK_FLAGS flag;
  TamboTokenError code;
  const char *words;
} tries_left[] = {
  { CKF_USER_PIN_LOCKED, TAMBO_TOKEN_ERROR_PIN_LOCKED, "the token is now locked" },
  { CKF_USER_PIN_FINAL_TRY, TAMBO_TOKEN_ERROR_PIN_LAST,
    "one try is left before the token is locked" },
  { CKF_USER_PIN_COUNT_LOW, TAMBO_TOKEN_ERROR_PIN_FEW,
    "few tries are left before the token is locked" },
};

static gboolean set_wrong_pin (TamboToken *token, GError **error) {
  CK_TOKEN_INFO now = { 0 };
  gboolean known = token->module->C_GetTokenInfo (token->slot, &now) == CKR_OK;

  for (gsize i = 0; known && i < G_N_ELEMENTS (tries_left); i++)
    if (now.flags & tries_left[i].flag) {
      g_set_error (error, TAMBO_TOKEN_ERROR, tries_left[i].code, "the token's PIN is wrong, %s",
                   tries_left[i].words);
      return FALSE;
    }
  g_set_error_literal (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_PIN, "the token's PIN is wrong");
  return FALSE;
}

static gboolean try_pin (TamboToken *token, gboolean has_own_keypad, GBytes *pin, GError **error) {
  gsize size = 0;
  gconstpointer data = pin != NULL ? g_bytes_get_data (pin, &size) : NULL;
  CK_RV result;

  if (pin == NULL && !has_own_keypad) {
    g_set_error_literal (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_PIN,
                         "the token wants a PIN");
    return FALSE;
  }
  result = token->module->C_Login (token->session, CKU_USER, (CK_UTF8CHAR *) data, size);
  if (result == CKR_PIN_INCORRECT)
    return set_wrong_pin (token, error);
  if (result == CKR_PIN_LOCKED) {
    g_set_error_literal (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_PIN_LOCKED,
                         "the token's PIN is locked");
    return FALSE;
  }
  return result == CKR_USER_ALREADY_LOGGED_IN
         || tambo_token_check (result, "the token refuses the PIN", error);
}

gboolean tambo_token_log_in (TamboToken *token, const CK_TOKEN_INFO *info, GBytes *pin,
                             GError **error) {
  CK_RV result =
      token->module->C_OpenSession (token->slot, CKF_SERIAL_SESSION, NULL, NULL, &token->session);

  if (!tambo_token_check (result, "the token cannot be opened", error))
    return FALSE;
  if ((info->flags & CKF_LOGIN_REQUIRED) == 0)
    return TRUE;
  if (info->flags & CKF_USER_PIN_LOCKED) {
    g_set_error_literal (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_PIN_LOCKED,
                         "the token's PIN is locked");
    return FALSE;
  }
  if (!try_pin (token, (info->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0, pin, error))
    return FALSE;
  token->pin = pin != NULL ? g_bytes_ref (pin) : NULL;
  return TRUE;
}
