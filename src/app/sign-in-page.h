/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who sits at the desk. Signal "signed-in".
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_SIGN_IN_PAGE (tambo_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboSignInPage, tambo_sign_in_page, TAMBO, SIGN_IN_PAGE, AdwBin)

void tambo_sign_in_page_set_session (TamboSignInPage *self, TamboSession *session);
/* Signs out; the data key is wiped. */
void tambo_sign_in_page_lock (TamboSignInPage *self);
/* After a lock: for somebody else, whose name is asked first. */
void tambo_sign_in_page_call (TamboSignInPage *self);
