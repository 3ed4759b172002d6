/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/security-object.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include "base/bytes.h"
#include "format/tlv.h"

#define DER_INTEGER 0x02
#define DER_OCTET_STRING 0x04
#define DER_NULL 0x05
#define DER_OID 0x06
#define DER_PRINTABLE_STRING 0x13
#define DER_SEQUENCE 0x30

/* Object identifiers of NIST's hashes: this, and the last octet. */
static const guint8 nist_hash_arc[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02 };

static const struct {
  guint8 last;
  guint8 size;
  int nid;
} digests[] = {
  { 1, 32, NID_sha256 },
  { 2, 48, NID_sha384 },
  { 3, 64, NID_sha512 },
  { 4, 28, NID_sha224 },
};

static void put_hash (GByteArray *hashes, guint8 number, GBytes *file, const EVP_MD *digest) {
  g_autoptr (GByteArray) entry = g_byte_array_new ();
  guint8 hash[EVP_MAX_MD_SIZE];
  unsigned int hash_size = 0;
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);

  if (EVP_Digest (data, size, hash, &hash_size, digest, NULL) != 1)
    g_error ("the cryptographic library cannot hash");
  tambo_tlv_put (entry, DER_INTEGER, &number, 1);
  tambo_tlv_put (entry, DER_OCTET_STRING, hash, hash_size);
  tambo_tlv_put (hashes, DER_SEQUENCE, entry->data, entry->len);
}

/* AlgorithmIdentifier without parameters: RFC 5754. */
static void put_algorithm (GByteArray *object, const EVP_MD *digest) {
  g_autoptr (GByteArray) algorithm = g_byte_array_new ();
  guint8 oid[sizeof nist_hash_arc + 1];

  memcpy (oid, nist_hash_arc, sizeof nist_hash_arc);
  for (gsize i = 0; i < G_N_ELEMENTS (digests); i++)
    if (digests[i].nid == EVP_MD_get_type (digest))
      oid[sizeof nist_hash_arc] = digests[i].last;
  tambo_tlv_put (algorithm, DER_OID, oid, sizeof oid);
  tambo_tlv_put (object, DER_SEQUENCE, algorithm->data, algorithm->len);
}

static void put_versions (GByteArray *object) {
  g_autoptr (GByteArray) versions = g_byte_array_new ();

  tambo_tlv_put (versions, DER_PRINTABLE_STRING, TAMBO_LDS_VERSION_1, strlen (TAMBO_LDS_VERSION_1));
  tambo_tlv_put (versions, DER_PRINTABLE_STRING, TAMBO_LDS_UNICODE, strlen (TAMBO_LDS_UNICODE));
  tambo_tlv_put (object, DER_SEQUENCE, versions->data, versions->len);
}

GBytes *tambo_security_object_encode (const TamboLds *lds, guint version, const char *digest_name) {
  const EVP_MD *digest = EVP_get_digestbyname (digest_name);
  g_autoptr (GByteArray) hashes = g_byte_array_new ();
  g_autoptr (GByteArray) object = g_byte_array_new ();
  guint8 number_of_version = (guint8) version;

  g_return_val_if_fail (version <= 1 && digest, NULL);
  for (guint8 number = 1; number <= 16; number++)
    if (lds->files[TAMBO_LDS_COM + number])
      put_hash (hashes, number, lds->files[TAMBO_LDS_COM + number], digest);

  tambo_tlv_put (object, DER_INTEGER, &number_of_version, 1);
  put_algorithm (object, digest);
  tambo_tlv_put (object, DER_SEQUENCE, hashes->data, hashes->len);
  if (version == 1)
    put_versions (object);
  tambo_tlv_wrap (object, DER_SEQUENCE);
  return g_byte_array_free_to_bytes (g_steal_pointer (&object));
}

static gboolean next_with_tag (TamboReader *reader, guint32 tag, TamboTlv *out_tlv) {
  return tambo_tlv_next (reader, out_tlv) && out_tlv->tag == tag;
}

