/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/paper.h"

#include <glib/gi18n.h>
#include <gtk/gtkunixprint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/picture-area.h"
#include "station/case-desk.h"
#include "station/closing-sheet.h"
#include "station/document-label.h"

#define PRINTER "tambo-printer"
#define SETTINGS "tambo-settings"
#define PRINTER_WAIT_MS 1500
#define PREVIEW_WIDTH 300
#define PREVIEW_HEIGHT 425 /* of a whole page of that width */

typedef struct {
  TamboSession *session;
  char *case_id;
  TamboDeliverySheet *delivery;
  char *order_id, *blank; /* of a label */
  int width;
  TamboPaperShown shown;
  const char *title; /* of the dialog; static */
  char *name;        /* of the file, where it is printed to one */
  GBytes *pdf;
  cairo_surface_t *picture;
} Paper;

static void paper_free (Paper *paper) {
  g_object_unref (paper->session);
  g_free (paper->case_id);
  tambo_delivery_sheet_free (paper->delivery);
  g_free (paper->order_id);
  g_free (paper->blank);
  g_free (paper->name);
  g_clear_pointer (&paper->pdf, g_bytes_unref);
  g_clear_pointer (&paper->picture, cairo_surface_destroy);
  g_free (paper);
}

static Paper *paper_new (TamboSession *session, const char *case_id) {
  Paper *paper = g_new0 (Paper, 1);

  paper->session = g_object_ref (session);
  paper->case_id = g_strdup (case_id);
  paper->width = PREVIEW_WIDTH;
  return paper;
}

static void push (Paper *paper, TamboWorkFunc run, TamboWorkDone done, gpointer owner) {
  tambo_work_push (tambo_session_get_desk_queue (paper->session), run, paper,
                   (GDestroyNotify) paper_free, NULL, done, owner);
}

/* The picture beside the PDF; takes IMAGE. */
static gboolean keep_picture (Paper *paper, TamboImage *image) {
  if (image == NULL)
    return FALSE;
  paper->picture = tambo_picture_surface (image, image->width, image->height);
  tambo_image_free (image);
  return TRUE;
}

/* ---- the printer ---- */

typedef struct {
  TamboSession *session;
  GBytes *pdf;
} Printing;

static void printing_free (gpointer data, GClosure *closure) {
  Printing *printing = data;

  g_object_unref (printing->session);
  g_bytes_unref (printing->pdf);
  g_free (printing);
}

/* What is on its way to the printer: GTK reads the file piece by piece, long after it was handed over. */
typedef struct {
  TamboSession *session;
  int fd;
} Sending;

static void sending_free (gpointer data) {
  Sending *sending = data;

  close (sending->fd);
  g_object_unref (sending->session);
  g_free (sending);
}

static void on_sent_cb (GtkPrintJob *job, gpointer data, const GError *error) {
  tambo_session_fail (((Sending *) data)->session, error);
}

/* In memory alone; -1 with ERROR. */
static int make_file (GBytes *bytes, GError **error) {
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  int fd = memfd_create ("paper", MFD_CLOEXEC);

  if (fd >= 0 && write (fd, data, size) == (gssize) size && lseek (fd, 0, SEEK_SET) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "there is no room for the paper");
  return -1;
}

static void send_job (GtkPrintJob *job, const Printing *printing, GError **error) {
  int fd = make_file (printing->pdf, error);
  if (fd < 0)
    return;

  Sending *sending = g_new (Sending, 1);
  *sending = (Sending){ .session = g_object_ref (printing->session), .fd = fd };
  if (gtk_print_job_set_source_fd (job, fd, error))
    gtk_print_job_send (job, on_sent_cb, sending, sending_free);
  else
    sending_free (sending);
}

