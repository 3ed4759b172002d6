/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/simulator-error.h"

G_DEFINE_QUARK (tambo_simulator_error, tambo_simulator_error)