static gboolean parse_algorithm (const TamboTlv *algorithm, TamboSecurityObject *object) {
  TamboReader reader = tambo_reader (algorithm->value, algorithm->length);
  TamboTlv oid, parameters;

  if (!next_with_tag (&reader, DER_OID, &oid) || oid.length != sizeof nist_hash_arc + 1
      || memcmp (oid.value, nist_hash_arc, sizeof nist_hash_arc) != 0)
    return FALSE;
  if (tambo_reader_left (&reader) > 0
      && (!next_with_tag (&reader, DER_NULL, &parameters) || parameters.length != 0
          || tambo_reader_left (&reader) > 0))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (digests); i++) {
    if (digests[i].last == oid.value[oid.length - 1]) {
      object->digest = digests[i].nid;
      object->hash_size = digests[i].size;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean parse_hashes (const TamboTlv *hashes, TamboSecurityObject *object) {
  TamboReader reader = tambo_reader (hashes->value, hashes->length);
  TamboTlv entry, number, hash;

  while (tambo_reader_left (&reader) > 0) {
    if (!next_with_tag (&reader, DER_SEQUENCE, &entry))
      return FALSE;
    TamboReader inner = tambo_reader (entry.value, entry.length);
    if (!next_with_tag (&inner, DER_INTEGER, &number)
        || !next_with_tag (&inner, DER_OCTET_STRING, &hash) || tambo_reader_left (&inner) > 0)
      return FALSE;
    if (number.length != 1 || number.value[0] < 1 || number.value[0] > 16
        || object->groups & (1u << number.value[0]) || hash.length != object->hash_size)
      return FALSE;
    object->groups |= 1u << number.value[0];
    memcpy (object->hashes[number.value[0]], hash.value, hash.length);
  }
  return object->groups != 0;
}

/* LDSVersionInfo: repeats what EF.COM says, signed. */
static gboolean parse_versions (const TamboTlv *versions, TamboSecurityObject *object) {
  TamboReader reader = tambo_reader (versions->value, versions->length);
  TamboTlv lds, unicode;

  if (!next_with_tag (&reader, DER_PRINTABLE_STRING, &lds)
      || lds.length != sizeof object->lds_version - 1
      || !next_with_tag (&reader, DER_PRINTABLE_STRING, &unicode)
      || unicode.length != sizeof object->unicode_version - 1 || tambo_reader_left (&reader) > 0)
    return FALSE;
  memcpy (object->lds_version, lds.value, lds.length);
  memcpy (object->unicode_version, unicode.value, unicode.length);
  return TRUE;
}

gboolean tambo_security_object_parse (gconstpointer data, gsize size,
                                      TamboSecurityObject *out_object, GError **error) {
  TamboReader reader = tambo_reader (data, size);
  TamboSecurityObject object = { 0 };
  TamboTlv whole, version, algorithm, hashes, versions;

  gboolean shaped =
      next_with_tag (&reader, DER_SEQUENCE, &whole) && tambo_reader_left (&reader) == 0;
  if (shaped) {
    reader = tambo_reader (whole.value, whole.length);
    shaped = next_with_tag (&reader, DER_INTEGER, &version) && version.length == 1
             && version.value[0] <= 1 && next_with_tag (&reader, DER_SEQUENCE, &algorithm)
             && next_with_tag (&reader, DER_SEQUENCE, &hashes);
  }
  if (shaped && version.value[0] == 1)
    shaped =
        next_with_tag (&reader, DER_SEQUENCE, &versions) && parse_versions (&versions, &object);
  if (!shaped || tambo_reader_left (&reader) > 0) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the SOD does not hold an LDS security object");
    return FALSE;
  }
  if (!parse_algorithm (&algorithm, &object)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the SOD's hash algorithm is not one of SHA-224 to SHA-512");
    return FALSE;
  }
  if (!parse_hashes (&hashes, &object)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the SOD's list of hashes is malformed");
    return FALSE;
  }
  *out_object = object;
  return TRUE;
}

gboolean tambo_security_object_matches (const TamboSecurityObject *object, guint number,
                                        GBytes *file) {
  guint8 hash[EVP_MAX_MD_SIZE];
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);

  g_return_val_if_fail (number >= 1 && number <= 16, FALSE);
  if (!(object->groups & (1u << number)))
    return FALSE;
  if (EVP_Digest (data, size, hash, NULL, EVP_get_digestbynid (object->digest), NULL) != 1)
    return FALSE;
  return CRYPTO_memcmp (hash, object->hashes[number], object->hash_size) == 0;
}
