/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two ways in which a capture ends without a sample: RETRY, where the applicant is guided and tries
 * again, and ERROR, where the device needs somebody.
 */
#pragma once

#include <glib.h>

#define TAMBO_CAPTURE_RETRY (tambo_capture_retry_quark ())
GQuark tambo_capture_retry_quark (void);

typedef enum {
  TAMBO_CAPTURE_RETRY_GENERAL,   /* the sensor saw no usable finger */
  TAMBO_CAPTURE_RETRY_TOO_SHORT, /* moved too fast or lifted too soon */
  TAMBO_CAPTURE_RETRY_CENTER_FINGER,
  TAMBO_CAPTURE_RETRY_REMOVE_FINGER,
  TAMBO_CAPTURE_RETRY_OUT_OF_FOCUS,  /* the camera did not find the face sharp */
  TAMBO_CAPTURE_RETRY_NO_INK,        /* the pad was left without a stroke */
  TAMBO_CAPTURE_RETRY_FEWER_FINGERS, /* of a slap; the message names who is not there */
  TAMBO_CAPTURE_RETRY_OTHER_FINGERS, /* the scanner says that it saw another finger */
  TAMBO_CAPTURE_RETRY_NO_SHEET,      /* the document scanner's feeder is empty */
  TAMBO_CAPTURE_RETRY_NO_ZONE,       /* what was read is no machine-readable zone */
} TamboCaptureRetry;

#define TAMBO_CAPTURE_ERROR (tambo_capture_error_quark ())
GQuark tambo_capture_error_quark (void);

typedef enum {
  TAMBO_CAPTURE_ERROR_NO_DEVICE,      /* none of the kind is there */
  TAMBO_CAPTURE_ERROR_NO_PERMISSION,  /* the message names the node and the rule to install */
  TAMBO_CAPTURE_ERROR_BUSY,           /* another program holds it */
  TAMBO_CAPTURE_ERROR_UNSUITABLE,     /* matches on chip or gives no image */
  TAMBO_CAPTURE_ERROR_NOT_REGISTERED, /* its provider has not given it a key to sign with */
  TAMBO_CAPTURE_ERROR_UNTRUSTED, /* a signature, certificate or chain of hashes does not hold */
  TAMBO_CAPTURE_ERROR_REMOVED,
  TAMBO_CAPTURE_ERROR_TIMEOUT,  /* did not answer; its helper was ended */
  TAMBO_CAPTURE_ERROR_PROTOCOL, /* the device or its helper answered nonsense */
  TAMBO_CAPTURE_ERROR_FAILED,
} TamboCaptureError;
