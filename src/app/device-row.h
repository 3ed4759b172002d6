/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One device of the desk: what it is, how it is, and the button that helps when it is not ready.
 */
#pragma once

#include <adwaita.h>

#include "capture/device.h"
#include "station/card-watch.h"

#define TAMBO_TYPE_DEVICE_LIST_ROW (tambo_device_list_row_get_type ())
G_DECLARE_FINAL_TYPE (TamboDeviceListRow, tambo_device_list_row, TAMBO, DEVICE_LIST_ROW,
                      AdwActionRow)

/* Signals "scan-wanted" and "take-back-wanted". It follows DEVICE as it changes. */
GtkWidget *tambo_device_list_row_new (TamboDevice *device);
/* The card readers together; shown anew with each tambo_device_list_row_show_cards. */
GtkWidget *tambo_device_list_row_new_for_cards (void);
void tambo_device_list_row_show_cards (TamboDeviceListRow *self, TamboCardWatch *watch);
