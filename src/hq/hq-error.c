/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/hq-error.h"

G_DEFINE_QUARK (tambo - hq - error - quark, tambo_hq_error)
