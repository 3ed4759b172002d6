/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pages of a supporting document as one PDF, which is how an office keeps and prints it.
 */
#pragma once

#include "print/receipt-page.h"

/* PAGES are of TamboImage, at least one. Each is a sheet of the size that its resolution tells (200 ppi without
 * one), compressed as JPEG. */
GBytes *tambo_scan_pages_to_pdf (const GPtrArray *pages, GError **error) G_GNUC_WARN_UNUSED_RESULT;
