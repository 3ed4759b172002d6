/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether another process writes to the station's store: the kernel says when the file is written to, and the station
 * then looks whether it was somebody else and whether there is anything to see. A file that nobody writes to wakes
 * nobody.
 */
#pragma once

#include "app/session.h"

#define TAMBO_TYPE_STORE_WATCH (tambo_store_watch_get_type ())
G_DECLARE_FINAL_TYPE (TamboStoreWatch, tambo_store_watch, TAMBO, STORE_WATCH, GObject)

/* Until it is freed, the station's "changed" comes for what others wrote, too. */
TamboStoreWatch *tambo_store_watch_new (TamboSession *session);
