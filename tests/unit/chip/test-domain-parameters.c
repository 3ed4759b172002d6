/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/domain-parameters.h"

#include <string.h>

#include <openssl/core_names.h>

#include "base/cleanup.h"
#include "format/tlv.h"
#include "hex.h"

/* Doc 9303-11 section 9.5.1, table 6. */
static const struct {
  guint id, bits;
  TamboDomainKind kind;
} table[] = {
  { 0, 1024, TAMBO_DOMAIN_DH },   { 1, 2048, TAMBO_DOMAIN_DH },   { 2, 2048, TAMBO_DOMAIN_DH },
  { 8, 192, TAMBO_DOMAIN_ECDH },  { 9, 192, TAMBO_DOMAIN_ECDH },  { 10, 224, TAMBO_DOMAIN_ECDH },
  { 11, 224, TAMBO_DOMAIN_ECDH }, { 12, 256, TAMBO_DOMAIN_ECDH }, { 13, 256, TAMBO_DOMAIN_ECDH },
  { 14, 320, TAMBO_DOMAIN_ECDH }, { 15, 384, TAMBO_DOMAIN_ECDH }, { 16, 384, TAMBO_DOMAIN_ECDH },
  { 17, 512, TAMBO_DOMAIN_ECDH }, { 18, 521, TAMBO_DOMAIN_ECDH },
};

static void test_table (void) {
  guint next = 0;

  for (guint id = 0; id < 256; id++) {
    g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (id);
    if (next == G_N_ELEMENTS (table) || id != table[next].id) {
      g_assert_null (domain);
      continue;
    }
    g_assert_nonnull (domain);
    g_assert_cmpuint (tambo_domain_parameters_get_prime_bits (domain), ==, table[next].bits);
    g_assert_cmpint (tambo_domain_parameters_get_kind (domain), ==, table[next].kind);
    g_assert_cmpint (tambo_domain_parameters_has_map (domain), ==, id != 10);
    next++;
  }
  g_assert_cmpuint (next, ==, G_N_ELEMENTS (table));
}

/* a (bG) = b (aG), and (a / b) (bG) = aG. */
static void test_laws (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (table[i].id);
    GBytes *generator = tambo_domain_parameters_get_generator (domain);
    g_autoptr (GBytes) a = tambo_domain_parameters_random_scalar (domain);
    g_autoptr (GBytes) b = tambo_domain_parameters_random_scalar (domain);
    g_autoptr (GBytes) ag = tambo_domain_parameters_multiply (domain, generator, a);
    g_autoptr (GBytes) bg = tambo_domain_parameters_multiply (domain, generator, b);
    g_autoptr (GBytes) abg = tambo_domain_parameters_multiply (domain, bg, a);
    g_autoptr (GBytes) bag = tambo_domain_parameters_multiply (domain, ag, b);
    g_autoptr (GBytes) quotient = tambo_domain_parameters_divide_scalars (domain, a, b);
    g_autoptr (GBytes) back = tambo_domain_parameters_multiply (domain, bg, quotient);
    g_autoptr (GBytes) sum = tambo_domain_parameters_add (domain, ag, bg);
    g_autoptr (GBytes) mus = tambo_domain_parameters_add (domain, bg, ag);
    g_assert_cmpuint (g_bytes_get_size (ag), ==, tambo_domain_parameters_get_element_size (domain));
    g_assert_true (g_bytes_equal (abg, bag));
    g_assert_true (g_bytes_equal (back, ag));
    g_assert_true (g_bytes_equal (sum, mus));
    g_assert_false (g_bytes_equal (a, b));
  }
}

/* What the map gives is an element of the group: it may be multiplied. */
static void test_map (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (table[i].id);
    if (!tambo_domain_parameters_has_map (domain))
      continue;
    for (guint8 seed = 1; seed < 20; seed++) {
      guint8 octets[72];
      memset (octets, seed, sizeof octets);
      g_autoptr (GBytes) number = g_bytes_new (octets, sizeof octets);
      g_autoptr (GBytes) element = tambo_domain_parameters_map_number (domain, number);
      g_autoptr (GBytes) scalar = tambo_domain_parameters_random_scalar (domain);
      g_assert_nonnull (element);
      g_autoptr (GBytes) product = tambo_domain_parameters_multiply (domain, element, scalar);
      g_assert_nonnull (product);
    }
    g_autoptr (GBytes) zero = hex ("00");
    g_assert_null (tambo_domain_parameters_map_number (domain, zero));
  }
}

static void refuse (const TamboDomainParameters *domain, const guint8 *octets, gsize size) {
  g_autoptr (GBytes) element = g_bytes_new (octets, size);
  g_autoptr (GBytes) scalar = tambo_domain_parameters_random_scalar (domain);
  GBytes *generator = tambo_domain_parameters_get_generator (domain);

  g_assert_null (tambo_domain_parameters_multiply (domain, element, scalar));
  g_assert_null (tambo_domain_parameters_add (domain, element, generator));
  g_assert_null (tambo_domain_parameters_add (domain, generator, element));
}

