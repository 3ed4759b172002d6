/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cv-maker.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "format/tlv.h"
#include "hex.h"

#define POINT_SIZE 65

EVP_PKEY *cv_key (void) {
  return EVP_EC_gen ("P-256");
}

GBytes *cv_key_pem (EVP_PKEY *key) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data;

  g_assert_cmpint (PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL), ==, 1);
  long size = BIO_get_mem_data (bio, &data);
  return g_bytes_new (data, (gsize) size);
}

static void put_hex (GByteArray *array, guint32 tag, const char *text) {
  g_autoptr (GBytes) value = hex (text);

  tambo_tlv_put_bytes (array, tag, value);
}

static void put_date (GByteArray *array, guint32 tag, const char *digits) {
  guint8 octets[6];

  for (gsize i = 0; i < sizeof octets; i++)
    octets[i] = (guint8) (digits[i] - '0');
  tambo_tlv_put (array, tag, octets, sizeof octets);
}

/* P-256 as SEC 2 writes it. */
static void put_curve (GByteArray *key) {
  put_hex (key, 0x81, "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
  put_hex (key, 0x82, "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC");
  put_hex (key, 0x83, "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");
  put_hex (key, 0x84,
           "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
           "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5");
  put_hex (key, 0x85, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
}

static void put_key (GByteArray *body, EVP_PKEY *key, gboolean with_curve) {
  g_autoptr (GByteArray) object = g_byte_array_new ();
  guint8 point[POINT_SIZE];
  gsize size;

  g_assert_cmpint (
      EVP_PKEY_get_octet_string_param (key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &size),
      ==, 1);
  put_hex (object, 0x06, "04007F00070202020203"); /* id-TA-ECDSA-SHA-256 */
  if (with_curve)
    put_curve (object);
  tambo_tlv_put (object, 0x86, point, size);
  if (with_curve)
    put_hex (object, 0x87, "01");
  tambo_tlv_put (body, 0x7F49, object->data, object->len);
}

static void put_authorization (GByteArray *body, guint8 octet) {
  g_autoptr (GByteArray) object = g_byte_array_new ();

  put_hex (object, 0x06, "04007F000703010201"); /* id-IS */
  tambo_tlv_put (object, 0x53, &octet, 1);
  tambo_tlv_put (body, 0x7F4C, object->data, object->len);
}

GBytes *cv_make (const CvWish *wish, EVP_PKEY *key, EVP_PKEY *issuer) {
  g_autoptr (GByteArray) body = g_byte_array_new ();

  put_hex (body, 0x5F29, "00");
  tambo_tlv_put (body, 0x42, wish->authority, strlen (wish->authority));
  put_key (body, key, wish->with_curve);
  tambo_tlv_put (body, 0x5F20, wish->holder, strlen (wish->holder));
  put_authorization (body, wish->authorization);
  put_date (body, 0x5F25, wish->effective);
  put_date (body, 0x5F24, wish->expiration);
  tambo_tlv_wrap (body, 0x7F4E);
  g_autoptr (GBytes) signature = tambo_cv_sign (CV_ECDSA_SHA256, issuer, body->data, body->len);
  tambo_tlv_put_bytes (body, 0x5F37, signature);
  tambo_tlv_wrap (body, 0x7F21);
  return g_byte_array_free_to_bytes (g_steal_pointer (&body));
}
