/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A printer as the print service (CUPS) knows it: named, and whether it would print. READY while it prints, with
 * the detail saying so; FAILED with what it is out of, or that it was stopped. Pages go to it elsewhere.
 */
#pragma once

#include "capture/helper-protocol.h"

#define TAMBO_TYPE_PRINTER (tambo_printer_get_type ())
G_DECLARE_FINAL_TYPE (TamboPrinter, tambo_printer, TAMBO, PRINTER, TamboDevice)

TamboDevice *tambo_printer_new (const TamboDeviceRow *row);
