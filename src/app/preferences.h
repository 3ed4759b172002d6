/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How this station's window is set up: preferences.ini in the station's folder. Nothing personal.
 */
#pragma once

#include <adwaita.h>

#include "capture/device-manager.h"

typedef enum {
  TAMBO_COLORS_SYSTEM,
  TAMBO_COLORS_LIGHT,
  TAMBO_COLORS_DARK,
} TamboColors;

typedef struct {
  int text_size; /* percent */
  TamboColors colors;
  gboolean high_contrast;   /* from the next start on */
  gboolean sounds;          /* one when something needs the clerk */
  gboolean is_still;        /* no animation, whatever the desktop says */
  char *applicant_language; /* "es", "en", … */
  char *camera, *reader;    /* names; NULL: whichever is ready */
} TamboPreferences;

TamboPreferences *tambo_preferences_new (void);
TamboPreferences *tambo_preferences_copy (const TamboPreferences *preferences);
void tambo_preferences_free (TamboPreferences *preferences);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPreferences, tambo_preferences_free)

/* What cannot be read is as it is by itself. Blocks. */
TamboPreferences *tambo_preferences_load (const char *station_folder);
/* Durable on return. Blocks. */
gboolean tambo_preferences_save (const TamboPreferences *preferences, const char *station_folder,
                                 GError **error);

/* Before GTK starts: what can only be chosen then. */
void tambo_preferences_prepare (const char *station_folder);
/* From now on, in the whole program. */
void tambo_preferences_apply (const TamboPreferences *preferences, TamboDeviceManager *devices);
