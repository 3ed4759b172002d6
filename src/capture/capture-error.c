/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/capture-error.h"

G_DEFINE_QUARK (tambo_capture_retry, tambo_capture_retry)
G_DEFINE_QUARK (tambo_capture_error, tambo_capture_error)
