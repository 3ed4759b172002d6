/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All devices of the desk with their state, and what to do about one that is not ready.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_DEVICES_PAGE (tambo_devices_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboDevicesPage, tambo_devices_page, TAMBO, DEVICES_PAGE, TamboDeskPage)
