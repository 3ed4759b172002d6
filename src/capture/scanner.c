/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/scanner.h"

#include "capture/helper-client.h"
#include "format/image-codec.h"

/* Between two signs of life; a lamp may have to warm up, and SANE to find its drivers. */
#define DEADLINE_MS 60000

TamboImage *tambo_scanner_scan (const char *name, GCancellable *cancellable, GError **error) {
  const char *arguments[] = { "scanner", name != NULL ? name : "", NULL };
  g_autoptr (TamboHelper) helper = tambo_helper_spawn (arguments, cancellable, error);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GError) cause = NULL;
  TamboHelperFrame frame;
  TamboImage *page;

  if (helper == NULL || !tambo_helper_receive (helper, DEADLINE_MS, cancellable, &frame, error))
    return NULL;
  file = tambo_helper_parse_page (&frame, error);
  if (file == NULL)
    return NULL;
  page = tambo_image_decode (file, &cause);
  if (page == NULL)
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                 "the scanner's page cannot be read: %s", cause->message);
  return page;
}
