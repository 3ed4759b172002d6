/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "capture/device-manager.h"
#include "capture/scanner.h"
#include "format/image-codec.h"
#include "station/page-desk.h"

#define MOST_PAGES 50

typedef struct {
  TamboCli *cli;
  char *output, *scanner; /* SCANNER: NULL for the first */
  gboolean camera;
  int n_pages;
  TamboDeviceManager *devices; /* for the camera; NULL until it is needed */
} Job;

static void job_clear (Job *job) {
  g_free (job->output);
  g_free (job->scanner);
  g_clear_object (&job->devices);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static TamboImage *photograph (Job *job, GError **error) {
  g_autoptr (TamboCamera) camera = NULL;
  g_autoptr (GBytes) file = NULL;

  if (job->devices == NULL) {
    job->devices = tambo_device_manager_new ();
    if (!tambo_device_manager_scan (job->devices, job->cli->cancellable, error))
      return NULL;
  }
  camera = tambo_device_manager_dup_camera (job->devices, NULL, error);
  if (camera == NULL)
    return NULL;
  file = tambo_camera_capture (camera, job->cli->cancellable, error);
  tambo_camera_stop (camera);
  return file != NULL ? tambo_image_decode (file, error) : NULL;
}

/* Who feeds the sheets by hand says when the next one lies there. */
static void wait_for_sheet (int page) {
  int character;

  if (page == 0 || !isatty (STDIN_FILENO))
    return;
  fprintf (stderr, "lay page %d and press Enter\n", page + 1);
  do
    character = getchar ();
  while (character != '\n' && character != EOF);
}

static TamboImage *take_page (Job *job, int page, GError **error) {
  wait_for_sheet (page);
  return job->camera ? photograph (job, error)
                     : tambo_scanner_scan (job->scanner, job->cli->cancellable, error);
}

/* From the files of PATHS, or where there is none from the device. */
static GPtrArray *take_pages (Job *job, char **paths, GError **error) {
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_image_free);

  for (int i = 0; *paths != NULL ? paths[i] != NULL : i < job->n_pages; i++) {
    TamboImage *page =
        *paths != NULL ? tambo_cli_read_picture (paths[i], error) : take_page (job, i, error);
    if (page == NULL)
      return NULL;
    fprintf (stderr, "page %d: %dx%d, %d ppi\n", i + 1, page->width, page->height, page->ppi);
    g_ptr_array_add (pages, page);
  }
  return g_steal_pointer (&pages);
}

TamboExit tambo_command_capture_document (TamboCli *cli, int argc, char **argv) {
  g_auto (Job) job = { .cli = cli, .n_pages = 1 };
  const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &job.output, "Where the PDF goes", "FILE" },
    { "scanner", 0, 0, G_OPTION_ARG_STRING, &job.scanner,
      "The scanner of this name in SANE; without it, the first there is", "NAME" },
    { "camera", 0, 0, G_OPTION_ARG_NONE, &job.camera, "The camera takes the pages", NULL },
    { "pages", 0, 0, G_OPTION_ARG_INT, &job.n_pages, "How many", "N" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;

  if (!tambo_cli_parse ("capture document", "[IMAGE...]",
                        "Pages to one PDF, cut out and straightened: of a scanner, of the camera, "
                        "or pictures that are there already.",
                        options, &argc, &argv, &status))
    return status;
  if (job.output == NULL)
    return tambo_cli_usage ("-o is needed");
  if (job.n_pages < 1 || job.n_pages > MOST_PAGES || argc > MOST_PAGES + 1)
    return tambo_cli_usage ("a document has 1 to 50 pages");

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pages = take_pages (&job, argv + 1, &error);
  g_autoptr (GBytes) pdf = pages != NULL ? tambo_page_desk_bind (pages, &error) : NULL;
  if (pdf == NULL || !tambo_file_write_durable (job.output, pdf, 0600, &error))
    return tambo_cli_fail (error, "document not captured");

  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "file", job.output);
  json_object_set_int_member (document, "size", g_bytes_get_size (pdf));
  json_object_set_int_member (document, "pages", pages->len);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}
