/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/advice.h"

#include <gio/gio.h>

#include "base/error.h"
#include "base/token.h"
#include "biometric/face.h"
#include "capture/capture-error.h"
#include "chip/chip-error.h"
#include "format/format-error.h"
#include "print/receipt-page.h"
#include "record/record-error.h"
#include "station/station-error.h"
#include "store/store-error.h"
#include "sync/sync-error.h"

typedef struct {
  int code;
  TamboExit exit;
  const char *action;
} Advice;

static const Advice base_advice[] = {
  { TAMBO_BASE_ERROR_MALFORMED, TAMBO_EXIT_INTEGRITY, "check the file and give it again" },
  { TAMBO_BASE_ERROR_INTEGRITY, TAMBO_EXIT_INTEGRITY, "keep it as it is and call support" },
  { TAMBO_BASE_ERROR_NO_SPACE, TAMBO_EXIT_FAILED, "free disk space and try again" },
  { TAMBO_BASE_ERROR_IO, TAMBO_EXIT_FAILED, "check the disk and try again" },
  { TAMBO_BASE_ERROR_PERMISSION, TAMBO_EXIT_FAILED, "check who owns the file" },
  { TAMBO_BASE_ERROR_NOT_FOUND, TAMBO_EXIT_FAILED, "check the path" },
  { -1, TAMBO_EXIT_FAILED, "try again, then call support" },
};

static const Advice token_advice[] = {
  { TAMBO_TOKEN_ERROR_URI, TAMBO_EXIT_USAGE,
    "name one token and one key with token=, object= or id=" },
  { TAMBO_TOKEN_ERROR_NO_MODULE, TAMBO_EXIT_DEVICE, "install the driver of the token" },
  { TAMBO_TOKEN_ERROR_NO_TOKEN, TAMBO_EXIT_DEVICE, "connect the token" },
  { TAMBO_TOKEN_ERROR_PIN, TAMBO_EXIT_REFUSED, "give the PIN of this station's token" },
  { TAMBO_TOKEN_ERROR_NO_PIN, TAMBO_EXIT_REFUSED,
    "put the PIN into a file and name it with pin-source or TAMBO_PIN_FILE" },
  { TAMBO_TOKEN_ERROR_PIN_FEW, TAMBO_EXIT_REFUSED,
    "look the PIN up before the next try; after the last one the token is locked" },
  { TAMBO_TOKEN_ERROR_PIN_LAST, TAMBO_EXIT_REFUSED,
    "look the PIN up before the next try; after the last one the token is locked" },
  { TAMBO_TOKEN_ERROR_PIN_LOCKED, TAMBO_EXIT_REFUSED, "have its security officer unlock it" },
  { TAMBO_TOKEN_ERROR_NO_KEY, TAMBO_EXIT_REFUSED, "name another key or give the certificate" },
  { TAMBO_TOKEN_ERROR_UNSUPPORTED, TAMBO_EXIT_REFUSED, "use another key" },
  { -1, TAMBO_EXIT_DEVICE, "connect the token again, then call support" },
};

static const Advice record_advice[] = {
  { TAMBO_RECORD_ERROR_MALFORMED, TAMBO_EXIT_INTEGRITY, "read the document or the file again" },
  { TAMBO_RECORD_ERROR_CHECK_DIGIT, TAMBO_EXIT_INTEGRITY,
    "read the document again or correct the character" },
  { TAMBO_RECORD_ERROR_FIELD, TAMBO_EXIT_REFUSED, "correct the field" },
  { TAMBO_RECORD_ERROR_RULE, TAMBO_EXIT_REFUSED, "complete the case and continue it" },
  { -1, TAMBO_EXIT_REFUSED, "look at the case's state with 'case show'" },
};

static const Advice format_advice[] = {
  { TAMBO_FORMAT_ERROR_TOO_LARGE, TAMBO_EXIT_INTEGRITY, "give a smaller file" },
  { TAMBO_FORMAT_ERROR_FAILED, TAMBO_EXIT_FAILED, "try again, then call support" },
  { -1, TAMBO_EXIT_INTEGRITY, "give another file or capture it again" },
};

