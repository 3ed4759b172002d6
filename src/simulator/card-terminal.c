/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-terminal.h"

#include <string.h>

#include "base/bytes.h"
#include "chip/cv-certificate.h"
#include "format/tlv.h"
#include "simulator/card-emrtd.h"

#define TAG_AUTHORITY 0x42
#define TAG_REFERENCE 0x83
#define FILE_SIZE 36
#define MAX_AUTHORITIES 2
#define SW_FAILED 0x6300

/* A public key that was imported, and what its holder may. */
typedef struct {
  char *holder;
  TamboCvRole role;
  guint8 rights; /* effective */
  guint32 expiration;
  TamboCvAlgorithm algorithm;
  EVP_PKEY *key;
} Imported;

struct _TamboCardTerminal {
  /* What survives without power. */
  GPtrArray *authorities; /* Imported, the newest first */
  guint32 today;

  /* What does not. */
  const Imported *issuer; /* chosen to verify by; borrowed */
  Imported *last;         /* verifier or terminal; NULL without */
  gboolean chosen;        /* LAST is to authenticate itself */
  gboolean done;
  guint8 granted;
};

static void imported_free (Imported *imported) {
  if (!imported)
    return;
  g_free (imported->holder);
  g_clear_pointer (&imported->key, EVP_PKEY_free);
  g_free (imported);
}

static Imported *import (const TamboCvCertificate *certificate, EVP_PKEY *issuer, guint8 rights,
                         GError **error) {
  EVP_PKEY *key = tambo_cv_certificate_dup_key (certificate, issuer, error);
  if (!key)
    return NULL;

  Imported *imported = g_new0 (Imported, 1);
  imported->holder = g_strdup (certificate->holder);
  imported->role = certificate->role;
  imported->rights = certificate->rights & rights;
  imported->expiration = certificate->expiration;
  imported->algorithm = certificate->algorithm;
  imported->key = key;
  return imported;
}

TamboCardTerminal *tambo_card_terminal_new (GBytes *authority, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (authority, &size);
  g_autoptr (TamboCvCertificate) certificate = tambo_cv_certificate_parse (data, size, error);
  Imported *imported = certificate ? import (certificate, NULL, certificate->rights, error) : NULL;
  if (!imported)
    return NULL;

  TamboCardTerminal *terminal = g_new0 (TamboCardTerminal, 1);
  terminal->authorities = g_ptr_array_new_with_free_func ((GDestroyNotify) imported_free);
  terminal->today = certificate->effective;
  g_ptr_array_add (terminal->authorities, imported);
  return terminal;
}

void tambo_card_terminal_reset (TamboCardTerminal *terminal) {
  g_clear_pointer (&terminal->last, imported_free);
  terminal->issuer = NULL;
  terminal->chosen = FALSE;
  terminal->done = FALSE;
  terminal->granted = 0;
}

void tambo_card_terminal_free (TamboCardTerminal *terminal) {
  if (!terminal)
    return;
  tambo_card_terminal_reset (terminal);
  g_ptr_array_unref (terminal->authorities);
  g_free (terminal);
}

GBytes *tambo_card_terminal_dup_file (const TamboCardTerminal *terminal) {
  static const guint8 filler[FILE_SIZE];
  g_autoptr (GByteArray) file = g_byte_array_new ();

  for (guint i = 0; i < terminal->authorities->len; i++) {
    const Imported *authority = g_ptr_array_index (terminal->authorities, i);
    tambo_tlv_put (file, TAG_AUTHORITY, authority->holder, strlen (authority->holder));
  }
  tambo_put_bytes (file, filler, FILE_SIZE - file->len);
  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}

static gboolean is_holder (const Imported *imported, const TamboTlv *reference) {
  return imported && strlen (imported->holder) == reference->length
         && memcmp (imported->holder, reference->value, reference->length) == 0;
}

static const Imported *find_issuer (const TamboCardTerminal *terminal, const TamboTlv *reference) {
  if (is_holder (terminal->last, reference))
    return terminal->last;
  for (guint i = 0; i < terminal->authorities->len; i++)
    if (is_holder (g_ptr_array_index (terminal->authorities, i), reference))
      return g_ptr_array_index (terminal->authorities, i);
  return NULL;
}