static void on_response_cb (GtkPrintUnixDialog *dialog, int response, gpointer data) {
  const Printing *printing = data;
  GtkPrinter *printer = gtk_print_unix_dialog_get_selected_printer (dialog);
  g_autoptr (GtkPrintSettings) settings = gtk_print_unix_dialog_get_settings (dialog);
  g_autoptr (GError) error = NULL;

  if (response == GTK_RESPONSE_OK && printer != NULL) {
    g_object_set_data_full (G_OBJECT (printing->session), PRINTER,
                            g_strdup (gtk_printer_get_name (printer)), g_free);
    g_autoptr (GtkPrintJob) job =
        gtk_print_job_new (gtk_window_get_title (GTK_WINDOW (dialog)), printer, settings,
                           gtk_print_unix_dialog_get_page_setup (dialog));
    send_job (job, printing, &error);
    tambo_session_fail (printing->session, error);
  }
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Where no printer is the system's own, and there is no list of which one: the file, so that Enter prints. */
static gboolean on_no_printer_cb (gpointer data) {
  GtkPrintUnixDialog *dialog = data;
  GtkPrintSettings *settings = g_object_get_data (G_OBJECT (dialog), SETTINGS);

  g_object_set_data (G_OBJECT (dialog), "tambo-wait", NULL);
  if (gtk_print_unix_dialog_get_selected_printer (dialog) == NULL) {
    gtk_print_settings_set_printer (settings, g_dgettext ("gtk40", "Print to File"));
    gtk_print_unix_dialog_set_settings (dialog, settings);
  }
  return G_SOURCE_REMOVE;
}

static void forget_wait (gpointer source) {
  g_source_destroy (source);
  g_source_unref (source);
}

static void wait_for_printer (GtkWidget *dialog) {
  GSource *source = g_timeout_source_new (PRINTER_WAIT_MS);

  g_source_set_callback (source, on_no_printer_cb, dialog, NULL);
  g_source_attach (source, NULL);
  g_object_set_data_full (G_OBJECT (dialog), "tambo-wait", source, forget_wait);
}

/* Left of what the dialog asks. */
static void add_preview (GtkWidget *dialog, const Paper *paper) {
  GtkWidget *content = gtk_dialog_get_content_area (GTK_DIALOG (dialog));
  GtkWidget *preview = g_object_new (
      TAMBO_TYPE_PICTURE_AREA, "paper", TRUE, "width-request", PREVIEW_WIDTH, "height-request",
      MIN (PREVIEW_HEIGHT, cairo_image_surface_get_height (paper->picture)), "valign",
      GTK_ALIGN_CENTER, "margin-start", 12, NULL);

  tambo_picture_area_set_surface (TAMBO_PICTURE_AREA (preview), paper->picture);
  tambo_picture_area_set_label (TAMBO_PICTURE_AREA (preview),
                                _ ("The paper, as it will be printed"));
  gtk_widget_add_css_class (preview, "thumbnail");
  gtk_orientable_set_orientation (GTK_ORIENTABLE (content), GTK_ORIENTATION_HORIZONTAL);
  gtk_box_prepend (GTK_BOX (content), preview);
}

static void ask_for_printer (GtkWidget *parent, const Paper *paper) {
  GtkWidget *dialog =
      gtk_print_unix_dialog_new (paper->title, GTK_WINDOW (gtk_widget_get_root (parent)));
  GtkPrintSettings *settings = gtk_print_settings_new ();
  Printing *printing = g_new0 (Printing, 1);

  printing->session = g_object_ref (paper->session);
  printing->pdf = g_bytes_ref (paper->pdf);
  gtk_print_unix_dialog_set_manual_capabilities (GTK_PRINT_UNIX_DIALOG (dialog),
                                                 GTK_PRINT_CAPABILITY_GENERATE_PDF
                                                     | GTK_PRINT_CAPABILITY_COPIES);
  /* The one of the last time; else the system's own. */
  gtk_print_settings_set_printer (settings, g_object_get_data (G_OBJECT (paper->session), PRINTER));
  gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_BASENAME, paper->name);
  gtk_print_unix_dialog_set_settings (GTK_PRINT_UNIX_DIALOG (dialog), settings);
  g_object_set_data_full (G_OBJECT (dialog), SETTINGS, settings, g_object_unref);
  add_preview (dialog, paper);
  gtk_window_set_modal (GTK_WINDOW (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response_cb), printing, printing_free,
                         0);
  gtk_window_present (GTK_WINDOW (dialog));
  wait_for_printer (dialog);
}

