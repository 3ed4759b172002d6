/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The application: opens the station's folder, shows one window, keeps the synchronisation running.
 */
#pragma once

#include <adwaita.h>

#define TAMBO_TYPE_APPLICATION (tambo_application_get_type ())
G_DECLARE_FINAL_TYPE (TamboApplication, tambo_application, TAMBO, APPLICATION, AdwApplication)

TamboApplication *tambo_application_new (void);
