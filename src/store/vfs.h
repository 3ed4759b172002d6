/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: how the store's files are written. A VFS of SQLite (https://www.sqlite.org/vfs.html)
 * over the usual one: the format of the files stays, and what is durable when; fewer calls and syncs lead
 * there (gather.h, journal-seal.h). The journal, which is kept (journal_mode=PERSIST), also stays open
 * from one transaction to the next, so that its folder is synced once and not each time.
 */
#pragma once

/* The VFS by its name, registered when it is not there yet; NULL when SQLite refuses. A file is opened
 * with what is the default VFS at that moment. */
const char *tambo_vfs_name (void);
