/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A flatbed or sheet-fed scanner, driven by SANE in a process of its own. It is looked for when a page is to be
 * scanned and not with the other devices: SANE asks many drivers and takes its time.
 */
#pragma once

#include <gio/gio.h>

#include "capture/capture-error.h"
#include "format/image.h"

#define TAMBO_SCANNER_PPI 300

/* One page, as large as the glass, in colour where the scanner has it. NAME is SANE's, such as "epsonds:libusb:001:004";
 * NULL for the first there is. TAMBO_CAPTURE_RETRY_NO_SHEET when the feeder is empty; NO_DEVICE, BUSY,
 * NO_PERMISSION, PROTOCOL, FAILED. May take a minute. */
TamboImage *tambo_scanner_scan (const char *name, GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
