/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The key inside a card verifiable certificate. Private to cv-certificate.c.
 */
#pragma once

#include "chip/cv-certificate.h"

/* The value of a public key data object 7F49, appendix D.3. */
gboolean tambo_cv_key_parse (gconstpointer data, gsize size, TamboCvCertificate *certificate,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
