/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the files of the fingerprints' page: fingerprints-capture.c goes from finger to finger,
 * fingerprints-exception.c notes why one is not there, fingerprints-rows.c shows where all of them stand, and
 * fingerprints-print.c the print that was pressed last. fingerprints-page.c is entered and left.
 */
#pragma once

#include "app/device-wait.h"
#include "app/fingerprints-page.h"
#include "app/hand-area.h"
#include "app/picture-area.h"
#include "app/shown-print.h"

#define TAMBO_FINGERPRINTS_PICTURE_WIDTH 600
#define TAMBO_FINGERPRINTS_PICTURE_HEIGHT 700

struct _TamboFingerprintsPage {
  TamboStepPage parent;
  TamboPictureArea *area;
  GtkLabel *prompt;
  GtkLabel *status;
  TamboHandArea *hands;
  GtkToggleButton *map_button;
  GtkBox *list;
  GtkWidget *again_button;
  GtkMenuButton *exception_button;
  GtkPopover *exception_popover;
  GtkEntry *reason_entry;
  GCancellable *cancellable;
  TamboDeviceWait *wait;
  gboolean has_failed;    /* the reader, and the clerk reads why */
  TamboFinger finger;     /* UNKNOWN when all are there */
  TamboPress press;       /* of it, or of more than it */
  guint pressed;          /* bits 1 << TamboFinger of those that are waited for */
  gboolean is_single;     /* the clerk wants one finger after another */
  gboolean is_new;        /* the case has had no print of it before */
  TamboShownPrint *print; /* that lies in the area */
};

/* ---- fingerprints-page.c ---- */

TamboSession *tambo_fingerprints_page_get_session (TamboFingerprintsPage *self);

/* ---- fingerprints-rows.c ---- */

/* One for each finger that is asked for. */
void tambo_fingerprints_page_make_rows (TamboFingerprintsPage *self);
void tambo_fingerprints_page_show_rows (TamboFingerprintsPage *self);

/* ---- fingerprints-print.c ---- */

void tambo_fingerprints_page_bind_print (GtkWidgetClass *widget_class);
/* Takes PRINT; NULL: none. */
void tambo_fingerprints_page_show_print (TamboFingerprintsPage *self, TamboFinger finger,
                                         TamboShownPrint *print);
/* The one that the case had last, unless another comes first. */
void tambo_fingerprints_page_show_last_print (TamboFingerprintsPage *self);

/* ---- fingerprints-capture.c ---- */

void tambo_fingerprints_page_bind_capture (GtkWidgetClass *widget_class);
/* Once, when there is a session. */
void tambo_fingerprints_page_watch_reader (TamboFingerprintsPage *self);
/* With what is due next, or the page is ready. */
void tambo_fingerprints_page_go_on (TamboFingerprintsPage *self);
/* With as many others of its hand as the reader takes. */
void tambo_fingerprints_page_capture (TamboFingerprintsPage *self, TamboFinger finger);
void tambo_fingerprints_page_capture_one (TamboFingerprintsPage *self, TamboFinger finger);
/* A reader that failed is looked for first: it may be back. */
void tambo_fingerprints_page_retry (TamboFingerprintsPage *self);
/* Nothing is captured, and no reader waited for. */
void tambo_fingerprints_page_stop (TamboFingerprintsPage *self);
/* The clerk stops it, and is told so. */
void tambo_fingerprints_page_give_up (TamboFingerprintsPage *self);
/* To take back what was done to the finger. SENTENCE has a place for it. */
void tambo_fingerprints_page_offer (TamboFingerprintsPage *self, const char *sentence);

/* ---- fingerprints-exception.c ---- */

void tambo_fingerprints_page_install_exceptions (GtkWidgetClass *widget_class);
