/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One headquarters in one folder: keys, certificates, database, partial and whole records. The struct is
 * shared by the threads of a process; what is not behind the database or the uploads never changes.
 *
 *   ca.pem server.pem csca.pem signer.pem   certificates      private/        keys, hq/key-folder.h
 *   envelope*.pem                           public keys       decider/        likewise, when split
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
typedef struct _TamboGallery TamboGallery;
typedef struct _TamboConnectors TamboConnectors;

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
  TamboKey *authority_key, *signing_key; /* NULL where the role has no use for them */
  TamboKey *envelope_key;                /* the public half of the first one */
  char *authority_pem, *server_pem, *csca_pem;
  GBytes *server_key_pem;               /* a secret; NULL, likewise */
  const TamboChipProfile *chip_profile; /* of the blanks; NULL when it is not known */
  gboolean chip_fingers;                /* fingerprints go onto chips that can have them */
  GMutex signer_lock;                   /* of what follows, which is loaded when it is needed */
  TamboSigner *document_signer;         /* its token may want a PIN */
  char *decider_key;           /* PKCS#11 URI of an envelope key; NULL: where the folder says */
  GHashTable *private_keys;    /* key id to TamboKey */
  TamboGallery *gallery;       /* hq/gallery.h; NULL until it is searched */
  TamboConnectors *connectors; /* hq/connector.h; of the thread that decides */
} TamboHq;

/* What a process does, and so which private keys it opens. */
typedef enum {
  TAMBO_HQ_WHOLE,    /* all of it; the decider's keys when they are needed */
  TAMBO_HQ_RECEIVER, /* the certificate authority's, the server's and the one that signs receipts */
  TAMBO_HQ_DECIDER, /* the one that signs messages; envelopes' and documents' when they are needed */
  TAMBO_HQ_VIEWER,  /* none */
} TamboHqRole;

typedef struct {
  const char *name, *state, *country;
  gboolean practice;
  const char *const *hosts; /* beside localhost; NULL-terminated or NULL */
  const char *signer;       /* PKCS#11 URI of the document signer's key; NULL: in a file */
  const char *envelope;     /* likewise, of the key that records are sealed for */
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
TamboHq *tambo_hq_open_as (TamboHqRole role, const char *folder, const char *database,
                           const char *blobs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
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
