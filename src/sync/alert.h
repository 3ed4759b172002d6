/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Alerts about documents and persons: headquarters sends hashes, keyed with a salt of its own, and a
 * station compares them with who stands before the clerk. No list of names or numbers leaves headquarters.
 * The salt is sealed for the station: a stolen disk alone does not tell whom the hashes are about.
 */
#pragma once

#include <glib.h>

/* Hexadecimal. What is written differently and means the same has the same hash: case, blanks, hyphens. */
char *tambo_alert_hash_document (GBytes *salt, const char *issuing_state, const char *document_type,
                                 const char *number);
/* Of the names as they are in the machine readable zone, and the date of birth. */
char *tambo_alert_hash_person (GBytes *salt, const char *surname, const char *given_names,
                               const char *birth_date);
