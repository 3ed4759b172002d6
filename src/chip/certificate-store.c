/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/certificate-store.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "chip/certificate.h"
#include "chip/master-list.h"

#define MAX_FILE_SIZE (16 * 1024 * 1024)
#define MAX_CERTIFICATE_SIZE (64 * 1024)
#define MAX_LINKS 8

typedef STACK_OF (X509) TamboCertificateStack;
static void free_stack (TamboCertificateStack *stack) {
  sk_X509_free (stack);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCertificateStack, free_stack)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_CRL, X509_CRL_free)

struct _TamboCertificateStore {
  GPtrArray *anchors, *links; /* X509 */
  GPtrArray *lists;           /* X509_CRL */
};

/* A master list waits until the certificates that may vouch for it have been taken up. */
typedef struct {
  TamboCertificateStore *store;
  GPtrArray *master_lists; /* GBytes */
} Intake;

void tambo_certificate_store_free (TamboCertificateStore *store) {
  if (!store)
    return;
  g_ptr_array_unref (store->anchors);
  g_ptr_array_unref (store->links);
  g_ptr_array_unref (store->lists);
  g_free (store);
}

guint tambo_certificate_store_count (const TamboCertificateStore *store) {
  return store->anchors->len + store->links->len;
}

/* ---- what was given ---- */

static void take_certificate (TamboCertificateStore *store, X509 *certificate) {
  gboolean own = X509_get_extension_flags (certificate) & EXFLAG_SS;

  g_ptr_array_add (own ? store->anchors : store->links, certificate);
}

static gboolean take_master_list (TamboCertificateStore *store, GBytes *file, GError **error) {
  g_auto (TamboMasterList) list = { NULL };
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);

  if (!tambo_master_list_parse (data, size, &list, error))
    return FALSE;
  g_autoptr (GPtrArray) chain = tambo_certificate_store_find_chain (store, list.signer, error);
  if (!chain || !tambo_certificate_check_validity (chain, NULL, error)) {
    g_prefix_error (error, "the master list is not vouched for: ");
    return FALSE;
  }
  for (guint i = 0; i < list.certificates->len; i++) {
    X509 *certificate = g_ptr_array_index (list.certificates, i);
    X509_up_ref (certificate);
    take_certificate (store, certificate);
  }
  return TRUE;
}

static gboolean take_der (Intake *intake, const guint8 *data, gsize size) {
  const guint8 *end = data;
  X509 *certificate = size <= MAX_CERTIFICATE_SIZE ? d2i_X509 (NULL, &end, (long) size) : NULL;

  if (certificate && end == data + size) {
    take_certificate (intake->store, certificate);
    return TRUE;
  }
  X509_free (certificate);
  end = data;
  X509_CRL *list = d2i_X509_CRL (NULL, &end, (long) size);
  if (list && end == data + size) {
    g_ptr_array_add (intake->store->lists, list);
    return TRUE;
  }
  X509_CRL_free (list);
  end = data;
  g_autoptr (CMS_ContentInfo) cms = d2i_CMS_ContentInfo (NULL, &end, (long) size);
  if (cms)
    g_ptr_array_add (intake->master_lists, g_bytes_new (data, size));
  return cms != NULL;
}

static gboolean is_pem (const guint8 *data, gsize size) {
  return g_strstr_len ((const char *) data, (gssize) size, "-----BEGIN") != NULL;
}

static gboolean take_pem (Intake *intake, const guint8 *data, gsize size) {
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) size);
  char *name, *header;
  guint8 *der;
  long der_size;
  gboolean taken = FALSE;

  while (bio && PEM_read_bio (bio, &name, &header, &der, &der_size) == 1) {
    taken = take_der (intake, der, (gsize) der_size);
    OPENSSL_free (name);
    OPENSSL_free (header);
    OPENSSL_free (der);
    if (!taken)
      break;
  }
  return taken;
}

