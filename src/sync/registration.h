/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A station's first contact: its key, a certificate request (PKCS#10, RFC 2986), and what
 * headquarters answers.
 */
#pragma once

#include <gio/gio.h>

#include "sync/client.h"

/* CN = STATION, P-256. PEM. */
char *tambo_registration_make_csr (TamboKey *key, const char *station,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sends the invitation's TOKEN. CA_FILE is the only authority that is trusted for the answer. */
gboolean tambo_register (const char *url, const char *ca_file,
                         const TamboRegistration *registration, GCancellable *cancellable,
                         char **out_certificate_pem, TamboTrust **out_trust,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The certificate of now, or one that continues it, for the key of CSR; headquarters asks for no client
 * certificate, because the old one may have ended. */
char *tambo_renew (const TamboClientSettings *settings, const char *station, const char *csr,
                   GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
