/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store-error.h"

G_DEFINE_QUARK (tambo_store_error, tambo_store_error)