static const Advice retry_advice[] = {
  { TAMBO_CAPTURE_RETRY_NO_INK, TAMBO_EXIT_DEVICE, "ask the applicant to sign on the pad" },
  { TAMBO_CAPTURE_RETRY_OUT_OF_FOCUS, TAMBO_EXIT_DEVICE, "frame the face and take it again" },
  { TAMBO_CAPTURE_RETRY_FEWER_FINGERS, TAMBO_EXIT_DEVICE,
    "have all fingers laid flat, or note an exception for one that is not there" },
  { TAMBO_CAPTURE_RETRY_OTHER_FINGERS, TAMBO_EXIT_DEVICE, "have the other hand or finger laid" },
  { TAMBO_CAPTURE_RETRY_NO_SHEET, TAMBO_EXIT_DEVICE, "lay the page into the feeder" },
  { TAMBO_CAPTURE_RETRY_NO_ZONE, TAMBO_EXIT_DEVICE, "read the document's other side again" },
  { -1, TAMBO_EXIT_DEVICE, "ask the applicant to put the finger flat again" },
};

static const Advice capture_advice[] = {
  { TAMBO_CAPTURE_ERROR_NO_DEVICE, TAMBO_EXIT_DEVICE, "connect the device and try again" },
  { TAMBO_CAPTURE_ERROR_NO_PERMISSION, TAMBO_EXIT_DEVICE, "install Tambo's udev rules" },
  { TAMBO_CAPTURE_ERROR_BUSY, TAMBO_EXIT_DEVICE, "close the program that holds the device" },
  { TAMBO_CAPTURE_ERROR_UNSUITABLE, TAMBO_EXIT_DEVICE, "use a reader that gives images" },
  { TAMBO_CAPTURE_ERROR_NOT_REGISTERED, TAMBO_EXIT_DEVICE,
    "have the scanner registered with its provider" },
  { TAMBO_CAPTURE_ERROR_UNTRUSTED, TAMBO_EXIT_INTEGRITY,
    "use another scanner; if this one is genuine, give the desk its provider's certificate" },
  { TAMBO_CAPTURE_ERROR_REMOVED, TAMBO_EXIT_DEVICE, "connect the device again and continue" },
  { -1, TAMBO_EXIT_DEVICE, "switch the device off and on, then continue" },
};

static const Advice face_advice[] = {
  { TAMBO_FACE_ERROR_UNAVAILABLE, TAMBO_EXIT_DEVICE, "install libdlib19.1 and libdlib-data" },
  { TAMBO_FACE_ERROR_FRAME, TAMBO_EXIT_REFUSED, "take it again from farther away" },
  { -1, TAMBO_EXIT_FAILED, "take the picture again" },
};

static const Advice chip_advice[] = {
  { TAMBO_CHIP_ERROR_NO_SERVICE, TAMBO_EXIT_DEVICE, "start pcscd" },
  { TAMBO_CHIP_ERROR_NO_PERMISSION, TAMBO_EXIT_DEVICE,
    "install data/polkit/70-tambo-pcsc.rules into /etc/polkit-1/rules.d and put this user into the "
    "group tambo" },
  { TAMBO_CHIP_ERROR_NO_READER, TAMBO_EXIT_DEVICE, "connect a card reader" },
  { TAMBO_CHIP_ERROR_NO_CARD, TAMBO_EXIT_DEVICE, "put the card on the reader" },
  { TAMBO_CHIP_ERROR_BUSY, TAMBO_EXIT_DEVICE, "end the other program and try again" },
  { TAMBO_CHIP_ERROR_REMOVED, TAMBO_EXIT_DEVICE,
    "put the same card back and repeat the command, or spoil the blank" },
  { TAMBO_CHIP_ERROR_TIMEOUT, TAMBO_EXIT_DEVICE,
    "put the same card back and repeat the command, or spoil the blank" },
  { TAMBO_CHIP_ERROR_STATUS, TAMBO_EXIT_DEVICE, "try again; spoil the blank if it stays" },
  { TAMBO_CHIP_ERROR_MEMORY, TAMBO_EXIT_REFUSED, "use a blank with a larger chip" },
  { TAMBO_CHIP_ERROR_LOCKED, TAMBO_EXIT_REFUSED, "use a blank whose chip is empty" },
  { TAMBO_CHIP_ERROR_UNSUPPORTED, TAMBO_EXIT_REFUSED, "use another card or profile" },
  { TAMBO_CHIP_ERROR_TERMINAL, TAMBO_EXIT_INTEGRITY,
    "give the terminal's key and every certificate from it up to the document's state" },
  { -1, TAMBO_EXIT_INTEGRITY, "do not hand the document over; set it aside and call support" },
};

