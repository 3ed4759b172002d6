/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A PKCS#11 module in front of SoftHSM (TAMBO_SOFTHSM) that locks a token as cards do, which SoftHSM does not: after
 * three wrong PINs in a row. TAMBO_TOKEN_TRIES is the file that keeps how many there were.
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>

#define TRIES 3

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST ours;

static int read_failures (void) {
  FILE *file = fopen (getenv ("TAMBO_TOKEN_TRIES"), "r");
  int failures = 0;

  if (file == NULL)
    return 0;
  if (fscanf (file, "%d", &failures) != 1)
    failures = 0;
  fclose (file);
  return failures;
}

static void write_failures (int failures) {
  FILE *file = fopen (getenv ("TAMBO_TOKEN_TRIES"), "w");

  if (file == NULL)
    return;
  fprintf (file, "%d\n", failures);
  fclose (file);
}

static CK_RV log_in (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin,
                     CK_ULONG size) {
  int failures = read_failures ();
  CK_RV result;

  if (failures >= TRIES)
    return CKR_PIN_LOCKED;
  result = real->C_Login (session, user, pin, size);
  if (result == CKR_OK || result == CKR_PIN_INCORRECT)
    write_failures (result == CKR_OK ? 0 : failures + 1);
  return result;
}

static CK_RV get_token_info (CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  CK_RV result = real->C_GetTokenInfo (slot, info);
  int failures = read_failures ();

  info->flags &= ~(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
  if (failures > 0)
    info->flags |= CKF_USER_PIN_COUNT_LOW;
  if (failures == TRIES - 1)
    info->flags |= CKF_USER_PIN_FINAL_TRY;
  if (failures >= TRIES)
    info->flags |= CKF_USER_PIN_LOCKED;
  return result;
}

__attribute__ ((visibility ("default"))) CK_RV C_GetFunctionList (CK_FUNCTION_LIST_PTR_PTR list) {
  void *module = dlopen (getenv ("TAMBO_SOFTHSM"), RTLD_NOW | RTLD_LOCAL);
  CK_RV (*get_list) (CK_FUNCTION_LIST_PTR_PTR) = NULL;

  if (module != NULL)
    get_list = (CK_RV (*) (CK_FUNCTION_LIST_PTR_PTR)) dlsym (module, "C_GetFunctionList");
  if (get_list == NULL || get_list (&real) != CKR_OK)
    return CKR_GENERAL_ERROR;
  ours = *real;
  ours.C_Login = log_in;
  ours.C_GetTokenInfo = get_token_info;
  *list = &ours;
  return CKR_OK;
}
