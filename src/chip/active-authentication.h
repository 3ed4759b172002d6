/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Active Authentication, Doc 9303-11 section 6.1: the chip signs the terminal's challenge with a key
 * that never leaves it; the public half is DG15. RSA with ISO/IEC 9796-2 digital signature scheme 1
 * (appendix F), ECDSA plain (TR-03111) as the standard has it or DER as some chips do.
 */
#pragma once

#include "chip/lds.h"
#include "chip/personalisation.h"
#include "chip/secure-messaging.h"

#define TAMBO_ACTIVE_CHALLENGE_SIZE 8

/* SIGNATURE over CHALLENGE by the key in DG15. DG14 may be NULL; its ActiveAuthenticationInfo names the
 * hash of ECDSA, else the size of the curve does. AUTHENTICATION when it does not hold, UNSUPPORTED
 * for another kind of key. */
gboolean tambo_active_authentication_verify (GBytes *dg15, GBytes *dg14,
                                             const guint8 challenge[TAMBO_ACTIVE_CHALLENGE_SIZE],
                                             GBytes *signature,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Asks the chip under SM, after its files were read into LDS, and adds the row active-authentication to
 * VERDICTS: skipped without DG15. FALSE only when the chip could not be talked to. The hash of DG15
 * has to hold in the SOD besides; without it anyone may bring a key of his own. */
gboolean tambo_active_authentication (TamboChannel *channel, TamboSecureMessaging *sm,
                                      const TamboLds *lds, GPtrArray *verdicts,
                                      GCancellable *cancellable, GError **error);

/* A new RSA-1024 pair, the most that the open applet takes, and its DG15. */
gboolean tambo_active_key_generate (TamboActiveKey *out_key, GBytes **out_dg15,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from a key that is there already: RSA-1024 or on a curve, PEM. */
gboolean tambo_active_key_parse (GBytes *pem, TamboActiveKey *out_key, GBytes **out_dg15,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_active_key_clear (TamboActiveKey *key);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboActiveKey, tambo_active_key_clear)

/* The message representative F of ISO/IEC 9796-2 with partial recovery, over the non-recoverable
 * CHALLENGE. */
gboolean tambo_iso9796_2_check (gconstpointer representative, gsize size, gconstpointer challenge,
                                gsize challenge_size) G_GNUC_WARN_UNUSED_RESULT;
