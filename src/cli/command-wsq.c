/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "format/format-error.h"
#include "format/image-codec.h"
#include "format/wsq.h"

#define FILE_MAX_SIZE (256 * 1024 * 1024)

static void print_result (TamboCli *cli, const char *path, const TamboImage *image, GBytes *file,
                          GBytes *wsq) {
  JsonObject *document = json_object_new ();
  double ratio = (double) tambo_image_size (image) / (double) g_bytes_get_size (wsq);

  json_object_set_string_member (document, "file", path);
  json_object_set_int_member (document, "width", image->width);
  json_object_set_int_member (document, "height", image->height);
  if (image->ppi > 0)
    json_object_set_int_member (document, "ppi", image->ppi);
  json_object_set_int_member (document, "size", (gint64) g_bytes_get_size (file));
  json_object_set_double_member (document, "ratio", ratio);
  if (!cli->json)
    printf ("%s: %d x %d pixels, %" G_GSIZE_FORMAT " bytes, %.1f : 1\n", path, image->width,
            image->height, g_bytes_get_size (file), ratio);
  tambo_cli_end (cli, document);
}

/* A picture that has lost nothing yet: an exchange format may lose once only. */
static TamboImage *read_original (const char *path, GError **error) {
  g_autoptr (GBytes) file = tambo_file_read (path, FILE_MAX_SIZE, error);
  if (file == NULL)
    return NULL;

  TamboImageType type = tambo_image_sniff (file);
  if (type == TAMBO_IMAGE_JPEG || type == TAMBO_IMAGE_JPEG2000 || type == TAMBO_IMAGE_WSQ) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "%s is %s, which has lost detail already", path, tambo_image_media_type (type));
    return NULL;
  }
  g_autoptr (TamboImage) image = tambo_image_decode (file, error);
  return image != NULL ? tambo_image_to_grey (image) : NULL;
}

static TamboExit encode (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  double rate = TAMBO_WSQ_RATE;
  int ppi = 0;
  const GOptionEntry options[] = {
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate, "Bits a pixel: 0.75 for 15:1, 2.25 for 5:1", "R" },
    { "ppi", 0, 0, G_OPTION_ARG_INT, &ppi, "Resolution, whatever the file tells", "N" },
    G_OPTION_ENTRY_NULL,
  };

  if (!tambo_cli_parse ("wsq encode", "IN.png|pgm OUT.wsq",
                        "Compress a fingerprint's image. Without --ppi and a resolution in the "
                        "file, the WSQ file tells none.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 3)
    return tambo_cli_usage ("the image and the WSQ file to write are needed");
  if (!(rate >= TAMBO_WSQ_RATE_MIN && rate <= TAMBO_WSQ_RATE_MAX))
    return tambo_cli_usage ("a rate is from %g to %g", TAMBO_WSQ_RATE_MIN, TAMBO_WSQ_RATE_MAX);
  if (ppi < 0)
    return tambo_cli_usage ("a resolution is not negative");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) image = read_original (argv[1], &error);
  if (image != NULL && ppi > 0)
    image->ppi = ppi;
  g_autoptr (GBytes) wsq = image != NULL ? tambo_wsq_encode (image, rate, &error) : NULL;
  if (wsq == NULL || !tambo_file_write_durable (argv[2], wsq, 0600, &error))
    return tambo_cli_fail (error, "WSQ file not made");
  print_result (cli, argv[2], image, wsq, wsq);
  return TAMBO_EXIT_DONE;
}

static TamboExit decode (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  int ppi = 0;
  const GOptionEntry options[] = {
    { "ppi", 0, 0, G_OPTION_ARG_INT, &ppi, "Resolution, whatever the file tells", "N" },
    G_OPTION_ENTRY_NULL,
  };

  if (!tambo_cli_parse ("wsq decode", "IN.wsq OUT.png|pgm",
                        "Write the picture of a WSQ file: as PGM where the name ends in .pgm, else "
                        "as PNG with the resolution.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 3)
    return tambo_cli_usage ("the WSQ file and the image to write are needed");
  if (ppi < 0)
    return tambo_cli_usage ("a resolution is not negative");

  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) wsq = tambo_file_read (argv[1], FILE_MAX_SIZE, &error);
  g_autoptr (TamboImage) image = wsq != NULL ? tambo_wsq_decode (wsq, &error) : NULL;
  if (image == NULL)
    return tambo_cli_fail (error, "WSQ file not read");
  if (ppi > 0)
    image->ppi = ppi;
  g_autoptr (GBytes) file = g_str_has_suffix (argv[2], ".pgm")
                                ? tambo_image_encode_pnm (image)
                                : tambo_image_encode_png (image, &error);
  if (file == NULL || !tambo_file_write_durable (argv[2], file, 0600, &error))
    return tambo_cli_fail (error, "image not written");
  print_result (cli, argv[2], image, file, wsq);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_wsq (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "encode", NULL, encode },
    { "decode", NULL, decode },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
