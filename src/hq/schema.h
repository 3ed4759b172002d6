/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables of headquarters' database. An epoch is one registration of a station: a station that is
 * registered anew has a new database and begins its numbers again.
 */
#pragma once

#define TAMBO_HQ_SCHEMA_VERSION 8
/* What leads from each version to the next one, in SQLite's words: each database translates them. */
extern const char *const tambo_hq_schema[TAMBO_HQ_SCHEMA_VERSION];
