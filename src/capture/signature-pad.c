/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/signature-pad.h"

#include "capture/device-holder.h"
#include "capture/device-private.h"
#include "capture/helper-client.h"
#include "capture/helper-devices.h"

#define DEADLINE_MS 10000

G_DEFINE_ABSTRACT_TYPE (TamboSignaturePad, tambo_signature_pad, TAMBO_TYPE_DEVICE)

static void tambo_signature_pad_class_init (TamboSignaturePadClass *klass) {
}

static void tambo_signature_pad_init (TamboSignaturePad *self) {
}

TamboSignature *tambo_signature_pad_capture (TamboSignaturePad *self, guint rest_ms,
                                             guint timeout_ms, TamboPenSampleFunc sample,
                                             gpointer data, GCancellable *cancellable,
                                             GError **error) {
  g_autoptr (GError) cause = NULL;
  TamboSignature *signature = NULL;

  g_return_val_if_fail (TAMBO_IS_SIGNATURE_PAD (self), NULL);
  if (!tambo_device_claim (TAMBO_DEVICE (self), error))
    return NULL;
  signature = TAMBO_SIGNATURE_PAD_GET_CLASS (self)->capture (self, rest_ms, timeout_ms, sample,
                                                             data, cancellable, &cause);
  tambo_device_release (TAMBO_DEVICE (self));
  tambo_device_name_holder (TAMBO_DEVICE (self), &cause);
  tambo_device_set_state_from_error (TAMBO_DEVICE (self), cause);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return signature;
}

#define TAMBO_TYPE_HELPER_SIGNATURE_PAD (tambo_helper_signature_pad_get_type ())
G_DECLARE_FINAL_TYPE (TamboHelperSignaturePad, tambo_helper_signature_pad, TAMBO,
                      HELPER_SIGNATURE_PAD, TamboSignaturePad)

struct _TamboHelperSignaturePad {
  TamboSignaturePad parent;
};

G_DEFINE_FINAL_TYPE (TamboHelperSignaturePad, tambo_helper_signature_pad, TAMBO_TYPE_SIGNATURE_PAD)

static TamboSignature *receive_pad (TamboHelper *helper, GCancellable *cancellable,
                                    GError **error) {
  TamboHelperFrame frame;

  if (!tambo_helper_receive (helper, DEADLINE_MS, cancellable, &frame, error))
    return NULL;
  return tambo_helper_parse_pad (&frame, error);
}

static TamboSignature *helper_capture (TamboSignaturePad *pad, guint rest_ms, guint timeout_ms,
                                       TamboPenSampleFunc sample_func, gpointer data,
                                       GCancellable *cancellable, GError **error) {
  g_autofree char *rest = g_strdup_printf ("%u", rest_ms);
  g_autofree char *timeout = g_strdup_printf ("%u", timeout_ms);
  const char *arguments[] = { "pad", tambo_device_get_id (TAMBO_DEVICE (pad)), rest, timeout,
                              NULL };
  g_autoptr (TamboHelper) helper = tambo_helper_spawn (arguments, cancellable, error);
  g_autoptr (TamboSignature) signature = NULL;

  if (helper == NULL)
    return NULL;
  signature = receive_pad (helper, cancellable, error);
  if (signature == NULL)
    return NULL;
  for (;;) {
    TamboHelperFrame frame;
    TamboPenSample sample;

    if (!tambo_helper_receive (helper, DEADLINE_MS, cancellable, &frame, error))
      return NULL;
    if (frame.type == TAMBO_HELPER_DONE)
      return g_steal_pointer (&signature);
    if (!tambo_helper_parse_pen (&frame, &sample, error))
      return NULL;
    g_array_append_val (signature->samples, sample);
    if (sample_func != NULL)
      sample_func (&sample, data);
  }
}

static void tambo_helper_signature_pad_class_init (TamboHelperSignaturePadClass *klass) {
  TAMBO_SIGNATURE_PAD_CLASS (klass)->capture = helper_capture;
}

static void tambo_helper_signature_pad_init (TamboHelperSignaturePad *self) {
}

TamboDevice *tambo_helper_signature_pad_new (const TamboDeviceRow *row) {
  return tambo_device_new_from_row (TAMBO_TYPE_HELPER_SIGNATURE_PAD, TAMBO_DEVICE_SIGNATURE_PAD,
                                    row);
}
