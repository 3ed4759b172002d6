/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A PKCS#11 token of SoftHSM in a folder of its own, for tests.
 */
#pragma once

#include <glib.h>

#define SOFT_TOKEN_PIN "123456"
#define SOFT_TOKEN_LABEL "tambo test"

typedef struct {
  char *folder, *module;
} SoftToken;

/* Sets SOFTHSM2_CONF, and makes one token with the user PIN SOFT_TOKEN_PIN. NULL after g_test_skip when
 * SoftHSM or pkcs11-tool is not installed. */
SoftToken *soft_token_new (void);
void soft_token_free (SoftToken *token);

/* Makes a key pair inside; TYPE is what pkcs11-tool has: "EC:prime256v1", "rsa:2048". ID in hexadecimal. */
void soft_token_generate (SoftToken *token, const char *type, const char *label, const char *id);
/* Puts a DER certificate beside a key. */
void soft_token_put_certificate (SoftToken *token, GBytes *der, const char *label, const char *id);
/* A URI for LABEL with module-path, and pin-source to the right PIN; REST is added ("" for nothing). */
char *soft_token_uri (SoftToken *token, const char *label, const char *rest);
/* The same without any PIN. */
char *soft_token_uri_without_pin (SoftToken *token, const char *label);
