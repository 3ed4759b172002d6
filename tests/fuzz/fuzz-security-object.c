/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The LDSSecurityObject of both versions, without the signature around it.
 */
#include "chip/security-object.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) file = g_bytes_new_static ("file", 4);
  g_autoptr (GError) error = NULL;
  TamboSecurityObject object;
  gboolean parsed = tambo_security_object_parse (data, size, &object, &error);

  fuzz_outcome (parsed, error);
  for (guint number = 1; parsed && number <= 16; number++)
    if (object.groups & (1u << number))
      tambo_security_object_matches (&object, number, file);
  return 0;
}
