/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/format-error.h"

G_DEFINE_QUARK (tambo_format_error, tambo_format_error)