static const Advice store_advice[] = {
  { TAMBO_STORE_ERROR_NO_SPACE, TAMBO_EXIT_FAILED,
    "free disk space and continue; nothing captured was lost" },
  { TAMBO_STORE_ERROR_IO, TAMBO_EXIT_FAILED, "close Tambo, check the disk and open it again" },
  { TAMBO_STORE_ERROR_BUSY, TAMBO_EXIT_FAILED, "close the other Tambo and try again" },
  { TAMBO_STORE_ERROR_VERSION, TAMBO_EXIT_FAILED, "install the newer Tambo" },
  { TAMBO_STORE_ERROR_CORRUPT, TAMBO_EXIT_INTEGRITY, "keep the folder as it is and call support" },
  { TAMBO_STORE_ERROR_NOT_FOUND, TAMBO_EXIT_FAILED, "check the number" },
  { TAMBO_STORE_ERROR_EXISTS, TAMBO_EXIT_REFUSED, "choose another name or number" },
  { TAMBO_STORE_ERROR_STATE, TAMBO_EXIT_REFUSED, "look at its state and do what is missing first" },
  { TAMBO_STORE_ERROR_LOCKED, TAMBO_EXIT_REFUSED, "sign in" },
  { TAMBO_STORE_ERROR_PASSWORD, TAMBO_EXIT_REFUSED, "check the name and the password" },
  { TAMBO_STORE_ERROR_DISABLED, TAMBO_EXIT_REFUSED, "wait, or ask a supervisor" },
  { TAMBO_STORE_ERROR_INVALID, TAMBO_EXIT_REFUSED, "correct what was given and try again" },
  { TAMBO_STORE_ERROR_FIRST_PASSWORD, TAMBO_EXIT_REFUSED,
    "choose your own with 'operator passwd', then sign in" },
  { TAMBO_STORE_ERROR_TOKEN, TAMBO_EXIT_DEVICE, "connect the token of this station" },
  { -1, TAMBO_EXIT_FAILED, "try again, then call support" },
};

static const Advice sync_advice[] = {
  { TAMBO_SYNC_ERROR_OFFLINE, TAMBO_EXIT_FAILED,
    "go on working; the records wait here and are sent when the connection is back" },
  { TAMBO_SYNC_ERROR_CERTIFICATE, TAMBO_EXIT_INTEGRITY,
    "send nothing through this network; check the address of headquarters and call support" },
  { TAMBO_SYNC_ERROR_NO_NAME, TAMBO_EXIT_FAILED,
    "go on working; check the address of headquarters if other pages can be reached" },
  { TAMBO_SYNC_ERROR_NO_ROUTE, TAMBO_EXIT_FAILED,
    "go on working; check the cable or the Wi-Fi of this computer" },
  { TAMBO_SYNC_ERROR_CLOSED, TAMBO_EXIT_FAILED,
    "go on working; the records wait here and are sent when the connection is back" },
  { TAMBO_SYNC_ERROR_TIMEOUT, TAMBO_EXIT_FAILED,
    "go on working; the records wait here and are sent when the connection is back" },
  { TAMBO_SYNC_ERROR_CLOCK, TAMBO_EXIT_INTEGRITY, "set this computer's clock" },
  { TAMBO_SYNC_ERROR_EXPIRED, TAMBO_EXIT_INTEGRITY,
    "set this computer's clock; if it is right, call headquarters" },
  { TAMBO_SYNC_ERROR_OWN_EXPIRED, TAMBO_EXIT_INTEGRITY,
    "ask headquarters to certify this station" },
  { TAMBO_SYNC_ERROR_REVOKED, TAMBO_EXIT_INTEGRITY, "ask headquarters to certify this station" },
  { TAMBO_SYNC_ERROR_TOKEN, TAMBO_EXIT_REFUSED, "ask headquarters for a new invitation" },
  { TAMBO_SYNC_ERROR_SERVER, TAMBO_EXIT_FAILED, "try again later; the records wait here" },
  { TAMBO_SYNC_ERROR_REFUSED, TAMBO_EXIT_REFUSED, "look at the record with 'outbox show'" },
  { TAMBO_SYNC_ERROR_PROTOCOL, TAMBO_EXIT_FAILED,
    "check that this network lets programs through to headquarters" },
  { TAMBO_SYNC_ERROR_PORTAL, TAMBO_EXIT_FAILED,
    "open any page in a browser, sign in to this network there, and try again" },
  { TAMBO_SYNC_ERROR_PROXY, TAMBO_EXIT_FAILED,
    "put this network's proxy, with name and password, into https_proxy" },
  { TAMBO_SYNC_ERROR_OLDER, TAMBO_EXIT_FAILED,
    "go on working; have headquarters install the newer Tambo" },
  { TAMBO_SYNC_ERROR_LOST, TAMBO_EXIT_INTEGRITY,
    "tell headquarters, which has the numbers among its alarms" },
  { -1, TAMBO_EXIT_INTEGRITY, "keep everything as it is and call support" },
};

