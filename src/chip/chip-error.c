/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/chip-error.h"

G_DEFINE_QUARK (tambo - chip - error - quark, tambo_chip_error)