static gboolean run_receipt (gpointer data, GCancellable *cancellable, GError **error) {
  Paper *paper = data;
  TamboStation *station = tambo_session_get_station (paper->session);
  g_autoptr (TamboCaseRow) row = tambo_case_desk_get (station, paper->case_id, error);

  paper->pdf = row != NULL ? tambo_case_desk_receipt (station, paper->case_id, error) : NULL;
  if (paper->pdf == NULL)
    return FALSE;
  paper->name = g_strdup (row->tracking_number);
  paper->title = _ ("Print the receipt");
  return keep_picture (
      paper, tambo_case_desk_receipt_picture (station, paper->case_id, paper->width, error));
}

static gboolean run_closing (gpointer data, GCancellable *cancellable, GError **error) {
  Paper *paper = data;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  TamboStation *station = tambo_session_get_station (paper->session);

  paper->pdf = tambo_closing_sheet_draw (station, error);
  if (paper->pdf == NULL)
    return FALSE;
  paper->name = g_date_time_format (now, "cierre-%Y-%m-%d");
  paper->title = _ ("Print the day closing");
  return keep_picture (paper, tambo_closing_sheet_picture (station, paper->width, error));
}

static gboolean run_delivery (gpointer data, GCancellable *cancellable, GError **error) {
  Paper *paper = data;

  paper->pdf = tambo_delivery_sheet_draw (paper->delivery, error);
  if (paper->pdf == NULL)
    return FALSE;
  paper->name = g_strdup_printf ("entrega-%s", tambo_delivery_sheet_get_number (paper->delivery));
  paper->title = _ ("Print the record of delivery");
  return keep_picture (paper, tambo_delivery_sheet_picture (paper->delivery, paper->width, error));
}

static gboolean run_label (gpointer data, GCancellable *cancellable, GError **error) {
  Paper *paper = data;
  TamboStation *station = tambo_session_get_station (paper->session);
  g_autoptr (TamboOrder) order = tambo_headquarters_open_order (station, paper->order_id, error);

  paper->pdf =
      order != NULL ? tambo_document_label_draw (station, order, paper->blank, error) : NULL;
  if (paper->pdf == NULL)
    return FALSE;
  paper->name = g_strdup_printf ("etiqueta-%s", order->tracking_number);
  paper->title = _ ("Print the label");
  return keep_picture (
      paper, tambo_document_label_picture (station, order, paper->blank, paper->width, error));
}

static void on_drawn (gpointer owner, gpointer data, const GError *error) {
  const Paper *paper = data;

  if (error != NULL)
    tambo_session_fail (paper->session, error);
  else
    ask_for_printer (owner, paper);
}

void tambo_paper_print_receipt (GtkWidget *parent, TamboSession *session, const char *case_id) {
  push (paper_new (session, case_id), run_receipt, on_drawn, parent);
}

void tambo_paper_print_closing (GtkWidget *parent, TamboSession *session) {
  push (paper_new (session, NULL), run_closing, on_drawn, parent);
}

void tambo_paper_print_delivery (GtkWidget *parent, TamboSession *session,
                                 const TamboDelivery *delivery) {
  Paper *paper = paper_new (session, NULL);

  paper->delivery = tambo_delivery_sheet_new (delivery);
  push (paper, run_delivery, on_drawn, parent);
}

void tambo_paper_print_label (GtkWidget *parent, TamboSession *session, const char *order_id,
                              const char *blank) {
  Paper *paper = paper_new (session, NULL);

  paper->order_id = g_strdup (order_id);
  paper->blank = g_strdup (blank);
  push (paper, run_label, on_drawn, parent);
}

/* ---- on the screen ---- */

static gboolean run_picture (gpointer data, GCancellable *cancellable, GError **error) {
  Paper *paper = data;

  return keep_picture (paper,
                       tambo_case_desk_receipt_picture (tambo_session_get_station (paper->session),
                                                        paper->case_id, paper->width, error));
}

static void on_pictured (gpointer owner, gpointer data, const GError *error) {
  const Paper *paper = data;

  tambo_session_fail (paper->session, error);
  paper->shown (owner, paper->picture);
}

void tambo_paper_preview_receipt (TamboSession *session, const char *case_id, int width,
                                  TamboPaperShown shown, gpointer owner) {
  Paper *paper = paper_new (session, case_id);

  paper->width = width;
  paper->shown = shown;
  push (paper, run_picture, on_pictured, owner);
}
