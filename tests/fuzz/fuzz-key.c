/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/domain-parameters.h"

#include "fuzz.h"

/* The content of a SubjectPublicKeyInfo from DG14 or EF.CardSecurity. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) element = NULL;
  g_autoptr (TamboDomainParameters) domain =
      tambo_domain_parameters_new_from_key (data, size, &element);

  g_assert_true ((domain != NULL) == (element != NULL));
  if (!domain)
    return 0;
  g_autoptr (GBytes) scalar = tambo_domain_parameters_random_scalar (domain);
  g_autoptr (GBytes) product = tambo_domain_parameters_multiply (domain, element, scalar);
  if (product)
    g_assert_cmpuint (g_bytes_get_size (product), ==,
                      tambo_domain_parameters_get_element_size (domain));
  return 0;
}
