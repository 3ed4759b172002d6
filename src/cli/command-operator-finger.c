/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "operator finger": a finger that unlocks the window in place of the password.
 */
#include <string.h>

#include "capture/device-manager.h"
#include "cli/command-operator.h"
#include "station/finger-unlock.h"

static TamboImage *capture (TamboCli *cli, GError **error) {
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (TamboFingerprintReader) reader = NULL;
  g_autoptr (TamboFingerprintCapture) captured = NULL;

  if (!tambo_device_manager_scan (manager, cli->cancellable, error))
    return NULL;
  reader = tambo_device_manager_dup_fingerprint_reader (manager, NULL, error);
  captured = reader != NULL
                 ? tambo_fingerprint_reader_capture (reader, NULL, NULL, cli->cancellable, error)
                 : NULL;
  return captured != NULL ? tambo_image_to_grey (captured->image) : NULL;
}

TamboExit tambo_operator_finger (TamboCli *cli, int argc, char **argv) {
  g_autofree char *word = NULL;
  const GOptionEntry options[] = {
    { "finger", 0, 0, G_OPTION_ARG_STRING, &word, "A picture of it, or the reader",
      "POSITION=FILE|sensor" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("operator finger", "[ID]",
                        "Enrols one's own finger: from the next sign-in on it unlocks the window "
                        "on the same day.",
                        options, &argc, &argv, &status))
    return status;
  const char *source = word != NULL ? strchr (word, '=') : NULL;
  g_autofree char *position = source != NULL ? g_strndup (word, source - word) : NULL;
  TamboFinger finger =
      position != NULL ? tambo_finger_from_string (position) : TAMBO_FINGER_UNKNOWN;
  if (argc > 2 || finger == TAMBO_FINGER_UNKNOWN)
    return tambo_cli_usage ("--finger POSITION=FILE or POSITION=sensor is needed");
  if (argc == 2 && tambo_cli_get_operator (cli) != NULL
      && g_strcmp0 (argv[1], tambo_cli_get_operator (cli)) != 0)
    return tambo_cli_usage ("everybody enrols one's own finger");
  if (argc == 2 && cli->operator_id == NULL)
    cli->operator_id = g_strdup (argv[1]);

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  g_autoptr (TamboImage) image = NULL;
  if (station != NULL)
    image = g_str_equal (source, "=sensor") ? capture (cli, &error)
                                            : tambo_cli_read_picture (source + 1, &error);
  if (image == NULL || !tambo_finger_unlock_enrol (station, finger, image, &error))
    return tambo_cli_fail (error, "finger not enrolled");
  g_autofree char *id = tambo_station_dup_operator (station);
  g_autofree char *text =
      g_strdup_printf ("%s of %s enrolled", tambo_finger_to_string (finger), id);
  return tambo_operator_end (cli, id, text, NULL);
}
