/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A camera's end of PTP over USB (PIMA 15740:2000, annex D): two bulk pipes, an interrupt pipe for events, and the
 * class's requests on the control pipe. Knows nothing of how the pipes are laid. Used by one thread.
 *
 * What fails, fails as a kernel tells of a transfer: a negative errno.
 */
#pragma once

#include "simulator/camera-body.h"

#define TAMBO_CAMERA_USB_PACKET 512 /* of the bulk pipes */

typedef struct _TamboCameraUsb TamboCameraUsb;

typedef enum {
  TAMBO_CAMERA_PIPE_BULK_IN,
  TAMBO_CAMERA_PIPE_INTERRUPT,
  TAMBO_CAMERA_N_PIPES,
} TamboCameraPipe;

/* BODY and FAULTS are borrowed. */
TamboCameraUsb *tambo_camera_usb_new (TamboCameraBody *body, TamboFaults *faults);
void tambo_camera_usb_free (TamboCameraUsb *usb);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCameraUsb, tambo_camera_usb_free)

/* The station let go, or reset the device. */
void tambo_camera_usb_reset (TamboCameraUsb *usb);

/* One transfer of the bulk pipe from the station: 0; -EPIPE when it is nothing that a camera understands;
 * -EPROTO when the line breaks; -ENODEV when the camera is pulled at this step. */
int tambo_camera_usb_write (TamboCameraUsb *usb, gconstpointer data, gsize size);

/* One transfer towards the station, SIZE bytes at most; -EAGAIN when there is nothing to send. */
gssize tambo_camera_usb_read (TamboCameraUsb *usb, TamboCameraPipe pipe, gpointer buffer,
                              gsize size);

/* A request on the control pipe; DATA of SIZE bytes is its data phase, either way. Gives the bytes of that. */
gssize tambo_camera_usb_control (TamboCameraUsb *usb, const guint8 setup[8], gpointer data,
                                 gsize size);
