/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A webcam as the kernel's Video4Linux shows it, in a umockdev testbed: /dev/videoN with Motion JPEG in two sizes,
 * streamed through memory that a program maps. Programs run with UMOCKDEV_DIR and libumockdev-preload.
 */
#pragma once

#include "simulator/camera-film.h"
#include "simulator/fault.h"

typedef struct _TamboWebcamBed TamboWebcamBed;

/* Its steps are that a program settles a picture format. */
typedef enum {
  TAMBO_WEBCAM_FAULT_BUSY, /* another program streams */
} TamboWebcamFault;

TamboFaults *tambo_webcam_faults_new (void);

/* Makes the testbed inside DIR. FILM and FAULTS are borrowed. One per process; its pictures come on the main loop of
 * the maker. */
TamboWebcamBed *tambo_webcam_bed_new (const char *dir, TamboCameraFilm *film, TamboFaults *faults,
                                      GError **error);
void tambo_webcam_bed_free (TamboWebcamBed *bed); /* removes the testbed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboWebcamBed, tambo_webcam_bed_free)

const char *tambo_webcam_bed_get_root (TamboWebcamBed *bed); /* for UMOCKDEV_DIR */
/* The webcam comes or goes, with the kernel's uevents, each time with another node. Fails when it is so already. */
gboolean tambo_webcam_bed_set_plugged (TamboWebcamBed *bed, gboolean plugged, GError **error);
