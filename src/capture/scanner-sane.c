/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sane/sane.h>
#include <sane/saneopts.h>
#include <string.h>

#include "capture/helper-output.h"
#include "capture/scanner.h"
#include "format/image-codec.h"

#define READ_SIZE (64 * 1024)
#define ALIVE_US (TAMBO_HELPER_ALIVE_MS * G_TIME_SPAN_MILLISECOND)
#define MM_PER_INCH 25.4

static TamboCaptureError code_of (SANE_Status status) {
  switch (status) {
  case SANE_STATUS_DEVICE_BUSY:
    return TAMBO_CAPTURE_ERROR_BUSY;
  case SANE_STATUS_ACCESS_DENIED:
    return TAMBO_CAPTURE_ERROR_NO_PERMISSION;
  case SANE_STATUS_INVAL:
    return TAMBO_CAPTURE_ERROR_NO_DEVICE;
  case SANE_STATUS_UNSUPPORTED:
    return TAMBO_CAPTURE_ERROR_UNSUITABLE;
  default:
    return TAMBO_CAPTURE_ERROR_FAILED;
  }
}

static gboolean fail (GError **error, SANE_Status status) {
  if (status == SANE_STATUS_NO_DOCS)
    g_set_error_literal (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_NO_SHEET,
                         "no sheet lies in the scanner's feeder");
  else
    g_set_error (error, TAMBO_CAPTURE_ERROR, (int) code_of (status), "the scanner: %s",
                 sane_strstatus (status));
  return FALSE;
}

/* ---- which ---- */

/* Borrowed of SANE. The camera's driver of SANE is not asked: cameras are held by another. */
static const char *find_scanner (GError **error) {
  const SANE_Device **devices;
  SANE_Status status = sane_get_devices (&devices, SANE_TRUE);

  if (status != SANE_STATUS_GOOD) {
    fail (error, status);
    return NULL;
  }
  for (int i = 0; devices[i] != NULL; i++)
    if (!g_str_has_prefix (devices[i]->name, "gphoto2:")
        && !g_str_has_prefix (devices[i]->name, "v4l:"))
      return devices[i]->name;
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_DEVICE,
                       "no scanner is connected");
  return NULL;
}

/* ---- how ---- */

/* NULL when there is none that can be set now. */
static const SANE_Option_Descriptor *find_option (SANE_Handle scanner, const char *name,
                                                  SANE_Int *out_index) {
  const SANE_Option_Descriptor *option;

  for (SANE_Int i = 1; (option = sane_get_option_descriptor (scanner, i)) != NULL; i++)
    if (g_strcmp0 (option->name, name) == 0 && SANE_OPTION_IS_ACTIVE (option->cap)
        && SANE_OPTION_IS_SETTABLE (option->cap)) {
      *out_index = i;
      return option;
    }
  return NULL;
}

/* The first of CHOICES that it knows. Left as it is where it knows none. */
static void choose_text (SANE_Handle scanner, const char *name, const char *const *choices) {
  SANE_Int index;
  const SANE_Option_Descriptor *option = find_option (scanner, name, &index);

  if (option == NULL || option->type != SANE_TYPE_STRING
      || option->constraint_type != SANE_CONSTRAINT_STRING_LIST)
    return;
  for (; *choices != NULL; choices++)
    for (const SANE_String_Const *known = option->constraint.string_list; *known != NULL; known++)
      if (g_ascii_strcasecmp (*known, *choices) == 0) {
        g_autofree char *value = g_malloc0 ((gsize) MAX (option->size, 1) + strlen (*known) + 1);
        strcpy (value, *known);
        sane_control_option (scanner, index, SANE_ACTION_SET_VALUE, value, NULL);
        return;
      }
}

/* In the option's own terms, within its bounds. */
static SANE_Word fit (const SANE_Option_Descriptor *option, SANE_Word wish) {
  if (option->constraint_type == SANE_CONSTRAINT_RANGE)
    return CLAMP (wish, option->constraint.range->min, option->constraint.range->max);
  if (option->constraint_type == SANE_CONSTRAINT_WORD_LIST) {
    const SANE_Word *list = option->constraint.word_list;
    SANE_Word best = wish;
    gint64 distance = G_MAXINT64;

    for (SANE_Word i = 1; i <= list[0]; i++)
      if (ABS ((gint64) list[i] - wish) < distance) {
        distance = ABS ((gint64) list[i] - wish);
        best = list[i];
      }
    return best;
  }
  return wish;
}

/* What it was set to, or 0. */
static double choose_number (SANE_Handle scanner, const char *name, double wish) {
  SANE_Int index;
  const SANE_Option_Descriptor *option = find_option (scanner, name, &index);
  SANE_Word value;

  if (option == NULL || (option->type != SANE_TYPE_INT && option->type != SANE_TYPE_FIXED))
    return 0;
  value = fit (option, option->type == SANE_TYPE_FIXED ? SANE_FIX (wish) : (SANE_Word) wish);
  sane_control_option (scanner, index, SANE_ACTION_SET_VALUE, &value, NULL);
  if (sane_control_option (scanner, index, SANE_ACTION_GET_VALUE, &value, NULL) != SANE_STATUS_GOOD)
    return 0;
  return option->type == SANE_TYPE_FIXED ? SANE_UNFIX (value) : value;
}

