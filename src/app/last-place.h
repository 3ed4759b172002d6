/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the clerk is in an enrolment: case, step and field, so that a power cut, a crash or a lock leads back to the
 * same place. A small file in the station's folder that says nothing personal.
 */
#pragma once

#include "app/session.h"

typedef struct {
  char *case_id;
  char *operator_id;
  TamboStep step;
  char *field; /* NULL for none */
} TamboLastPlace;

void tambo_last_place_free (TamboLastPlace *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboLastPlace, tambo_last_place_free)

/* In the open case. In the order of the calls, off the main thread. */
void tambo_last_place_note (TamboSession *session, TamboStep step, const char *field);
/* The clerk has left the case. */
void tambo_last_place_forget (TamboSession *session);

/* PLACE is NULL when the operator who is signed in left no case; borrowed. */
typedef void (*TamboLastPlaceLoaded) (gpointer owner, const TamboLastPlace *place);

/* What was noted before this call. */
void tambo_last_place_load (TamboSession *session, TamboLastPlaceLoaded loaded, gpointer owner);
