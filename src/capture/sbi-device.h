/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Devices as a Secure Biometric Interface tells them (MOSIP SBI 0.9.5 and 1.0, "Device Discovery" and
 * "Device Info"). Pure functions over what came; everything wrong is TAMBO_CAPTURE_ERROR_PROTOCOL.
 */
#pragma once

#include "capture/device.h"
#include "capture/fingerprint-reader.h"
#include "capture/sbi-token.h"

#define TAMBO_SBI_MAX_DEVICES 16

/* Values of deviceSubId. */
typedef enum {
  TAMBO_SBI_SUB_ANY = 0, /* not for slaps */
  TAMBO_SBI_SUB_LEFT = 1,
  TAMBO_SBI_SUB_RIGHT = 2,
  TAMBO_SBI_SUB_THUMBS = 3,
} TamboSbiSubId;

typedef struct {
  char *device_id; /* of 0.9.5; may be empty */
  char *serial;    /* deviceCode, or serialNo of 1.0 */
  char *make, *model;
  char *type, *sub_type; /* of the digital ID: "Finger", "Slap" */
  char *status;          /* "Ready", "Busy", "Not Ready", "Not Registered" */
  char *purpose;         /* "Registration", "Auth", "" */
  char *environment;     /* of the info answer: "Production", … */
  char *version;         /* the newest of SBI that both speak, "1.0" or "0.9.5"; "" for none */
  guint sub_ids;         /* bits 1 << deviceSubId */
  char *error_code;      /* "0" for none */
  char *error_info;
} TamboSbiDevice;

void tambo_sbi_device_free (TamboSbiDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSbiDevice, tambo_sbi_device_free)

/* The answer to a discovery: of TamboSbiDevice, owned. Its digital IDs are never signed. */
GPtrArray *tambo_sbi_devices_parse (const char *text, gsize size,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The answer to a request for information: what OPENER lets pass. A device that is not registered
 * signs nothing; it is told as it stands, with its status. */
GPtrArray *tambo_sbi_infos_parse (const char *text, gsize size, TamboSbiOpener opener,
                                  gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed; NULL when there is none of that serial number. */
const TamboSbiDevice *tambo_sbi_devices_find (GPtrArray *devices, const char *serial);

/* Whether a finger can be enrolled with it now, and why not. */
TamboDeviceState tambo_sbi_device_judge (const TamboSbiDevice *device, char **out_detail);
/* Bits 1 << TamboPress. */
guint tambo_sbi_device_presses (const TamboSbiDevice *device);

/* The code of "Error Codes" in words, with what the device says itself. */
char *tambo_sbi_describe_error (const char *code, const char *info);

/* A member that is text, or a number, which some devices give instead; "" when absent. */
char *tambo_sbi_dup_text (JsonObject *object, const char *member);
/* {"errorCode":…,"errorInfo":…} of OBJECT; code "0" when all is well. */
void tambo_sbi_read_error (JsonObject *object, char **out_code, char **out_info);
