/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Password Authenticated Connection Establishment: Doc 9303-11 section 4.4, version 2. Both ends,
 * because the simulated chip speaks it too.
 */
#pragma once

#include "chip/card-access.h"
#include "chip/channel.h"
#include "chip/secure-messaging.h"

/* Section 4.4.4.1, data object 83. */
typedef enum {
  TAMBO_PACE_PASSWORD_MRZ = 1,
  TAMBO_PACE_PASSWORD_CAN = 2,
} TamboPaceReference;

typedef struct {
  TamboPaceReference reference;
  GBytes *secret; /* f (password) of section 9.7.2 */
} TamboPacePassword;

void tambo_pace_password_clear (TamboPacePassword *password);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPacePassword, tambo_pace_password_clear)
/* The MRZ information of record/mrz.h. */
void tambo_pace_password_from_mrz (const char *mrz_information, TamboPacePassword *out_password);
/* Six digits; AUTHENTICATION for anything else. */
gboolean tambo_pace_password_from_can (const char *can, TamboPacePassword *out_password,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the terminal has afterwards. */
typedef struct {
  TamboSecureMessaging *sm;
  /* Chip authentication mapping alone: the chip's ephemeral mapping key and its proof CA_IC, for
   * tambo_pace_session_proves; NULL otherwise. */
  GBytes *chip_mapping_key, *chip_authentication_data;
  /* Comp of both ephemeral keys of the agreement, for terminal authentication. */
  GBytes *chip_key, *terminal_key;
} TamboPaceSession;

void tambo_pace_session_clear (TamboPaceSession *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPaceSession, tambo_pace_session_clear)

/* The terminal: MSE:Set AT and four or five GENERAL AUTHENTICATE; the master file should be selected.
 * AUTHENTICATION when the password is wrong or the chip does not know it. */
gboolean tambo_pace_authenticate (TamboChannel *channel, const TamboPaceInfo *info,
                                  const TamboPacePassword *password, TamboPaceSession *out_session,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Section 4.4.3.5.2: the chip holds the private half of PUBLIC_KEY, a point that was read from
 * EF.CardSecurity under this session. */
gboolean tambo_pace_session_proves (const TamboPaceSession *session, const TamboPaceInfo *info,
                                    GBytes *public_key);

/* The chip's end: a state machine for one card. */
typedef struct _TamboPaceChip TamboPaceChip;

/* PASSWORDS are those that the chip knows. STATIC_KEY is the private key of chip authentication
 * mapping, for INFOS that have it. All are copied. */
TamboPaceChip *tambo_pace_chip_new (const TamboPaceInfo *infos, gsize n_infos,
                                    const TamboPacePassword *passwords, gsize n_passwords,
                                    GBytes *static_key);
void tambo_pace_chip_free (TamboPaceChip *chip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPaceChip, tambo_pace_chip_free)
/* Forgets the run under way. */
void tambo_pace_chip_reset (TamboPaceChip *chip);
/* One MSE:Set AT (22) or GENERAL AUTHENTICATE (86), in the clear or unwrapped: the status word.
 * OUT_DATA is NULL without an answer. After the last step OUT_SESSION is the new session, which
 * begins behind the answer. */
guint16 tambo_pace_chip_process (TamboPaceChip *chip, const TamboCommand *command,
                                 GBytes **out_data, TamboSecureMessaging **out_session);
/* What terminal authentication binds itself to: Comp of both ephemeral keys of the last session,
 * borrowed; NULL before. */
void tambo_pace_chip_get_keys (const TamboPaceChip *chip, GBytes **out_chip_key,
                               GBytes **out_terminal_key);
