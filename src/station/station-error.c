/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/station-error.h"

G_DEFINE_QUARK (tambo_station_error, tambo_station_error)
