/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/chip-error.h"

G_DEFINE_QUARK (tambo_chip_error, tambo_chip_error)
