/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file under a password: "TAMBO-BACKUP-1" and a line end, log2 N (1), salt (16); then chunks, each its
 * size (4) and AES-256-GCM of up to 1 MiB under scrypt of the password, with the SHA-256 of the header, the
 * number of the chunk (8) and whether it is the last one (1) as associated data. A changed, missing,
 * exchanged or added chunk is INTEGRITY.
 */
#pragma once

#include <gio/gio.h>

typedef struct _TamboSealedFile TamboSealedFile;

/* Makes PATH (0600), which must not exist. */
TamboSealedFile *tambo_sealed_file_create (const char *path, GBytes *password, guint log2_n,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_sealed_file_write (TamboSealedFile *self, gconstpointer data, gsize size,
                                  GError **error);
/* The last chunk; durable on return. */
gboolean tambo_sealed_file_finish (TamboSealedFile *self, GError **error);

/* INTEGRITY for another password. */
TamboSealedFile *tambo_sealed_file_open (const char *path, GBytes *password,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Exactly SIZE bytes; INTEGRITY when there are fewer. */
gboolean tambo_sealed_file_read (TamboSealedFile *self, gpointer out_data, gsize size,
                                 GError **error);
/* Whether everything was read and nothing follows. */
gboolean tambo_sealed_file_is_at_end (TamboSealedFile *self);

void tambo_sealed_file_free (TamboSealedFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSealedFile, tambo_sealed_file_free)
