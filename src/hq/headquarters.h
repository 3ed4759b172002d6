/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One headquarters in one folder: keys, certificates, database, partial and whole records. The struct is
 * shared by the threads of a process; what is not behind the database or the uploads never changes.
 *
 *   ca.pem server.pem csca.pem signer.pem   certificates      private/        keys, 0600
 *   hq.db                                   database          partial/SHA256  uploads under way
 *   records/AA/SHA256                       sealed records as they came
 *   database                                where it is, when it is PostgreSQL (0600)
 *   blobs                                   where partial/ and records/ are, when elsewhere
 */
#pragma once

#include "chip/profile.h"
#include "chip/sod.h"
#include "hq/database.h"
#include "hq/hq-error.h"
#include "sync/protocol.h"

typedef struct _TamboUploads TamboUploads;
typedef struct _TamboRecent TamboRecent;

typedef struct {
  char *folder;
  char *blobs; /* the folder of partial/ and records/ */
  char *name;
  char *state; /* issuing state, three letters */
  gboolean practice;
  char *incarnation;
  TamboDatabase *database;
  TamboUploads *uploads;
  TamboRecent *recent;
  TamboKey *authority_key, *signing_key, *envelope_key;
  char *authority_pem, *server_pem, *csca_pem;
  GBytes *server_key_pem;               /* a secret */
  const TamboChipProfile *chip_profile; /* of the blanks; NULL when it is not known */
  gboolean chip_fingers;                /* fingerprints go onto chips that can have them */
  GMutex signer_lock;
  TamboSigner *document_signer; /* NULL until it is needed: its token may want a PIN */
} TamboHq;

typedef struct {
  const char *name, *state, *country;
  gboolean practice;
  const char *const *hosts; /* beside localhost; NULL-terminated or NULL */
  const char *signer;       /* PKCS#11 URI of the document signer's key; NULL: in a file */
  const TamboChipProfile *chip_profile;
  gboolean chip_fingers;
  const char *database; /* "postgresql://…"; NULL: a file in the folder */
  const char *blobs;    /* NULL: in the folder, too */
} TamboHqSettings;

/* Makes FOLDER, which must not hold a headquarters yet. */
gboolean tambo_hq_create (const char *folder, const TamboHqSettings *settings, GError **error);
TamboHq *tambo_hq_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* With another DATABASE and BLOBS than the folder says; NULL for either. When DATABASE is empty, the folder's
 * file moves into it. */
TamboHq *tambo_hq_open_at (const char *folder, const char *database, const char *blobs,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_hq_close (TamboHq *hq);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHq, tambo_hq_close)

/* Borrowed. Opens the key, and its token, at the first call. */
const TamboSigner *tambo_hq_get_document_signer (TamboHq *hq,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a station is told at its registration. */
TamboTrust *tambo_hq_make_trust (TamboHq *hq);
/* Something that a person has to look at. STATION may be NULL. Never personal. */
gboolean tambo_hq_raise (TamboHq *hq, const char *station, const char *kind, GError **error,
                         const char *detail_format, ...) G_GNUC_PRINTF (5, 6);
