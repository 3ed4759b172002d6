/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two ways to a pad in a testbed, over hidraw and over USB: both ask the same pad, and the same plug goes for
 * both. A testbed is an UMockdevTestbed.
 */
#pragma once

#include "simulator/pad-umockdev.h"

/* The next step of a conversation; whether the pad is gone, maybe from this very moment. */
gboolean tambo_pad_bed_step (TamboPadBed *bed, guint *out_struck);

typedef struct _TamboPadHidraw TamboPadHidraw;

/* Either way is freed when it is pulled and its testbed is gone. */
TamboPadHidraw *tambo_pad_hidraw_new (gpointer testbed, TamboPadBed *bed, TamboPad *pad);
void tambo_pad_hidraw_free (TamboPadHidraw *hidraw);
gboolean tambo_pad_hidraw_plug (TamboPadHidraw *hidraw, const char *root, const char *node,
                                GError **error);
void tambo_pad_hidraw_pull (TamboPadHidraw *hidraw);
void tambo_pad_hidraw_send (TamboPadHidraw *hidraw, const guint8 *report, gsize size);

typedef struct _TamboPadUsb TamboPadUsb;

TamboPadUsb *tambo_pad_usb_new (gpointer testbed, TamboPadBed *bed, TamboPad *pad);
void tambo_pad_usb_free (TamboPadUsb *usb);
/* BOUND: the kernel has its own driver on the pad's interface. */
gboolean tambo_pad_usb_plug (TamboPadUsb *usb, const char *root, const char *node, gboolean bound,
                             GError **error);
void tambo_pad_usb_pull (TamboPadUsb *usb);
void tambo_pad_usb_send (TamboPadUsb *usb, const guint8 *report, gsize size);
