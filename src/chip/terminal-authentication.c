/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/terminal-authentication.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/bytes.h"
#include "chip/card-access.h"
#include "chip/cv-certificate.h"
#include "chip/data-group.h"
#include "chip/file-access.h"
#include "chip/status.h"
#include "chip/verdict.h"

#define FILE_CVCA 0x011C
#define FILE_CVCA_SIZE 36
#define CHALLENGE_SIZE 8
#define MAX_CHAIN 8
#define MAX_AUTHORITIES 2
#define INS_MSE 0x22
#define INS_PSO 0x2A
#define INS_EXTERNAL_AUTHENTICATE 0x82
#define INS_GET_CHALLENGE 0x84
#define TAG_AUTHORITY 0x42
#define TAG_REFERENCE 0x83
#define TAG_CERTIFICATE 0x7F21
#define TAG_OCTET_STRING 0x04
#define TAG_SEQUENCE 0x30

/* id-TA, 0.4.0.127.0.7.2.2.2. */
static const guint8 id_ta[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02 };

struct _TamboTerminal {
  EVP_PKEY *key;
  GPtrArray *certificates;       /* TamboCvCertificate */
  const TamboCvCertificate *own; /* borrowed from CERTIFICATES */
};

/* ---- what the terminal has ---- */

void tambo_terminal_free (TamboTerminal *terminal) {
  if (!terminal)
    return;
  g_clear_pointer (&terminal->key, EVP_PKEY_free);
  g_clear_pointer (&terminal->certificates, g_ptr_array_unref);
  g_free (terminal);
}

const char *tambo_terminal_get_name (const TamboTerminal *terminal) {
  return terminal->own->holder;
}

/* A key that asks for a password is refused: there is nobody to ask. */
static int refuse_password (char *buffer, int size, int rwflag, void *data) {
  return -1;
}

static EVP_PKEY *load_key (GBytes *pem, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (pem, &size);
  g_autoptr (BIO) bio = size <= G_MAXINT ? BIO_new_mem_buf (data, (int) size) : NULL;
  EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey (bio, NULL, refuse_password, NULL) : NULL;

  ERR_clear_error ();
  if (!key)
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "what should be the terminal's private key is none");
  return key;
}

static gboolean load_file (GPtrArray *certificates, GBytes *file, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (file);
  gboolean any = FALSE;

  while (tambo_reader_left (&reader) > 0) {
    gsize start = reader.position;
    TamboTlv whole;
    gboolean is_one = tambo_tlv_next (&reader, &whole) && whole.tag == TAG_CERTIFICATE;
    gsize size = is_one ? reader.position - start : tambo_reader_left (&reader);
    TamboCvCertificate *certificate = tambo_cv_certificate_parse (reader.data + start, size, error);
    if (!certificate)
      return FALSE;
    g_ptr_array_add (certificates, certificate);
    any = TRUE;
  }
  if (!any)
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "a file that should hold a terminal's certificate is empty");
  return any;
}

static TamboTerminal *load (GBytes *key, GPtrArray *certificates, GError **error) {
  g_autoptr (TamboTerminal) terminal = g_new0 (TamboTerminal, 1);

  terminal->certificates =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_cv_certificate_free);
  terminal->key = load_key (key, error);
  if (!terminal->key)
    return NULL;
  for (guint i = 0; i < certificates->len; i++)
    if (!load_file (terminal->certificates, g_ptr_array_index (certificates, i), error))
      return NULL;
  for (guint i = 0; !terminal->own && i < terminal->certificates->len; i++) {
    const TamboCvCertificate *certificate = g_ptr_array_index (terminal->certificates, i);
    if (certificate->role == TAMBO_CV_ROLE_INSPECTION_SYSTEM
        && tambo_cv_certificate_is_of (certificate, terminal->key))
      terminal->own = certificate;
  }
  if (terminal->own)
    return g_steal_pointer (&terminal);
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                       "none of the terminal's certificates is of its key");
  return NULL;
}

/* Whatever is wrong, no document is to blame. */
TamboTerminal *tambo_terminal_new (GBytes *key, GPtrArray *certificates, GError **error) {
  GError *problem = NULL;
  TamboTerminal *terminal = load (key, certificates, &problem);

  if (problem) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_TERMINAL, problem->message);
    g_error_free (problem);
  }
  return terminal;
}

