/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/sync-error.h"

G_DEFINE_QUARK (tambo - sync - error - quark, tambo_sync_error)
