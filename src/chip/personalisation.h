/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Personalisation: the order create all, write, keys, read back and inspect as a stranger would, lock
 * last. Each step is announced to a journal before it is sent, so that a card torn away at any APDU
 * is known for what it is.
 */
#pragma once

#include "chip/channel.h"
#include "chip/inspection.h"
#include "chip/profile.h"
#include "chip/scp.h"

typedef enum {
  TAMBO_STEP_SELECT,
  TAMBO_STEP_CREATE, /* one file */
  TAMBO_STEP_WRITE,  /* one file, whole */
  TAMBO_STEP_KEYS,
  TAMBO_STEP_READ_BACK,
  TAMBO_STEP_LOCK,
  TAMBO_STEP_DONE,
  TAMBO_STEP_GENERATE, /* of a key on the chip, before its document is signed */
} TamboPersonalisationStep;

const char *tambo_personalisation_step_to_string (TamboPersonalisationStep step);
gboolean tambo_personalisation_step_from_string (
    const char *text, TamboPersonalisationStep *out_step) G_GNUC_WARN_UNUSED_RESULT;

/* A row of a journal: "write DG2", "lock". */
char *tambo_personalisation_row (TamboPersonalisationStep step, TamboLdsFile file);
/* Bit N: by ROWS (const char *), those of one card in their order, TamboLdsFile N was created on it: the
 * attempt went on after that step. */
guint32 tambo_personalisation_begun (GPtrArray *rows);

/* Called before the step's first APDU; FALSE (with ERROR) stops before anything is sent. FILE is
 * TAMBO_LDS_N_FILES where the step is of the whole chip. */
typedef gboolean (*TamboPersonalisationJournal) (TamboPersonalisationStep step, TamboLdsFile file,
                                                 gpointer data, GError **error);
/* BYTES_DONE of BYTES_TOTAL, written and read back together. */
typedef void (*TamboPersonalisationProgress) (gsize bytes_done, gsize bytes_total, gpointer data);

/* What the personalisation agent knows: for profiles with an authentication. */
typedef struct {
  TamboScpProtocol protocol; /* of a secure channel */
  guint8 version;            /* of the key set there; 0 the card's first */
  GBytes *enc, *mac;         /* secrets */
} TamboPersonalisationKeys;

void tambo_personalisation_keys_clear (TamboPersonalisationKeys *keys);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPersonalisationKeys, tambo_personalisation_keys_clear)

/* A key pair for active authentication, Doc 9303-11 section 6.1: RSA-1024, or one on a curve. The public
 * half is DG15. */
typedef struct {
  GBytes *modulus;          /* of 128 bytes; NULL on a curve */
  GBytes *private_exponent; /* likewise, a secret */
  GBytes *curve_key;        /* ECPrivateKey of RFC 5915, a secret; NULL for RSA */
} TamboActiveKey;

typedef struct {
  const TamboChipProfile *profile;
  const TamboLds *lds;
  const char *mrz;                      /* of the document: gives the BAC keys */
  GPtrArray *csca;                      /* GBytes, for the read-back inspection */
  const TamboPersonalisationKeys *keys; /* NULL where the profile wants none */
  const TamboActiveKey *active;         /* NULL: the chip gets none, or has made its own */
  GBytes *card_access;                  /* EF.CardAccess; NULL: the chip offers no PACE */
  const char *can;                      /* card access number; NULL: PACE by the MRZ alone */
  /* Of chip authentication, ECPrivateKey of RFC 5915, a secret; NULL: DG14 has none. */
  GBytes *chip_key;
  guint32 begun; /* bit N: by the journal, TamboLdsFile N was created on this card before. A card
                    that lacks it is another one: MISMATCH */
  TamboPersonalisationJournal journal;
  TamboPersonalisationProgress progress; /* may be NULL */
  gpointer data;
} TamboPersonalisation;

/* EF.CardAccess that says what the signed DG14 of LDS says, Doc 9303-11 section 4.2: its PACEInfo. NULL
 * where there are none, or the profile cannot: such a document opens by BAC alone. */
GBytes *tambo_personalisation_make_card_access (const TamboChipProfile *profile,
                                                const TamboLds *lds);

/* TamboPersonalisation.chip_key from a private key on a curve, PEM. */
GBytes *tambo_personalisation_chip_key_parse (GBytes *pem,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The chip makes its key for active authentication, of which the document's DG15 must be before the
 * document is signed: a key on P-256 as SubjectPublicKeyInfo, DER. Of PERSONALISATION the profile, the keys and the
 * journal are looked at. A second call makes another key. */
GBytes *tambo_personalisation_generate (const TamboPersonalisation *personalisation,
                                        TamboChannel *channel, GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes, reads back over access control, verifies passive authentication and byte equality, then
 * locks. After TRUE the chip is done; VERDICTS (TamboVerdict) has what was seen. May be called again
 * on the same card after a tear before TAMBO_STEP_LOCK was announced: creating and writing are
 * repeated. */
gboolean tambo_personalise (const TamboPersonalisation *personalisation, TamboChannel *channel,
                            GPtrArray *verdicts, GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For a card that was torn away after TAMBO_STEP_LOCK was announced: whether the lock reached it, only
 * the card knows. Writes nothing; reads back and inspects as above, locks the chip if it is open, and
 * proves that it is locked. */
gboolean tambo_personalisation_finish (const TamboPersonalisation *personalisation,
                                       TamboChannel *channel, GPtrArray *verdicts,
                                       GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