static const TamboCvCertificate *find_holder (const TamboTerminal *terminal, const char *holder) {
  for (guint i = 0; i < terminal->certificates->len; i++) {
    const TamboCvCertificate *certificate = g_ptr_array_index (terminal->certificates, i);
    /* an authority's certificate of itself leads nowhere */
    if (strcmp (certificate->holder, holder) == 0 && strcmp (certificate->authority, holder) != 0)
      return certificate;
  }
  return NULL;
}

/* From the terminal's own upwards to one that an authority of the chip has signed. */
static GPtrArray *find_chain (const TamboTerminal *terminal, char **authorities, GError **error) {
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  const TamboCvCertificate *at = terminal->own;

  while (at && chain->len < MAX_CHAIN) {
    g_ptr_array_insert (chain, 0, (gpointer) at);
    if (g_strv_contains ((const char *const *) authorities, at->authority))
      return g_steal_pointer (&chain);
    at = find_holder (terminal, at->authority);
  }
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
               "no certificate leads from the terminal to %s, whom the chip trusts",
               authorities[0]);
  return NULL;
}

/* ---- what the chip is told ---- */

typedef struct {
  TamboChannel *channel;
  TamboSecureMessaging *sm;
  const TamboTerminal *terminal;
  const TamboTerminalBinding *binding;
  GCancellable *cancellable;
} Run;

static gboolean transmit (const Run *run, TamboCommand *command, TamboResponse *out_response,
                          const char *action, GError **error) {
  if (!tambo_file_transmit (run->channel, run->sm, command, out_response, run->cancellable, error))
    return FALSE;
  if (out_response->sw == TAMBO_SW_OK)
    return TRUE;
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_AUTHENTICATION, action, out_response->sw);
  return FALSE;
}

static gboolean send (const Run *run, TamboCommand *command, const char *action, GError **error) {
  g_auto (TamboResponse) response = { 0 };

  return transmit (run, command, &response, action, error);
}

/* TerminalAuthenticationInfo { id-TA, version, efCVCA { fid, sfid } OPTIONAL } */
static guint16 find_file_id (GBytes *dg14) {
  g_autoptr (GPtrArray) infos = dg14 ? tambo_dg14_parse (dg14, NULL) : NULL;

  for (guint i = 0; infos && i < infos->len; i++) {
    TamboReader reader = tambo_reader_for_bytes (g_ptr_array_index (infos, i));
    TamboSecurityInfo info;
    TamboTlv id;
    if (!tambo_security_infos_next (&reader, &info, NULL) || info.oid_size != sizeof id_ta
        || memcmp (info.oid, id_ta, sizeof id_ta) != 0 || info.optional.tag != TAG_SEQUENCE)
      continue;
    reader = tambo_reader (info.optional.value, info.optional.length);
    if (tambo_tlv_next (&reader, &id) && id.tag == TAG_OCTET_STRING && id.length == 2)
      return (guint16) (id.value[0] << 8 | id.value[1]);
  }
  return FILE_CVCA;
}

/* One or two references, the newest first, and filler (TR-03110-3, A.7.2.4). */
static char **parse_authorities (GBytes *file) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  TamboReader reader = tambo_reader_for_bytes (file);
  TamboTlv tlv;
  guint n = 0;

  while (n < MAX_AUTHORITIES && tambo_tlv_next (&reader, &tlv) && tlv.tag == TAG_AUTHORITY
         && tlv.length > 0 && tlv.length <= TAMBO_CV_REFERENCE_SIZE) {
    g_autofree char *name = g_strndup ((const char *) tlv.value, tlv.length);
    g_strv_builder_add (builder, name);
    n++;
  }
  return n > 0 ? g_strv_builder_end (builder) : NULL;
}

