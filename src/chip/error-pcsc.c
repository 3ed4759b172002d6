/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/error-pcsc.h"

#include <winscard.h>

#include "chip/rival-pcsc.h"

static const struct {
  LONG code;
  TamboChipError error;
  const char *cause;
} causes[] = {
  { SCARD_E_NO_SERVICE, TAMBO_CHIP_ERROR_NO_SERVICE, "the smart card service does not run" },
  { SCARD_E_SERVICE_STOPPED, TAMBO_CHIP_ERROR_NO_SERVICE, "the smart card service has stopped" },
  { SCARD_F_COMM_ERROR, TAMBO_CHIP_ERROR_NO_SERVICE, "the smart card service is gone" },
  { SCARD_E_INVALID_HANDLE, TAMBO_CHIP_ERROR_NO_SERVICE, "the smart card service was restarted" },
  { SCARD_W_SECURITY_VIOLATION, TAMBO_CHIP_ERROR_NO_PERMISSION,
    "this user has no right to the card readers: polkit allows neither "
    "org.debian.pcsc-lite.access_pcsc nor org.debian.pcsc-lite.access_card" },
  { SCARD_E_NO_READERS_AVAILABLE, TAMBO_CHIP_ERROR_NO_READER, "no card reader is connected" },
  { SCARD_E_UNKNOWN_READER, TAMBO_CHIP_ERROR_NO_READER, "there is no reader of that name" },
  { SCARD_E_READER_UNAVAILABLE, TAMBO_CHIP_ERROR_NO_READER, "the card reader is gone" },
  { SCARD_E_SHARING_VIOLATION, TAMBO_CHIP_ERROR_BUSY, "another program uses the card" },
  { SCARD_E_NO_SMARTCARD, TAMBO_CHIP_ERROR_NO_CARD, "there is no card on the reader" },
  { SCARD_W_UNRESPONSIVE_CARD, TAMBO_CHIP_ERROR_NO_CARD, "the card does not answer" },
  { SCARD_W_UNSUPPORTED_CARD, TAMBO_CHIP_ERROR_NO_CARD, "the reader does not know such a card" },
  { SCARD_W_UNPOWERED_CARD, TAMBO_CHIP_ERROR_REMOVED, "the card has lost power" },
  { SCARD_W_REMOVED_CARD, TAMBO_CHIP_ERROR_REMOVED, "the card was taken away" },
  { SCARD_W_RESET_CARD, TAMBO_CHIP_ERROR_REMOVED, "the card was reset" },
  { SCARD_E_NOT_TRANSACTED, TAMBO_CHIP_ERROR_REMOVED, "the card did not take part to the end" },
  { SCARD_E_TIMEOUT, TAMBO_CHIP_ERROR_TIMEOUT, "the card did not answer in time" },
};

void tambo_pcsc_set_error (GError **error, long code, const char *action) {
  /* the codes have 32 bits and LONG may have 64, with or without the sign */
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++) {
    if ((guint32) causes[i].code == (guint32) code) {
      g_autofree char *rivals =
          causes[i].error == TAMBO_CHIP_ERROR_BUSY ? tambo_pcsc_dup_rivals () : NULL;
      g_set_error (error, TAMBO_CHIP_ERROR, causes[i].error, "%s: %s%s%s", action, causes[i].cause,
                   rivals ? ", perhaps " : "", rivals ? rivals : "");
      return;
    }
  }
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED, "%s: PC/SC error %08X",
               action, (guint) code);
}