/* The whole glass, in colour. Its resolution. */
static int set_up (SANE_Handle scanner) {
  static const char *const modes[] = {
    "Color", "Colour", "24bit Color", "Gray", "Grayscale", NULL
  };
  double ppi;

  choose_text (scanner, SANE_NAME_SCAN_MODE, modes);
  choose_number (scanner, SANE_NAME_BIT_DEPTH, 8);
  ppi = choose_number (scanner, SANE_NAME_SCAN_RESOLUTION, TAMBO_SCANNER_PPI);
  choose_number (scanner, SANE_NAME_SCAN_TL_X, 0);
  choose_number (scanner, SANE_NAME_SCAN_TL_Y, 0);
  choose_number (scanner, SANE_NAME_SCAN_BR_X, 32767);
  choose_number (scanner, SANE_NAME_SCAN_BR_Y, 32767);
  return (int) (ppi + 0.5);
}

/* ---- a page ---- */

static gboolean refuse (GError **error, const char *cause) {
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL, "the scanner: %s", cause);
  return FALSE;
}

static gboolean check_parameters (const SANE_Parameters *form, GError **error) {
  int channels = form->format == SANE_FRAME_RGB ? 3 : 1;

  if ((form->format != SANE_FRAME_RGB && form->format != SANE_FRAME_GRAY) || form->depth != 8)
    return refuse (error, "it gives pages in a form that is not known here");
  if (form->pixels_per_line < 1 || form->bytes_per_line < form->pixels_per_line * channels
      || form->lines == 0 || form->bytes_per_line > TAMBO_IMAGE_MAX_PIXELS)
    return refuse (error, "it gives a page of an impossible size");
  return TRUE;
}

/* The lines as they come: their number may be unknown until the end. */
static gboolean read_lines (SANE_Handle scanner, const SANE_Parameters *form, GByteArray *lines,
                            GError **error) {
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  gint64 told = g_get_monotonic_time ();

  for (;;) {
    SANE_Int size = 0;
    SANE_Status status = sane_read (scanner, buffer, READ_SIZE, &size);

    if (status == SANE_STATUS_EOF)
      return TRUE;
    if (status != SANE_STATUS_GOOD)
      return fail (error, status);
    g_byte_array_append (lines, buffer, (guint) size);
    if (lines->len / (guint) form->bytes_per_line
        > TAMBO_IMAGE_MAX_PIXELS / (guint) form->pixels_per_line)
      return refuse (error, "the page does not end");
    if (g_get_monotonic_time () - told < ALIVE_US)
      continue;
    told = g_get_monotonic_time ();
    tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
  }
}

static TamboImage *make_page (const SANE_Parameters *form, const GByteArray *lines,
                              GError **error) {
  int channels = form->format == SANE_FRAME_RGB ? 3 : 1;
  gsize stride = (gsize) form->pixels_per_line * (gsize) channels;
  int height = (int) (lines->len / (guint) form->bytes_per_line);
  TamboImage *page = tambo_image_new (form->pixels_per_line, height, channels);

  if (page == NULL) {
    refuse (error, "it gives a page of an impossible size");
    return NULL;
  }
  for (int y = 0; y < height; y++)
    memcpy (page->data + (gsize) y * stride, lines->data + (gsize) y * (gsize) form->bytes_per_line,
            stride);
  return page;
}

static TamboImage *scan_page (SANE_Handle scanner, GError **error) {
  int ppi = set_up (scanner);
  g_autoptr (GByteArray) lines = g_byte_array_new ();
  SANE_Parameters form;
  SANE_Status status = sane_start (scanner);
  TamboImage *page = NULL;

  if (status == SANE_STATUS_GOOD)
    status = sane_get_parameters (scanner, &form);
  if (status != SANE_STATUS_GOOD)
    fail (error, status);
  else if (check_parameters (&form, error) && read_lines (scanner, &form, lines, error))
    page = make_page (&form, lines, error);
  if (page != NULL)
    page->ppi = ppi;
  if (lines->len > 0)
    tambo_secret_wipe (lines->data, lines->len);
  return page;
}

static void tell_page (const TamboImage *page) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = tambo_image_encode_png (page, &error);

  if (file != NULL)
    tambo_output_frame (TAMBO_HELPER_PAGE, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  else
    tambo_output_error (error);
}

static void scan (const char *name) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) page = NULL;
  SANE_Handle scanner;
  const char *found = *name != '\0' ? name : find_scanner (&error);
  SANE_Status status = found != NULL ? sane_open (found, &scanner) : SANE_STATUS_INVAL;

  if (found != NULL && status != SANE_STATUS_GOOD)
    fail (&error, status);
  if (status == SANE_STATUS_GOOD)
    page = scan_page (scanner, &error);
  if (page != NULL)
    tell_page (page);
  else
    tambo_output_error (error);
  /* Everything is told by now: a driver's thread may be stopped amid malloc, whose locks go with it, and this process
   * then hangs until it is ended. */
  if (status == SANE_STATUS_GOOD) {
    sane_cancel (scanner);
    sane_close (scanner);
  }
}

void tambo_scanner_run (const char *name) {
  SANE_Status status = sane_init (NULL, NULL);

  if (status != SANE_STATUS_GOOD) {
    g_autoptr (GError) error = NULL;
    fail (&error, status);
    tambo_output_error (error);
    return;
  }
  scan (name);
  sane_exit ();
}
