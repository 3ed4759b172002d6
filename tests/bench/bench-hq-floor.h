/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plainest receiver that keeps what it says: TLS with the client's certificate verified, SHA-256, file,
 * fsync, rename, one SQLite row (WAL, synchronous=FULL), with the same libraries as headquarters.
 */
#pragma once

/* Serves the files and keys of the headquarters in FOLDER until standard input ends; prints
 * "listening on ADDRESS:PORT". With URI, that of a PostgreSQL database, the row goes there and waits for its
 * disk; NULL: into SQLite. */
int floor_serve (const char *folder, const char *uri);