static const Advice station_advice[] = {
  { TAMBO_STATION_ERROR_NOT_SIGNED_IN, TAMBO_EXIT_REFUSED, "sign in" },
  { TAMBO_STATION_ERROR_ROLE, TAMBO_EXIT_REFUSED, "ask somebody with the role" },
  { TAMBO_STATION_ERROR_FOUR_EYES, TAMBO_EXIT_REFUSED,
    "ask a supervisor who took no part to approve it" },
  { TAMBO_STATION_ERROR_STATE, TAMBO_EXIT_REFUSED,
    "look at its state and do what is missing first" },
  { TAMBO_STATION_ERROR_QUALITY, TAMBO_EXIT_REFUSED, "capture it again, then continue the case" },
  { TAMBO_STATION_ERROR_STOCK, TAMBO_EXIT_REFUSED, "receive blanks or choose another one" },
  { TAMBO_STATION_ERROR_OTHER_FINGER, TAMBO_EXIT_REFUSED,
    "do not hand the document over; try that finger again" },
  { TAMBO_STATION_ERROR_NOT_REGISTERED, TAMBO_EXIT_REFUSED,
    "run 'init' again with headquarters' invitation" },
  { TAMBO_STATION_ERROR_NOT_FOUND, TAMBO_EXIT_FAILED, "check the name" },
  { TAMBO_STATION_ERROR_NO_STATION, TAMBO_EXIT_FAILED,
    "make one with 'tamboctl init', or name its folder with --station" },
  { TAMBO_STATION_ERROR_EXISTS, TAMBO_EXIT_REFUSED, "choose another folder" },
  { TAMBO_STATION_ERROR_ALERT, TAMBO_EXIT_REFUSED,
    "do what the alert says before going on with the case" },
  { TAMBO_STATION_ERROR_ALERTS, TAMBO_EXIT_INTEGRITY,
    "exchange with headquarters, which sends them anew, and try again" },
  { TAMBO_STATION_ERROR_NO_SPACE, TAMBO_EXIT_FAILED,
    "free disk space before the next applicant; what is queued can still be sent" },
  { -1, TAMBO_EXIT_FAILED, "try again, then call support" },
};

static const Advice unknown_advice[] = {
  { -1, TAMBO_EXIT_FAILED, "try again, then call support" },
};

static const Advice *advice_of_domain (GQuark domain) {
  const struct {
    GQuark domain;
    const Advice *advice;
  } domains[] = {
    { TAMBO_BASE_ERROR, base_advice },       { TAMBO_RECORD_ERROR, record_advice },
    { TAMBO_FORMAT_ERROR, format_advice },   { TAMBO_CAPTURE_RETRY, retry_advice },
    { TAMBO_CAPTURE_ERROR, capture_advice }, { TAMBO_CHIP_ERROR, chip_advice },
    { TAMBO_STORE_ERROR, store_advice },     { TAMBO_SYNC_ERROR, sync_advice },
    { TAMBO_STATION_ERROR, station_advice }, { TAMBO_TOKEN_ERROR, token_advice },
    { TAMBO_FACE_ERROR, face_advice },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    if (domains[i].domain == domain)
      return domains[i].advice;
  return unknown_advice;
}

static const Advice *find_advice (const GError *error) {
  const Advice *advice = advice_of_domain (error->domain);

  while (advice->code != -1 && advice->code != error->code)
    advice++;
  return advice;
}

TamboExit tambo_advice_exit (const GError *error) {
  return find_advice (error)->exit;
}

const char *tambo_advice_action (const GError *error) {
  return find_advice (error)->action;
}
