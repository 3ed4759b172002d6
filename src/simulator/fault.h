/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can go wrong with a played device, as a list of words: NAME at every step of the device, NAME@N at
 * the Nth alone. What a step is, each device says; they are counted from the moment the list was given.
 * Thread-safe. (A card's commands have rules of their own: card-fault.h.)
 */
#pragma once

#include <glib.h>

#define TAMBO_FAULTS_MAX 16

typedef struct _TamboFaults TamboFaults;

/* NAMES is NULL-terminated and static; the place of a name in it is its bit. DEVICE is for messages. */
TamboFaults *tambo_faults_new (const char *device, const char *const *names);
void tambo_faults_free (TamboFaults *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFaults, tambo_faults_free)

/* LIST takes the place of what was there; "none" is an empty one. */
gboolean tambo_faults_set (TamboFaults *self, const char *list,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The device comes to its next step: the bits of the faults that strike now. SELF may be NULL: none. */
guint tambo_faults_step (TamboFaults *self);
