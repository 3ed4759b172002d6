/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of base/token.h share: an open session, and the module's codes as errors. Private.
 */
#pragma once

#include <p11-kit/p11-kit.h>

#include "base/token.h"

struct _TamboToken {
  GMutex lock;              /* a session does one thing at a time */
  CK_FUNCTION_LIST **all;   /* the modules of the configuration, or NULL */
  CK_FUNCTION_LIST *single; /* the module of module-path, or NULL */
  CK_FUNCTION_LIST *module; /* borrowed from one of the two */
  CK_SLOT_ID slot;
  CK_SESSION_HANDLE session; /* 0: none */
  CK_OBJECT_HANDLE key;      /* the private key */
  GBytes *pin;               /* a secret; for keys that want it at each signature; or NULL */
};

/* FALSE, and an error "CONTEXT: what RESULT means", unless RESULT is CKR_OK. */
gboolean tambo_token_check (CK_RV result, const char *context, GError **error);

/* The bytes of one attribute. NULL without an error when the object does not have or show it. */
GBytes *tambo_token_dup_attribute (TamboToken *token, CK_OBJECT_HANDLE object,
                                   CK_ATTRIBUTE_TYPE type) G_GNUC_WARN_UNUSED_RESULT;

/* The first objects that fit TEMPLATE, at most LIMIT; how many in OUT_COUNT. */
gboolean tambo_token_find (TamboToken *token, CK_ATTRIBUTE *attributes, CK_ULONG n_attributes,
                           CK_OBJECT_HANDLE *out_objects, CK_ULONG limit, CK_ULONG *out_count,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens SLOT, which the token of URI lies in, and logs in. */
gboolean tambo_token_log_in (TamboToken *token, const CK_TOKEN_INFO *info, GBytes *pin,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
