/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/file.h"
#include "capture/device-manager.h"
#include "format/image-codec.h"

#define PEN_REST_MS 1500
#define PEN_TIMEOUT_MS 60000

/* Each gives the bytes of a file. */
typedef GBytes *(*Capture) (TamboDeviceManager *manager, GCancellable *cancellable, GError **error);

static GBytes *capture_portrait (TamboDeviceManager *manager, GCancellable *cancellable,
                                 GError **error) {
  g_autoptr (TamboCamera) camera = tambo_device_manager_dup_camera (manager, NULL, error);
  if (camera == NULL)
    return NULL;
  GBytes *file = tambo_camera_capture (camera, cancellable, error);
  tambo_camera_stop (camera);
  return file;
}

static GBytes *capture_finger (TamboDeviceManager *manager, GCancellable *cancellable,
                               GError **error) {
  g_autoptr (TamboFingerprintReader) reader =
      tambo_device_manager_dup_fingerprint_reader (manager, NULL, error);
  g_autoptr (TamboFingerprintCapture) capture =
      reader != NULL ? tambo_fingerprint_reader_capture (reader, NULL, NULL, cancellable, error)
                     : NULL;
  if (capture == NULL)
    return NULL;
  fprintf (stderr, "%s: %dx%d, %d ppi, %d minutiae\n", capture->driver, capture->image->width,
           capture->image->height, capture->image->ppi, capture->n_minutiae);
  return tambo_image_encode_png (capture->image, error);
}

static GBytes *capture_signature (TamboDeviceManager *manager, GCancellable *cancellable,
                                  GError **error) {
  g_autoptr (TamboSignaturePad) pad = tambo_device_manager_dup_signature_pad (manager, NULL, error);
  g_autoptr (TamboSignature) signature =
      pad != NULL ? tambo_signature_pad_capture (pad, PEN_REST_MS, PEN_TIMEOUT_MS, NULL, NULL,
                                                 cancellable, error)
                  : NULL;

  return signature != NULL ? tambo_signature_encode (signature) : NULL;
}

static TamboExit capture_to_file (TamboCli *cli, int argc, char **argv, Capture capture) {
  g_autofree char *name = g_strdup_printf ("capture %s", argv[0]);
  g_autofree char *failure = g_strdup_printf ("%s not captured", argv[0]);
  g_autofree char *path = NULL;
  const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Where it goes", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;

  if (!tambo_cli_parse (name, "", "One capture from a device.", options, &argc, &argv, &status))
    return status;
  if (path == NULL)
    return tambo_cli_usage ("-o is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  if (!tambo_device_manager_scan (manager, cli->cancellable, &error))
    return tambo_cli_fail (error, failure);
  g_autoptr (GBytes) file = capture (manager, cli->cancellable, &error);
  if (file == NULL || !tambo_file_write_durable (path, file, 0600, &error))
    return tambo_cli_fail (error, failure);

  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "file", path);
  json_object_set_int_member (document, "size", g_bytes_get_size (file));
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit portrait (TamboCli *cli, int argc, char **argv) {
  return capture_to_file (cli, argc, argv, capture_portrait);
}

static TamboExit finger (TamboCli *cli, int argc, char **argv) {
  return capture_to_file (cli, argc, argv, capture_finger);
}

static TamboExit signature (TamboCli *cli, int argc, char **argv) {
  return capture_to_file (cli, argc, argv, capture_signature);
}

TamboExit tambo_command_capture (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "portrait", NULL, portrait },
    { "finger", NULL, finger },
    { "signature", NULL, signature },
    { "document", NULL, tambo_command_capture_document },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
