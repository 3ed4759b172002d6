/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers of a Secure Biometric Interface, with what is in them to be changed. Unsigned: for tests of what is
 * said, not of who says it.
 */
#pragma once

#include "capture/sbi-capture.h"

#define ANSWER_NOW G_GINT64_CONSTANT (1795428000) /* 2026-11-23T10:00:00Z */
#define ANSWER_TIME "2026-11-23T10:00:00Z"
#define ANSWER_SERIAL "TAMBO00000001"
#define ANSWER_TRANSACTION "transaction-1"

/* A device as its information would say: a slap scanner of 1.0. */
TamboSbiDevice *answer_device (void);

/* "payload" in base64url: a token without a signature. */
char *answer_token (JsonObject *payload);

/* One finger of a capture: its data, and its item around it once the data are as they shall be. */
JsonObject *answer_data (TamboFinger finger, GBytes *record);
/* Takes DATA. HASH is of the item before and becomes that of this one; the caller frees it. */
JsonObject *answer_item (JsonObject *data, GBytes *record, char **hash);
/* Takes ITEMS. */
char *answer_text (JsonArray *items);

/* A small picture as a finger record of 2011. */
GBytes *answer_record (TamboFinger finger);
/* The whole of it: every finger of FINGERS (bits 1 << TamboFinger), chained. */
char *answer_capture (guint fingers);
