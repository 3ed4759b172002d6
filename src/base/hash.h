/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 (FIPS 180-4), the one hash of the project's own formats.
 */
#pragma once

#include <glib.h>

#define TAMBO_SHA256_SIZE 32

void tambo_sha256 (gconstpointer data, gsize size, guint8 out_hash[TAMBO_SHA256_SIZE]);
GBytes *tambo_sha256_bytes (GBytes *bytes);
/* 64 lower-case hexadecimal digits. */
char *tambo_sha256_hex (GBytes *bytes);
gboolean tambo_is_sha256_hex (const char *text);
