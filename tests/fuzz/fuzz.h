/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all fuzz targets share. Each is one file with LLVMFuzzerTestOneInput: libFuzzer drives it under
 * `./dev fuzz`, and fuzz-main.c gives it the files of its corpus in the tests.
 */
#pragma once

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A parser either gives its result or says why not, never both. */
#define fuzz_outcome(result, error) g_assert_true (((result) != 0) == ((error) == NULL))
