/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/record-error.h"

G_DEFINE_QUARK (tambo - record - error - quark, tambo_record_error)
