/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/preferences.h"

#include <string.h>

#include "base/file.h"

#define GROUP "Window"
#define MIN_TEXT_SIZE 100
#define MAX_TEXT_SIZE 200
/* Of a screen that says nothing. */
#define USUAL_DPI (96 * 1024)

static const char *const color_names[] = {
  [TAMBO_COLORS_SYSTEM] = "system",
  [TAMBO_COLORS_LIGHT] = "light",
  [TAMBO_COLORS_DARK] = "dark",
};

TamboPreferences *tambo_preferences_new (void) {
  TamboPreferences *preferences = g_new0 (TamboPreferences, 1);

  preferences->text_size = MIN_TEXT_SIZE;
  preferences->applicant_language = g_strdup ("es");
  return preferences;
}

TamboPreferences *tambo_preferences_copy (const TamboPreferences *preferences) {
  TamboPreferences *copy = g_memdup2 (preferences, sizeof *preferences);

  copy->applicant_language = g_strdup (preferences->applicant_language);
  copy->camera = g_strdup (preferences->camera);
  copy->reader = g_strdup (preferences->reader);
  return copy;
}

void tambo_preferences_free (TamboPreferences *preferences) {
  if (preferences == NULL)
    return;
  g_free (preferences->applicant_language);
  g_free (preferences->camera);
  g_free (preferences->reader);
  g_free (preferences);
}

/* ---- the file ---- */

static char *path_of (const char *station_folder) {
  return g_build_filename (station_folder, "preferences.ini", NULL);
}

static TamboColors read_colors (GKeyFile *file) {
  g_autofree char *name = g_key_file_get_string (file, GROUP, "colors", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (color_names); i++)
    if (g_strcmp0 (name, color_names[i]) == 0)
      return (TamboColors) i;
  return TAMBO_COLORS_SYSTEM;
}

TamboPreferences *tambo_preferences_load (const char *station_folder) {
  TamboPreferences *preferences = tambo_preferences_new ();
  g_autofree char *path = path_of (station_folder);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return preferences;
  char *language = g_key_file_get_string (file, GROUP, "applicant-language", NULL);
  if (language != NULL) {
    g_free (preferences->applicant_language);
    preferences->applicant_language = language;
  }
  preferences->text_size =
      CLAMP (g_key_file_get_integer (file, GROUP, "text-size", NULL), MIN_TEXT_SIZE, MAX_TEXT_SIZE);
  preferences->colors = read_colors (file);
  preferences->high_contrast = g_key_file_get_boolean (file, GROUP, "high-contrast", NULL);
  preferences->sounds = g_key_file_get_boolean (file, GROUP, "sounds", NULL);
  preferences->is_still = g_key_file_get_boolean (file, GROUP, "still", NULL);
  preferences->camera = g_key_file_get_string (file, GROUP, "camera", NULL);
  preferences->reader = g_key_file_get_string (file, GROUP, "reader", NULL);
  return preferences;
}

static void set_optional (GKeyFile *file, const char *key, const char *value) {
  if (value != NULL)
    g_key_file_set_string (file, GROUP, key, value);
}

gboolean tambo_preferences_save (const TamboPreferences *preferences, const char *station_folder,
                                 GError **error) {
  g_autofree char *path = path_of (station_folder);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_integer (file, GROUP, "text-size", preferences->text_size);
  g_key_file_set_string (file, GROUP, "colors", color_names[preferences->colors]);
  g_key_file_set_boolean (file, GROUP, "high-contrast", preferences->high_contrast);
  g_key_file_set_boolean (file, GROUP, "sounds", preferences->sounds);
  g_key_file_set_boolean (file, GROUP, "still", preferences->is_still);
  set_optional (file, "applicant-language", preferences->applicant_language);
  set_optional (file, "camera", preferences->camera);
  set_optional (file, "reader", preferences->reader);
  gsize size;
  char *text = g_key_file_to_data (file, &size, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, size);
  return tambo_file_write_durable (path, bytes, 0600, error);
}

/* ---- what they do ---- */

void tambo_preferences_prepare (const char *station_folder) {
  g_autoptr (TamboPreferences) preferences = tambo_preferences_load (station_folder);

  /* libadwaita 1.2 asks the desktop alone, or this variable, once. */
  if (preferences->high_contrast)
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", TRUE);
}

static int get_own_dpi (void) {
  static int own_dpi;

  if (own_dpi == 0) {
    g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &own_dpi, NULL);
    if (own_dpi <= 0)
      own_dpi = USUAL_DPI;
  }
  return own_dpi;
}

void tambo_preferences_apply (const TamboPreferences *preferences, TamboDeviceManager *devices) {
  static const AdwColorScheme schemes[] = {
    [TAMBO_COLORS_SYSTEM] = ADW_COLOR_SCHEME_DEFAULT,
    [TAMBO_COLORS_LIGHT] = ADW_COLOR_SCHEME_FORCE_LIGHT,
    [TAMBO_COLORS_DARK] = ADW_COLOR_SCHEME_FORCE_DARK,
  };
  int own_dpi = get_own_dpi ();

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[preferences->colors]);
  if (preferences->text_size != MIN_TEXT_SIZE)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi",
                  own_dpi / 100 * preferences->text_size, NULL);
  else
    gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
  if (preferences->is_still)
    g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  else
    gtk_settings_reset_property (gtk_settings_get_default (), "gtk-enable-animations");
  tambo_device_manager_prefer (devices, TAMBO_DEVICE_CAMERA, preferences->camera);
  tambo_device_manager_prefer (devices, TAMBO_DEVICE_FINGERPRINT_READER, preferences->reader);
}