static gboolean take_files (Intake *intake, GPtrArray *files, GError **error) {
  for (guint i = 0; i < files->len; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (g_ptr_array_index (files, i), &size);
    gboolean taken = size > 0 && size <= MAX_FILE_SIZE
                     && (is_pem (data, size) ? take_pem : take_der) (intake, data, size);
    ERR_clear_error ();
    if (taken)
      continue;
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                 "trust file %u is neither a certificate nor a master list nor a revocation list",
                 i + 1);
    return FALSE;
  }
  for (guint i = 0; i < intake->master_lists->len; i++)
    if (!take_master_list (intake->store, g_ptr_array_index (intake->master_lists, i), error))
      return FALSE;
  return TRUE;
}

TamboCertificateStore *tambo_certificate_store_new (GPtrArray *files, GError **error) {
  g_autoptr (TamboCertificateStore) store = g_new0 (TamboCertificateStore, 1);
  g_autoptr (GPtrArray) master_lists =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  Intake intake = { store, master_lists };

  store->anchors = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
  store->links = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
  store->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_CRL_free);
  if (files && !take_files (&intake, files, error))
    return NULL;
  return g_steal_pointer (&store);
}

/* ---- chains ---- */

/* Names, key identifiers and the permission to sign fit; what OUT_FORGED adds is that the signature
 * alone does not. */
static gboolean has_issued (X509 *issuer, X509 *certificate, gboolean *out_forged) {
  EVP_PKEY *key = X509_get0_pubkey (issuer);

  if (X509_check_issued (issuer, certificate) != X509_V_OK)
    return FALSE;
  gboolean holds = key && X509_verify (certificate, key) == 1;
  *out_forged |= !holds;
  return holds;
}

static void append (GPtrArray *chain, X509 *certificate) {
  X509_up_ref (certificate);
  g_ptr_array_add (chain, certificate);
}

/* From the end of CHAIN upwards, by as few links as need be. */
static gboolean climb (const TamboCertificateStore *store, GPtrArray *chain, gboolean *out_forged) {
  X509 *last = g_ptr_array_index (chain, chain->len - 1);

  for (guint i = 0; i < store->anchors->len; i++)
    if (has_issued (g_ptr_array_index (store->anchors, i), last, out_forged)) {
      append (chain, g_ptr_array_index (store->anchors, i));
      return TRUE;
    }
  for (guint i = 0; chain->len <= MAX_LINKS && i < store->links->len; i++) {
    X509 *link = g_ptr_array_index (store->links, i);
    if (g_ptr_array_find (chain, link, NULL) || !has_issued (link, last, out_forged))
      continue;
    append (chain, link);
    if (climb (store, chain, out_forged))
      return TRUE;
    g_ptr_array_remove_index (chain, chain->len - 1);
  }
  return FALSE;
}

/* Doc 9303-12 demands explicit parameters and OpenSSL refuses them always: docs/decisions/0003. And
 * every CSCA says that none stands under it, those that a link puts there too. */
static int judge_problem (int ok, X509_STORE_CTX *context) {
  X509 *certificate = X509_STORE_CTX_get_current_cert (context);
  int problem = X509_STORE_CTX_get_error (context);
  gboolean excused = (problem == X509_V_ERR_EC_KEY_EXPLICIT_PARAMS && certificate
                      && tambo_certificate_curve_is_known (certificate))
                     || problem == X509_V_ERR_PATH_LENGTH_EXCEEDED;

  if (ok || !excused)
    return ok;
  X509_STORE_CTX_set_error (context, X509_V_OK);
  return 1;
}

