/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/record-error.h"

G_DEFINE_QUARK (tambo_record_error, tambo_record_error)
