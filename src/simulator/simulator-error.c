/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/simulator-error.h"

G_DEFINE_QUARK (tambo - simulator - error - quark, tambo_simulator_error)
