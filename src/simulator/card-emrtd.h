/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a traveller's end of any eMRTD application does, whoever wrote it: its files, Basic Access
 * Control and 3DES secure messaging (ICAO Doc 9303-11 sections 4.3 and 9.8), READ BINARY with both
 * instructions (9303-10 section 3.6), active authentication with RSA-1024 (9303-11 section 6.1). The
 * chips of card-iso7816.h, card-gp.h and card-passport.h are built on it. Private to them and to
 * card-chip.c.
 */
#pragma once

#include "base/crypto.h"
#include "chip/bac.h"
#include "chip/lds.h"
#include "simulator/card-jmrtd.h"

#define TAMBO_CARD_SW_SECURITY_STATUS 0x6982
#define TAMBO_CARD_SW_BLOCKED 0x6983
#define TAMBO_CARD_SW_CONDITIONS 0x6985
#define TAMBO_CARD_SW_WRONG_LENGTH 0x6700
#define TAMBO_CARD_SW_WRONG_DATA 0x6A80
#define TAMBO_CARD_SW_FILE_NOT_FOUND 0x6A82
#define TAMBO_CARD_SW_NO_MEMORY 0x6A84
#define TAMBO_CARD_SW_WRONG_P1P2 0x6A86
#define TAMBO_CARD_SW_DATA_NOT_FOUND 0x6A88
#define TAMBO_CARD_SW_FILE_EXISTS 0x6A89
#define TAMBO_CARD_SW_INS 0x6D00
#define TAMBO_CARD_SW_CLA 0x6E00

typedef struct {
  GByteArray *content; /* NULL: never created */
  gboolean activated;  /* takes no more writes */
} TamboCardFile;

typedef struct {
  guint16 sw;
  GBytes *data; /* owned; NULL without */
} TamboCardAnswer;

typedef struct {
  /* What survives without power. */
  TamboCardFile files[TAMBO_LDS_N_FILES];
  gsize memory, memory_used;
  TamboBacKeys keys;       /* the document's */
  TamboBacKeys agent_keys; /* the personalisation agent's; NULL parts where he comes another way */
  guint agent_tries;       /* left */
  GBytes *modulus, *exponent;
  gboolean operational;
  guint creations;    /* how many files were asked for */
  gsize max_response; /* declared; 0: short answers */

  /* What does not. */
  gboolean selected;
  TamboCardFile *file;          /* borrowed */
  gboolean agent_chosen, agent; /* for the next authentication; of the session */
  gboolean challenged;
  guint8 challenge[8];
  TamboSecureMessaging *session;
  TamboSecureMessaging *next_session; /* takes its place behind the answer; NULL: it goes on */
  TamboCardRandom random;
  TamboCardQuirks quirks;
} TamboCardEmrtd;

TamboCardEmrtd *tambo_card_emrtd_new (gsize memory);
void tambo_card_emrtd_free (TamboCardEmrtd *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardEmrtd, tambo_card_emrtd_free)
void tambo_card_emrtd_reset (TamboCardEmrtd *card);
/* The selection of a file goes with it. */
void tambo_card_emrtd_end_session (TamboCardEmrtd *card);

TamboCardAnswer tambo_card_answer (guint16 sw);
TamboCardAnswer tambo_card_answer_data (gconstpointer data, gsize size);
/* Frees the answer. */
GBytes *tambo_card_answer_encode (TamboCardAnswer answer);

gboolean tambo_card_emrtd_is_name (const TamboCommand *command);
TamboCardAnswer tambo_card_emrtd_select (TamboCardEmrtd *card);
/* Everything that a traveller's terminal may send, in the clear or unwrapped. 6D00 for the rest. */
TamboCardAnswer tambo_card_emrtd_execute (TamboCardEmrtd *card, const TamboCommand *command);
/* READ BINARY of the file that is selected, whoever asks. */
TamboCardAnswer tambo_card_emrtd_read (TamboCardEmrtd *card, const TamboCommand *command);
/* Runs FUNC on a command that came in the clear or under the session. */
typedef TamboCardAnswer (*TamboCardExecute) (gpointer card, const TamboCommand *command);
GBytes *tambo_card_emrtd_process (TamboCardEmrtd *card, const TamboCommand *command,
                                  TamboCardExecute execute, gpointer data);

/* Creates a file from the value of an FCP template 62. */
guint16 tambo_card_emrtd_create (TamboCardEmrtd *card, gconstpointer fcp, gsize size);
guint16 tambo_card_emrtd_write (TamboCardFile *file, gsize offset, gconstpointer data, gsize size);
/* NULL where there is none. */
TamboCardFile *tambo_card_emrtd_find (TamboCardEmrtd *card, guint16 file_id);
guint16 tambo_card_emrtd_put_number (GBytes **number, gconstpointer data, gsize size);
guint16 tambo_card_emrtd_put_keys (TamboCardEmrtd *card, gconstpointer k_enc, gconstpointer k_mac);
GBytes *tambo_card_emrtd_dup_file (const TamboCardEmrtd *card, guint16 file_id);
