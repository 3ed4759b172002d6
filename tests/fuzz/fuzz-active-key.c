/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/active-authentication.h"
#include "chip/active-key.h"
#include "fuzz.h"

/* The key of active authentication in an issuance order: what is taken is encoded as it came. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_auto (TamboActiveKey) key = { 0 };
  g_autoptr (GError) error = NULL;

  if (!tambo_active_key_decode (bytes, &key, &error)) {
    g_assert_nonnull (error);
    return 0;
  }
  g_autoptr (GBytes) again = tambo_active_key_encode (&key);
  g_assert_true (g_bytes_equal (bytes, again));
  return 0;
}
