/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/printer.h"

#include "capture/device-private.h"
#include "capture/helper-devices.h"

struct _TamboPrinter {
  TamboDevice parent;
};

G_DEFINE_FINAL_TYPE (TamboPrinter, tambo_printer, TAMBO_TYPE_DEVICE)

static void tambo_printer_class_init (TamboPrinterClass *klass) {
}

static void tambo_printer_init (TamboPrinter *self) {
}

TamboDevice *tambo_printer_new (const TamboDeviceRow *row) {
  return tambo_device_new_from_row (TAMBO_TYPE_PRINTER, TAMBO_DEVICE_PRINTER, row);
}
