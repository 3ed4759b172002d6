/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where headquarters' private keys are. private/ has those of who takes records in; those of who decides
 * are there, too, until the two become two users of the system: then they are in decider/, which its user
 * alone can read.
 *
 *   private/   authority.pem  server.pem  signing.pem
 *   decider/   envelope*.pem|uri  signer.pem|uri  csca.pem  gallery.key  connectors.json  signing.pem
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* Of a file of who takes in. */
char *tambo_key_folder_dup_path (const char *folder, const char *name);
/* Of a file of who decides. */
char *tambo_key_folder_dup_decider_path (const char *folder, const char *name);
gboolean tambo_key_folder_is_split (const char *folder);
/* Makes decider/, UID's alone, and moves its files there; group GID shares the database and BLOBS. For
 * the superuser, while nothing runs. May be done again after it was interrupted. */
gboolean tambo_key_folder_split (const char *folder, const char *blobs, uid_t uid, gid_t gid,
                                 GError **error);
