/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ways to a Wacom STU pad: the same reports go over USB and over hidraw. Inside the helper.
 *
 * USB comes first: where the kernel's wacom driver knows the vendor, it refuses the pad and leaves no hidraw node
 * at all, but gives its interface up; and USB belongs to one program alone. hidraw is for a pad whose USB node may
 * not be opened.
 */
#pragma once

#include <glib.h>

typedef struct {
  char *path;  /* names it among those of its way */
  char *place; /* where it is plugged in, by whichever way: "1-2:1.0" */
  char *node;  /* in /dev */
  guint16 product;
} TamboStuFound;

TamboStuFound *tambo_stu_found_copy (const TamboStuFound *found);
void tambo_stu_found_free (TamboStuFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStuFound, tambo_stu_found_free)

typedef struct _TamboStuPort TamboStuPort;

typedef struct {
  const char *prefix; /* of the device IDs */
  GPtrArray *(*find) (
      GError **error); /* of TamboStuFound, STU pads alone; NULL: nobody could be asked */
  /* NULL: another program has it, or it is gone. */
  TamboStuPort *(*open) (const TamboStuFound *found);
  void (*close) (TamboStuPort *port);
  /* Feature reports, the number first. */
  gboolean (*set) (TamboStuPort *port, const guint8 *report, gsize size);
  gssize (*get) (TamboStuPort *port, guint8 *report, gsize size); /* -1: it does not answer */
  /* The next input report; 0: none within that time, -1: no more will come. */
  gssize (*read) (TamboStuPort *port, guint8 *report, gsize size, guint milliseconds);
} TamboStuWay;

extern const TamboStuWay tambo_stu_way_libusb, tambo_stu_way_hidraw;
