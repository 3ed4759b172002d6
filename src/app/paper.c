/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/paper.h"

#include <glib/gi18n.h>
#include <gtk/gtkunixprint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/picture-area.h"
#include "station/case-desk.h"

typedef struct {
  TamboSession *session;
  char *case_id;
  int width;
  TamboPaperShown shown;
  GBytes *pdf;
  cairo_surface_t *picture;
} Paper;

static void paper_free (Paper *paper) {
  g_object_unref (paper->session);
  g_free (paper->case_id);
  g_clear_pointer (&paper->pdf, g_bytes_unref);
  g_clear_pointer (&paper->picture, cairo_surface_destroy);
  g_free (paper);
}

static void push (TamboSession *session, const char *case_id, int width, TamboPaperShown shown,
                  TamboWorkFunc run, TamboWorkDone done, gpointer owner) {
  Paper *paper = g_new0 (Paper, 1);

  paper->session = g_object_ref (session);
  paper->case_id = g_strdup (case_id);
  paper->width = width;
  paper->shown = shown;
  tambo_work_push (tambo_session_get_desk_queue (session), run, paper, (GDestroyNotify) paper_free,
                   NULL, done, owner);
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

static void on_sent_cb (GtkPrintJob *job, gpointer data, const GError *error) {
  tambo_session_fail (data, error);
}

/* In memory alone; -1 with ERROR. */
static int make_file (GBytes *bytes, GError **error) {
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  int fd = memfd_create ("receipt", MFD_CLOEXEC);

  if (fd >= 0 && write (fd, data, size) == (gssize) size && lseek (fd, 0, SEEK_SET) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "there is no room for the paper");
  return -1;
}

static void on_response_cb (GtkPrintUnixDialog *dialog, int response, gpointer data) {
  const Printing *printing = data;
  GtkPrinter *printer = gtk_print_unix_dialog_get_selected_printer (dialog);
  g_autoptr (GtkPrintSettings) settings = gtk_print_unix_dialog_get_settings (dialog);
  g_autoptr (GError) error = NULL;

  if (response == GTK_RESPONSE_OK && printer != NULL) {
    g_autoptr (GtkPrintJob) job =
        gtk_print_job_new (gtk_window_get_title (GTK_WINDOW (dialog)), printer, settings,
                           gtk_print_unix_dialog_get_page_setup (dialog));
    int fd = make_file (printing->pdf, &error);
    if (fd >= 0 && gtk_print_job_set_source_fd (job, fd, &error))
      gtk_print_job_send (job, on_sent_cb, g_object_ref (printing->session), g_object_unref);
    if (fd >= 0)
      close (fd);
    tambo_session_fail (printing->session, error);
  }
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void ask_for_printer (GtkWidget *parent, const Paper *paper) {
  GtkWidget *dialog = gtk_print_unix_dialog_new (_ ("Print the receipt"),
                                                 GTK_WINDOW (gtk_widget_get_root (parent)));
  Printing *printing = g_new0 (Printing, 1);

  printing->session = g_object_ref (paper->session);
  printing->pdf = g_bytes_ref (paper->pdf);
  gtk_print_unix_dialog_set_manual_capabilities (GTK_PRINT_UNIX_DIALOG (dialog),
                                                 GTK_PRINT_CAPABILITY_GENERATE_PDF
                                                     | GTK_PRINT_CAPABILITY_COPIES);
  gtk_window_set_modal (GTK_WINDOW (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response_cb), printing, printing_free,
                         0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean run_draw (gpointer data, GCancellable *cancellable, GError **error) {
  Paper *paper = data;

  paper->pdf =
      tambo_case_desk_receipt (tambo_session_get_station (paper->session), paper->case_id, error);
  return paper->pdf != NULL;
}

static void on_drawn (gpointer owner, gpointer data, const GError *error) {
  const Paper *paper = data;

  if (error != NULL)
    tambo_session_fail (paper->session, error);
  else
    ask_for_printer (owner, paper);
}

void tambo_paper_print_receipt (GtkWidget *parent, TamboSession *session, const char *case_id) {
  push (session, case_id, 0, NULL, run_draw, on_drawn, parent);
}

/* ---- on the screen ---- */

static gboolean run_picture (gpointer data, GCancellable *cancellable, GError **error) {
  Paper *paper = data;
  g_autoptr (TamboImage) image = tambo_case_desk_receipt_picture (
      tambo_session_get_station (paper->session), paper->case_id, paper->width, error);

  if (image != NULL)
    paper->picture = tambo_picture_surface (image, image->width, image->height);
  return image != NULL;
}

static void on_pictured (gpointer owner, gpointer data, const GError *error) {
  const Paper *paper = data;

  tambo_session_fail (paper->session, error);
  paper->shown (owner, paper->picture);
}

void tambo_paper_preview_receipt (TamboSession *session, const char *case_id, int width,
                                  TamboPaperShown shown, gpointer owner) {
  push (session, case_id, width, shown, run_picture, on_pictured, owner);
}