/* The library's own judgement, of this chain and no other. */
static int verify (GPtrArray *chain) {
  g_autoptr (X509_STORE) trusted = X509_STORE_new ();
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  g_autoptr (TamboCertificateStack) between = sk_X509_new_null ();

  if (!trusted || !context || !between
      || X509_STORE_add_cert (trusted, g_ptr_array_index (chain, chain->len - 1)) != 1)
    g_error ("the cryptographic library has no memory for a certificate chain");
  for (guint i = 1; i + 1 < chain->len; i++)
    if (sk_X509_push (between, g_ptr_array_index (chain, i)) == 0)
      g_error ("the cryptographic library has no memory for a certificate chain");
  if (X509_STORE_CTX_init (context, trusted, g_ptr_array_index (chain, 0), between) != 1
      || X509_STORE_CTX_set_purpose (context, X509_PURPOSE_ANY) != 1)
    g_error ("the cryptographic library has no memory for a certificate chain");
  X509_STORE_CTX_set_flags (context, X509_V_FLAG_NO_CHECK_TIME);
  X509_STORE_CTX_set_verify_cb (context, judge_problem);
  gboolean holds = X509_verify_cert (context) == 1;
  int problem = X509_STORE_CTX_get_error (context);
  return holds || problem != X509_V_OK ? problem : X509_V_ERR_UNSPECIFIED;
}

GPtrArray *tambo_certificate_store_find_chain (const TamboCertificateStore *store, X509 *signer,
                                               GError **error) {
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
  gboolean forged = FALSE;

  append (chain, signer);
  gboolean found = climb (store, chain, &forged);
  int problem = found ? verify (chain) : X509_V_OK;
  ERR_clear_error ();
  if (found && problem == X509_V_OK)
    return g_steal_pointer (&chain);
  if (found)
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                 "the signer's certificate: %s", X509_verify_cert_error_string (problem));
  else
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                         forged ? "the CSCA that the signer's certificate names did not sign it"
                                : "the signer's certificate is from an unknown CSCA");
  return NULL;
}

/* ---- revocation ---- */

/* A state that has changed its key signs one list, by the newer, for what both have signed. */
static gboolean is_signed (const TamboCertificateStore *store, X509_CRL *list, GPtrArray *chain) {
  GPtrArray *const places[] = { chain, store->anchors };

  for (guint place = 0; place < G_N_ELEMENTS (places); place++)
    for (guint i = 0; i < places[place]->len; i++) {
      X509 *issuer = g_ptr_array_index (places[place], i);
      if (X509_NAME_cmp (X509_get_subject_name (issuer), X509_CRL_get_issuer (list)) == 0
          && X509_get_key_usage (issuer) & KU_CRL_SIGN
          && X509_CRL_verify (list, X509_get0_pubkey (issuer)) == 1)
        return TRUE;
    }
  return FALSE;
}

static gboolean refuse_list (GError **error, const char *cause, const ASN1_TIME *date) {
  g_autofree char *text = date ? tambo_certificate_dup_date (date) : NULL;

  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION, "%s%s", cause,
               text ? text : "");
  return FALSE;
}

/* What a list says counts, be it old: nobody is taken off one. */
static gboolean check_list (X509_CRL *list, X509 *certificate, GError **error) {
  X509_REVOKED *entry = NULL;
  const ASN1_TIME *next = X509_CRL_get0_nextUpdate (list);

  if (X509_CRL_get0_by_cert (list, &entry, certificate) == 1)
    return refuse_list (error, "the certificate was revoked on ",
                        X509_REVOKED_get0_revocationDate (entry));
  return !next || X509_cmp_current_time (next) > 0
         || refuse_list (error, "the revocation list expired on ", next);
}

gboolean tambo_certificate_store_check_revocation (const TamboCertificateStore *store,
                                                   GPtrArray *chain, gboolean *out_listed,
                                                   GError **error) {
  gboolean holds = TRUE;

  *out_listed = FALSE;
  for (guint i = 0; holds && i < chain->len; i++) {
    X509 *certificate = g_ptr_array_index (chain, i);
    for (guint k = 0; holds && k < store->lists->len; k++) {
      X509_CRL *list = g_ptr_array_index (store->lists, k);
      if (X509_NAME_cmp (X509_CRL_get_issuer (list), X509_get_issuer_name (certificate)) != 0)
        continue;
      *out_listed |= i == 0;
      holds = is_signed (store, list, chain)
                  ? check_list (list, certificate, error)
                  : refuse_list (error, "the revocation list is not signed by its CSCA", NULL);
    }
  }
  ERR_clear_error ();
  return holds;
}
