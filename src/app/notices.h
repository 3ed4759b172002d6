/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the desktop tells a clerk who looks elsewhere: orders have come, a record was refused. Numbers
 * alone, nothing of anybody.
 */
#pragma once

#include "app/session.h"

#define TAMBO_TYPE_NOTICES (tambo_notices_get_type ())
G_DECLARE_FINAL_TYPE (TamboNotices, tambo_notices, TAMBO, NOTICES, GObject)

TamboNotices *tambo_notices_new (TamboSession *session);
/* After each exchange: what is there for the first time is told. What is there at the first look is known
 * already. */
void tambo_notices_look (TamboNotices *self);
