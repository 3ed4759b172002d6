/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A card on the desk apart from any case, for support and conformity checks: an LDS in a folder (files
 * COM, DG1 … DG16, SOD) to and from a chip. No blank of the stock is touched; issuing is issue.h.
 */
#pragma once

#include "chip/personalisation.h"
#include "chip/terminal-authentication.h"
#include "format/iso19794-7.h"
#include "station/station.h"

/* Files that are not of the LDS are left alone. TAMBO_CHIP_ERROR_MALFORMED when there is none. */
TamboLds *tambo_card_desk_load (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_card_desk_save (const TamboLds *lds, const char *folder, GError **error);

/* GBytes of trust files (CSCA certificates and links, master lists, revocation lists), and of
 * FOLDER/csca.der where FOLDER is not NULL and has one. */
GPtrArray *tambo_card_desk_load_csca (char **files, const char *folder,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those that headquarters has given the station; empty without. */
GPtrArray *tambo_card_desk_dup_csca (TamboStation *station);
/* More of them. */
gboolean tambo_card_desk_add_trust (GPtrArray *csca, char **files,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The key (PEM) and certificates (card verifiable, as many as there are in each file) of an inspection
 * system. */
TamboTerminal *tambo_card_desk_load_terminal (const char *key, char **certificates,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  const char *reader;                   /* NULL: the first with a card */
  const char *mrz;                      /* NULL for writing: taken from DG1 */
  GPtrArray *csca;                      /* of GBytes */
  const TamboPersonalisationKeys *keys; /* for writing; NULL where the profile wants none */
  const TamboActiveKey *active;         /* for writing; NULL: no active authentication */
  const char *can; /* the card access number; NULL without. For reading, with or instead of MRZ; for
                      writing, it opens the document besides */
  GBytes *card_access;           /* for writing: EF.CardAccess; NULL: what DG14 says */
  GBytes *chip_key;              /* for writing: of chip authentication; NULL without */
  const TamboTerminal *terminal; /* for reading: opens DG3 and DG4; NULL without */
} TamboCardDesk;

/* A file of JSON with the personalisation agent's keys: "enc" and "mac" in hexadecimal, "kvn" (0 where
 * absent: the card's first key set) and "scp" (2 or 3, 3 where absent) for a secure channel. */
gboolean tambo_card_desk_load_keys (const char *path, TamboPersonalisationKeys *out_keys,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean tambo_card_desk_write (const TamboCardDesk *desk, const char *profile, const TamboLds *lds,
                                TamboPersonalisationProgress progress, gpointer data,
                                GPtrArray *verdicts, GCancellable *cancellable, GError **error);
/* The public key that the blank has made, SubjectPublicKeyInfo, DER. */
GBytes *tambo_card_desk_generate (const TamboCardDesk *desk, const char *profile,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FOLDER/CardAccess; TRUE with NULL where there is none. */
gboolean tambo_card_desk_load_card_access (const char *folder, GBytes **out_card_access,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A private key, PEM, as a chip takes it. */
GBytes *tambo_card_desk_load_chip_key (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What lies on the chip after access control. */
TamboLds *tambo_card_desk_read (const TamboCardDesk *desk, GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Rows in VERDICTS; fails only when the card could not be talked to. */
gboolean tambo_card_desk_verify (const TamboCardDesk *desk, GPtrArray *verdicts,
                                 GCancellable *cancellable, GError **error);

/* An RSA-1024 key, PEM, and the DG15 that goes with it. */
gboolean tambo_card_desk_load_active_key (const char *path, TamboActiveKey *out_key,
                                          GBytes **out_dg15,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