/* Sections 9.4.4 and 9.4.5: cut, longer, zero, changed, other forms of a point, small subgroups. */
static void test_refused (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (table[i].id);
    GBytes *generator = tambo_domain_parameters_get_generator (domain);
    gsize size;
    const guint8 *data = g_bytes_get_data (generator, &size);
    g_autofree guint8 *octets = g_malloc0 (size + 1);
    for (gsize cut = 0; cut < size; cut++)
      refuse (domain, data, cut);
    memcpy (octets, data, size);
    refuse (domain, octets, size + 1);
    octets[size - 1] ^= 1;
    refuse (domain, octets, size);
    memset (octets, 0, size);
    refuse (domain, octets, size);
    octets[size - 1] = 1;
    refuse (domain, octets, size);
    memset (octets, 0xFF, size);
    refuse (domain, octets, size);
    memcpy (octets, data, size);
    if (table[i].kind == TAMBO_DOMAIN_ECDH) {
      octets[0] = 0x06 | (octets[size - 1] & 1); /* hybrid */
      refuse (domain, octets, size);
      octets[0] = 0x02 | (octets[size - 1] & 1); /* compressed */
      refuse (domain, octets, (size + 1) / 2);
    }
  }
}

static void test_zero_scalar (void) {
  g_autoptr (GBytes) zero = hex ("0000");
  g_autoptr (GBytes) one = hex ("01");

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (table[i].id);
    GBytes *generator = tambo_domain_parameters_get_generator (domain);
    g_assert_null (tambo_domain_parameters_multiply (domain, generator, zero));
    g_assert_null (tambo_domain_parameters_divide_scalars (domain, one, zero));
    g_autoptr (GBytes) same = tambo_domain_parameters_multiply (domain, generator, one);
    g_assert_true (g_bytes_equal (same, generator));
  }
}

/* The parameters that OpenSSL's own key is found to have, by its SubjectPublicKeyInfo. */
static void assert_found (EVP_PKEY *key, const char *name) {
  guint8 *der = NULL;
  int size = i2d_PUBKEY (key, &der);
  TamboReader reader = tambo_reader (der, (gsize) size);
  g_autoptr (GBytes) element = NULL;
  TamboTlv whole;

  g_assert_true (tambo_tlv_next (&reader, &whole));
  g_autoptr (TamboDomainParameters) domain =
      tambo_domain_parameters_new_from_key (whole.value, whole.length, &element);
  if (name) {
    g_autoptr (GBytes) scalar = tambo_domain_parameters_random_scalar (domain);
    g_assert_cmpstr (tambo_domain_parameters_get_name (domain), ==, name);
    g_autoptr (GBytes) product = tambo_domain_parameters_multiply (domain, element, scalar);
    g_assert_nonnull (product);
  } else {
    g_assert_null (domain);
  }
  for (gsize cut = 0; cut < whole.length; cut++) {
    g_autoptr (GBytes) nothing = NULL;
    g_assert_null (tambo_domain_parameters_new_from_key (whole.value, cut, &nothing));
    g_assert_null (nothing);
  }
  OPENSSL_free (der);
}

/* A curve by its name and written out; a MODP group, which is always written out; a stranger. */
static void test_from_key (void) {
  g_autoptr (EVP_PKEY) named = EVP_PKEY_Q_keygen (NULL, NULL, "EC", "brainpoolP384r1");
  g_autoptr (EVP_PKEY) explicit_key = EVP_PKEY_Q_keygen (NULL, NULL, "EC", "P-521");
  g_autoptr (EVP_PKEY) stranger = EVP_PKEY_Q_keygen (NULL, NULL, "EC", "secp256k1");
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "DHX", NULL);
  EVP_PKEY *modp = NULL;
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) "dh_2048_224", 0),
    OSSL_PARAM_construct_end (),
  };

  g_assert_cmpint (EVP_PKEY_set_utf8_string_param (explicit_key, OSSL_PKEY_PARAM_EC_ENCODING,
                                                   OSSL_PKEY_EC_ENCODING_EXPLICIT),
                   ==, 1);
  assert_found (named, "brainpoolP384r1");
  assert_found (explicit_key, "NIST P-521");
  assert_found (stranger, NULL);
  g_assert_cmpint (EVP_PKEY_keygen_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_params (context, parameters), ==, 1);
  g_assert_cmpint (EVP_PKEY_generate (context, &modp), ==, 1);
  assert_found (modp, "2048-bit MODP with 224-bit order");
  EVP_PKEY_free (modp);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/domain-parameters/table", test_table);
  g_test_add_func ("/chip/domain-parameters/laws", test_laws);
  g_test_add_func ("/chip/domain-parameters/map", test_map);
  g_test_add_func ("/chip/domain-parameters/refused", test_refused);
  g_test_add_func ("/chip/domain-parameters/zero-scalar", test_zero_scalar);
  g_test_add_func ("/chip/domain-parameters/from-key", test_from_key);
  return g_test_run ();
}
