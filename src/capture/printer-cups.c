/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks the print service for its queues (CUPS-Get-Printers). The browsing of networks that libcups offers
 * beside takes seconds, and finds printers that nobody has set up for this desk.
 */
#include <cups/cups.h>
#include <string.h>

#include "capture/helper-output.h"

#define PATIENCE_MS 3000
#define NAME_MAX_LENGTH 200 /* bytes; longer ones are no names */

/* RFC 8011, 5.4.12: "media-empty-error" and the like; the ending tells how bad it is. */
static const struct {
  const char *reason, *text;
} reasons[] = {
  { "media-empty", "out of paper" },
  { "media-needed", "needs paper" },
  { "media-jam", "paper is jammed" },
  { "toner-empty", "out of toner" },
  { "marker-supply-empty", "out of ink" },
  { "cover-open", "a cover is open" },
  { "door-open", "a door is open" },
  { "offline", "is switched off or not connected" },
  { "paused", "was paused" },
  { "shutdown", "is switched off" },
};

static const char *get_text (ipp_attribute_t *attribute) {
  const char *text = attribute != NULL ? ippGetString (attribute, 0, NULL) : NULL;

  return text != NULL && strlen (text) <= NAME_MAX_LENGTH && g_utf8_validate (text, -1, NULL) ? text
                                                                                              : "";
}

/* What somebody has to do about it; NULL for nothing. */
static const char *find_trouble (ipp_attribute_t *attribute) {
  int n = attribute != NULL ? ippGetCount (attribute) : 0;

  for (int i = 0; i < n; i++) {
    const char *told = ippGetString (attribute, i, NULL);
    for (guint j = 0; told != NULL && j < G_N_ELEMENTS (reasons); j++)
      if (g_str_has_prefix (told, reasons[j].reason) && !g_str_has_suffix (told, "-report")
          && !g_str_has_suffix (told, "-warning"))
        return reasons[j].text;
  }
  return NULL;
}

/* One printer's attributes, gathered until its group ends. */
typedef struct {
  const char *name, *model, *message, *trouble;
  int state;
  gboolean is_accepting;
} Queue;

static void take_attribute (Queue *queue, ipp_attribute_t *attribute) {
  const char *name = ippGetName (attribute);

  if (g_str_equal (name, "printer-name"))
    queue->name = get_text (attribute);
  else if (g_str_equal (name, "printer-make-and-model"))
    queue->model = get_text (attribute);
  else if (g_str_equal (name, "printer-state-message"))
    queue->message = get_text (attribute);
  else if (g_str_equal (name, "printer-state-reasons"))
    queue->trouble = find_trouble (attribute);
  else if (g_str_equal (name, "printer-state"))
    queue->state = ippGetInteger (attribute, 0);
  else if (g_str_equal (name, "printer-is-accepting-jobs"))
    queue->is_accepting = ippGetBoolean (attribute, 0) != 0;
}

static void tell (const Queue *queue) {
  gboolean is_stopped = queue->state == IPP_PSTATE_STOPPED;
  gboolean has_failed = is_stopped || queue->trouble != NULL || !queue->is_accepting;
  const char *cause = queue->trouble != NULL    ? queue->trouble
                      : *queue->message != '\0' ? queue->message
                      : is_stopped              ? "was stopped in the print service"
                                                : "takes no pages";
  const char *detail = has_failed ? cause : queue->state == IPP_PSTATE_PROCESSING ? "printing" : "";
  g_autofree char *id = g_strconcat ("cups:", queue->name, NULL);
  g_autoptr (TamboDeviceRow) row = tambo_device_row_new (
      id, queue->name, "cups", has_failed ? TAMBO_DEVICE_FAILED : TAMBO_DEVICE_READY, detail);

  tambo_output_device (row);
}

static void tell_queues (ipp_t *answer) {
  const Queue empty = { .name = "", .model = "", .message = "", .is_accepting = TRUE };
  Queue queue = empty;

  for (ipp_attribute_t *attribute = ippFirstAttribute (answer); attribute != NULL;
       attribute = ippNextAttribute (answer)) {
    if (ippGetGroupTag (attribute) == IPP_TAG_PRINTER && ippGetName (attribute) != NULL) {
      take_attribute (&queue, attribute);
    } else if (*queue.name != '\0') {
      tell (&queue);
      queue = empty;
    }
  }
  if (*queue.name != '\0')
    tell (&queue);
}

static ipp_t *make_request (void) {
  static const char *const wanted[] = { "printer-name",          "printer-make-and-model",
                                        "printer-state",         "printer-state-message",
                                        "printer-state-reasons", "printer-is-accepting-jobs" };
  ipp_t *request = ippNewRequest (IPP_OP_CUPS_GET_PRINTERS);

  ippAddStrings (request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                 G_N_ELEMENTS (wanted), NULL, wanted);
  return request;
}

/* A desk without a print service has no printers, and that is no failure. */
void tambo_printer_list (void) {
  http_t *service = httpConnect2 (cupsServer (), ippPort (), NULL, AF_UNSPEC, cupsEncryption (), 1,
                                  PATIENCE_MS, NULL);
  ipp_t *answer = service != NULL ? cupsDoRequest (service, make_request (), "/") : NULL;

  if (answer != NULL)
    tell_queues (answer);
  ippDelete (answer);
  httpClose (service);
  tambo_output_frame (TAMBO_HELPER_DONE, NULL, 0);
}