static char **read_authorities (const Run *run, GBytes *dg14, GError **error) {
  TamboCommand command = { .ins = 0xB0, .le = FILE_CVCA_SIZE };
  g_auto (TamboResponse) response = { 0 };

  if (!tambo_file_select_id (run->channel, run->sm, 0x02, find_file_id (dg14), "EF.CVCA",
                             run->cancellable, error)
      || !tambo_file_transmit (run->channel, run->sm, &command, &response, run->cancellable, error))
    return NULL;
  char **authorities = parse_authorities (response.data);
  if (!authorities)
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "EF.CVCA does not name an authority");
  return authorities;
}

/* MSE:Set DST names the authority, or MSE:Set AT the terminal. */
static gboolean set_reference (const Run *run, guint8 p2, const char *reference, const char *action,
                               GError **error) {
  g_autoptr (GByteArray) data = g_byte_array_new ();
  TamboCommand command = { .ins = INS_MSE, .p1 = 0x81, .p2 = p2, .le = TAMBO_LE_NONE };

  tambo_tlv_put (data, TAG_REFERENCE, reference, strlen (reference));
  command.data = data->data;
  command.size = data->len;
  return send (run, &command, action, error);
}

static gboolean show (const Run *run, const TamboCvCertificate *certificate, GError **error) {
  TamboCommand command = { .ins = INS_PSO, .p2 = 0xBE, .le = TAMBO_LE_NONE };
  g_autofree char *action = g_strdup_printf ("the certificate of %s", certificate->holder);

  command.data = g_bytes_get_data (certificate->message, &command.size);
  return set_reference (run, 0xB6, certificate->authority, action, error)
         && send (run, &command, action, error);
}

/* The signature over ID_IC | r_IC | Comp (PK_IFD). */
static GBytes *sign (const Run *run, GBytes *challenge) {
  GBytes *const parts[] = { run->binding->chip, challenge, run->binding->terminal_key };
  g_autoptr (GByteArray) message = g_byte_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    gsize size;
    gconstpointer data = g_bytes_get_data (parts[i], &size);
    tambo_put_bytes (message, data, size);
  }
  return tambo_cv_sign (run->terminal->own->algorithm, run->terminal->key, message->data,
                        message->len);
}

static gboolean prove (const Run *run, GError **error) {
  TamboCommand challenge = { .ins = INS_GET_CHALLENGE, .le = CHALLENGE_SIZE };
  TamboCommand proof = { .ins = INS_EXTERNAL_AUTHENTICATE, .le = TAMBO_LE_NONE };
  g_auto (TamboResponse) response = { 0 };

  if (!set_reference (run, 0xA4, run->terminal->own->holder, "the choice of the terminal's key",
                      error)
      || !transmit (run, &challenge, &response, "GET CHALLENGE", error))
    return FALSE;
  if (g_bytes_get_size (response.data) != CHALLENGE_SIZE) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the chip's challenge does not have eight bytes");
    return FALSE;
  }
  g_autoptr (GBytes) signature = sign (run, response.data);
  if (!signature) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the terminal's key cannot sign as its certificate says");
    return FALSE;
  }
  proof.data = g_bytes_get_data (signature, &proof.size);
  return send (run, &proof, "EXTERNAL AUTHENTICATE", error);
}

static gboolean authenticate (const Run *run, GBytes *dg14, GError **error) {
  g_auto (GStrv) authorities = read_authorities (run, dg14, error);
  g_autoptr (GPtrArray) chain = authorities ? find_chain (run->terminal, authorities, error) : NULL;

  if (!chain)
    return FALSE;
  for (guint i = 0; i < chain->len; i++)
    if (!show (run, g_ptr_array_index (chain, i), error))
      return FALSE;
  return prove (run, error);
}

gboolean tambo_terminal_authentication (TamboChannel *channel, TamboSecureMessaging *sm,
                                        const TamboTerminal *terminal,
                                        const TamboTerminalBinding *binding, GBytes *dg14,
                                        GPtrArray *verdicts, GCancellable *cancellable,
                                        GError **error) {
  static const char check[] = "terminal-authentication";
  Run run = { channel, sm, terminal, binding, cancellable };
  GError *problem = NULL;

  if (!authenticate (&run, dg14, &problem))
    return tambo_verdict_settle (verdicts, check, problem, error);
  tambo_verdict_add (verdicts, check, TAMBO_VERDICT_PASSED, "%s", terminal->own->holder);
  return TRUE;
}