guint16 tambo_card_terminal_set (TamboCardTerminal *terminal, const TamboCommand *command) {
  TamboTlv reference;

  if (!tambo_tlv_find (command->data, command->size, TAG_REFERENCE, &reference))
    return TAMBO_CARD_SW_WRONG_DATA;
  if (command->p2 == 0xB6) {
    terminal->issuer = find_issuer (terminal, &reference);
    return terminal->issuer ? TAMBO_SW_OK : TAMBO_CARD_SW_DATA_NOT_FOUND;
  }
  terminal->chosen = is_holder (terminal->last, &reference)
                     && terminal->last->role == TAMBO_CV_ROLE_INSPECTION_SYSTEM;
  return terminal->chosen ? TAMBO_SW_OK : TAMBO_CARD_SW_DATA_NOT_FOUND;
}

/* TR-03110-3 section 2.4: an authority signs links and verifiers, a verifier terminals. */
static gboolean may_sign (TamboCvRole issuer, TamboCvRole holder) {
  switch (issuer) {
  case TAMBO_CV_ROLE_AUTHORITY:
    return holder != TAMBO_CV_ROLE_INSPECTION_SYSTEM;
  case TAMBO_CV_ROLE_INSPECTION_SYSTEM:
    return FALSE;
  default:
    return holder == TAMBO_CV_ROLE_INSPECTION_SYSTEM;
  }
}

/* Section 2.5.2: links are taken even when they are old; an authority that is old signs nothing else. */
static gboolean is_of_today (const TamboCardTerminal *terminal,
                             const TamboCvCertificate *certificate) {
  if (certificate->role == TAMBO_CV_ROLE_AUTHORITY)
    return TRUE;
  return certificate->expiration >= terminal->today
         && terminal->issuer->expiration >= terminal->today;
}

static void take (TamboCardTerminal *terminal, const TamboCvCertificate *certificate,
                  Imported *imported) {
  if (certificate->role >= TAMBO_CV_ROLE_DOMESTIC_VERIFIER)
    terminal->today = MAX (terminal->today, certificate->effective);
  terminal->issuer = NULL;
  if (certificate->role == TAMBO_CV_ROLE_AUTHORITY) {
    g_ptr_array_insert (terminal->authorities, 0, imported);
    g_ptr_array_set_size (terminal->authorities,
                          (int) MIN (terminal->authorities->len, MAX_AUTHORITIES));
  } else {
    g_clear_pointer (&terminal->last, imported_free);
    terminal->last = imported;
    terminal->chosen = FALSE;
  }
}

guint16 tambo_card_terminal_verify (TamboCardTerminal *terminal, const TamboCommand *command) {
  const Imported *issuer = terminal->issuer;
  g_autoptr (TamboCvCertificate) certificate =
      tambo_cv_certificate_parse_message (command->data, command->size, NULL);

  if (!issuer)
    return TAMBO_CARD_SW_CONDITIONS;
  if (!certificate)
    return TAMBO_CARD_SW_WRONG_DATA;
  if (strcmp (certificate->authority, issuer->holder) != 0
      || !may_sign (issuer->role, certificate->role)
      || !tambo_cv_certificate_verify (certificate, issuer->key, issuer->algorithm, NULL)
      || !is_of_today (terminal, certificate))
    return SW_FAILED;
  Imported *imported = import (certificate, issuer->key, issuer->rights, NULL);
  if (!imported)
    return TAMBO_CARD_SW_WRONG_DATA;
  take (terminal, certificate, imported);
  return TAMBO_SW_OK;
}

guint16 tambo_card_terminal_authenticate (TamboCardTerminal *terminal, const TamboCommand *command,
                                          const GByteArray *message) {
  g_autoptr (GBytes) signature = g_bytes_new (command->data, command->size);

  if (!terminal->chosen || terminal->done)
    return TAMBO_CARD_SW_SECURITY_STATUS;
  terminal->done = TRUE;
  if (!tambo_cv_verify (terminal->last->algorithm, terminal->last->key, message->data, message->len,
                        signature))
    return SW_FAILED;
  terminal->granted = terminal->last->rights;
  return TAMBO_SW_OK;
}

gboolean tambo_card_terminal_may_read (const TamboCardTerminal *terminal, guint number) {
  guint8 right = number == 3 ? TAMBO_CV_RIGHT_DG3 : TAMBO_CV_RIGHT_DG4;

  return (terminal->granted & right) != 0;
}
