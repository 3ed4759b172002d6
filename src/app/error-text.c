/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/error-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/date-text.h"
#include "app/detail-text.h"
#include "base/error.h"
#include "base/token.h"
#include "capture/capture-error.h"
#include "format/format-error.h"
#include "record/record-error.h"
#include "station/advice.h"
#include "station/headquarters.h"
#include "station/issue-step.h"

typedef struct {
  int code;
  const char *sentence;
} Sentence;

static const Sentence base_sentences[] = {
  { TAMBO_BASE_ERROR_MALFORMED, N_ ("The file cannot be read.") },
  { TAMBO_BASE_ERROR_INTEGRITY, N_ ("Something stored here was changed or damaged.") },
  { TAMBO_BASE_ERROR_NO_SPACE, N_ ("The disk is full.") },
  { TAMBO_BASE_ERROR_IO, N_ ("The disk does not answer as it should.") },
  { TAMBO_BASE_ERROR_PERMISSION, N_ ("This account may not open the file.") },
  { TAMBO_BASE_ERROR_NOT_FOUND, N_ ("There is no such file.") },
  { -1, NULL },
};

static const Sentence record_sentences[] = {
  { TAMBO_RECORD_ERROR_MALFORMED, N_ ("This is not a complete machine-readable zone.") },
  { TAMBO_RECORD_ERROR_CHECK_DIGIT, N_ ("A check digit of the machine-readable zone is wrong.") },
  { TAMBO_RECORD_ERROR_FIELD, N_ ("A field is missing or impossible.") },
  { TAMBO_RECORD_ERROR_RULE, N_ ("Something that this procedure asks for is missing.") },
  { TAMBO_RECORD_ERROR_STATE, N_ ("The case is in a state that does not allow this.") },
  { -1, NULL },
};

static const Sentence format_sentences[] = {
  { TAMBO_FORMAT_ERROR_MALFORMED, N_ ("The file is damaged or cut short.") },
  { TAMBO_FORMAT_ERROR_UNSUPPORTED, N_ ("This kind of file cannot be used.") },
  { TAMBO_FORMAT_ERROR_TOO_LARGE, N_ ("The file is too large.") },
  { -1, NULL },
};

static const Sentence retry_sentences[] = {
  { TAMBO_CAPTURE_RETRY_GENERAL, N_ ("The finger was not seen well.") },
  { TAMBO_CAPTURE_RETRY_TOO_SHORT, N_ ("The finger was lifted too soon.") },
  { TAMBO_CAPTURE_RETRY_CENTER_FINGER, N_ ("The finger was not in the middle of the glass.") },
  { TAMBO_CAPTURE_RETRY_REMOVE_FINGER, N_ ("The finger has to be lifted first.") },
  { TAMBO_CAPTURE_RETRY_OUT_OF_FOCUS, N_ ("The camera did not find the face sharp.") },
  { TAMBO_CAPTURE_RETRY_NO_INK, N_ ("Nothing was written on the pad.") },
  { TAMBO_CAPTURE_RETRY_FEWER_FINGERS,
    N_ ("Not all fingers were seen. Is one missing? Press Ctrl+M.") },
  { TAMBO_CAPTURE_RETRY_OTHER_FINGERS, N_ ("The scanner saw another finger or hand.") },
  { TAMBO_CAPTURE_RETRY_NO_SHEET, N_ ("No sheet lies in the feeder.") },
  { TAMBO_CAPTURE_RETRY_NO_ZONE, N_ ("What was read is no machine-readable zone.") },
  { -1, NULL },
};

static const Sentence capture_sentences[] = {
  { TAMBO_CAPTURE_ERROR_NO_DEVICE, N_ ("The device is not connected.") },
  { TAMBO_CAPTURE_ERROR_NO_PERMISSION, N_ ("This account may not use the device.") },
  { TAMBO_CAPTURE_ERROR_BUSY, N_ ("Another program holds the device.") },
  { TAMBO_CAPTURE_ERROR_UNSUITABLE, N_ ("This device gives no pictures.") },
  { TAMBO_CAPTURE_ERROR_NOT_REGISTERED, N_ ("The scanner is not registered with its provider.") },
  { TAMBO_CAPTURE_ERROR_UNTRUSTED,
    N_ ("What the scanner says cannot be trusted. Nothing of it was kept.") },
  { TAMBO_CAPTURE_ERROR_REMOVED, N_ ("The device was disconnected. What was captured is saved.") },
  { TAMBO_CAPTURE_ERROR_TIMEOUT, N_ ("The device does not answer.") },
  { TAMBO_CAPTURE_ERROR_PROTOCOL, N_ ("The device answers nonsense.") },
  { TAMBO_CAPTURE_ERROR_FAILED, N_ ("The device has failed.") },
  { -1, NULL },
};

static const Sentence chip_sentences[] = {
  { TAMBO_CHIP_ERROR_NO_SERVICE, N_ ("The card service (pcscd) does not run.") },
  { TAMBO_CHIP_ERROR_NO_PERMISSION, N_ ("This account may not use the card reader.") },
  { TAMBO_CHIP_ERROR_NO_READER, N_ ("No card reader is connected.") },
  { TAMBO_CHIP_ERROR_NO_CARD, N_ ("No card lies on the reader.") },
  { TAMBO_CHIP_ERROR_REMOVED, N_ ("The card was taken away.") },
  { TAMBO_CHIP_ERROR_TIMEOUT, N_ ("The card did not answer in time.") },
  { TAMBO_CHIP_ERROR_STATUS, N_ ("The chip refused a step.") },
  { TAMBO_CHIP_ERROR_MEMORY, N_ ("The chip is too small for this document.") },
  { TAMBO_CHIP_ERROR_LOCKED, N_ ("This card was finished before.") },
  { TAMBO_CHIP_ERROR_MALFORMED, N_ ("The chip holds something that cannot be read.") },
  { TAMBO_CHIP_ERROR_AUTHENTICATION,
    N_ ("The chip cannot be trusted, or the printed data are wrong.") },
  { TAMBO_CHIP_ERROR_MISMATCH, N_ ("This is another card.") },
  { TAMBO_CHIP_ERROR_UNSUPPORTED, N_ ("This kind of chip cannot be used.") },
  { TAMBO_CHIP_ERROR_BUSY, N_ ("Another program holds the card.") },
  { TAMBO_CHIP_ERROR_TERMINAL, N_ ("The chip does not accept the keys of this reader.") },
  { -1, NULL },
};

static const Sentence store_sentences[] = {
  { TAMBO_STORE_ERROR_NO_SPACE, N_ ("The disk is full. What was captured before is saved.") },
  { TAMBO_STORE_ERROR_IO, N_ ("The disk has failed.") },
  { TAMBO_STORE_ERROR_BUSY, N_ ("Another program holds this station.") },
  { TAMBO_STORE_ERROR_VERSION, N_ ("This station was made by a newer Tambo.") },
  { TAMBO_STORE_ERROR_CORRUPT, N_ ("Something stored here was changed or damaged.") },
  { TAMBO_STORE_ERROR_NOT_FOUND, N_ ("There is no such case.") },
  { TAMBO_STORE_ERROR_EXISTS, N_ ("It is there already.") },
  { TAMBO_STORE_ERROR_STATE, N_ ("It is in a state that does not allow this.") },
  { TAMBO_STORE_ERROR_LOCKED, N_ ("The station is locked. Your work is saved.") },
  { TAMBO_STORE_ERROR_PASSWORD, N_ ("The name or the password is wrong.") },
  { TAMBO_STORE_ERROR_DISABLED, N_ ("This operator may not sign in now.") },
  { TAMBO_STORE_ERROR_FIRST_PASSWORD, N_ ("This password was given to you. Choose your own.") },
  { TAMBO_STORE_ERROR_TOKEN, N_ ("This is not the token of this station.") },
  { -1, NULL },
};

static const Sentence sync_sentences[] = {
  { TAMBO_SYNC_ERROR_OFFLINE, N_ ("Headquarters cannot be reached. You can go on working.") },
  { TAMBO_SYNC_ERROR_CERTIFICATE, N_ ("What answers is not our headquarters.") },
  { TAMBO_SYNC_ERROR_NO_NAME, N_ ("This network does not know headquarters' address.") },
  { TAMBO_SYNC_ERROR_NO_ROUTE,
    N_ ("This computer is not connected to a network that leads to headquarters.") },
  { TAMBO_SYNC_ERROR_CLOSED,
    N_ ("Headquarters' computer is there, but its service does not run.") },
  { TAMBO_SYNC_ERROR_TIMEOUT, N_ ("Headquarters did not answer in time.") },
  { TAMBO_SYNC_ERROR_CLOCK,
    N_ ("Headquarters' certificate is not valid yet by this computer's clock. Records wait "
        "safely.") },
  { TAMBO_SYNC_ERROR_EXPIRED,
    N_ ("Headquarters' certificate has ended by this computer's clock. Records wait safely.") },
  { TAMBO_SYNC_ERROR_OWN_EXPIRED,
    N_ ("This station's own certificate has ended. Records wait safely.") },
  { TAMBO_SYNC_ERROR_REVOKED, N_ ("Headquarters does not accept this station any more.") },
  { TAMBO_SYNC_ERROR_TOKEN, N_ ("The invitation is unknown, used or past.") },
  { TAMBO_SYNC_ERROR_SERVER, N_ ("Headquarters is busy. The records wait here.") },
  { TAMBO_SYNC_ERROR_REFUSED, N_ ("Headquarters refused a record. The rest was sent.") },
  { TAMBO_SYNC_ERROR_CONFLICT, N_ ("Headquarters has another record of the same number.") },
  { TAMBO_SYNC_ERROR_INTEGRITY, N_ ("An answer of headquarters is not properly signed.") },
  { TAMBO_SYNC_ERROR_PROTOCOL, N_ ("This network answers in place of headquarters.") },
  { TAMBO_SYNC_ERROR_FORK, N_ ("Headquarters knows another log of this station.") },
  { TAMBO_SYNC_ERROR_PORTAL, N_ ("This network wants somebody to sign in to it first.") },
  { TAMBO_SYNC_ERROR_PROXY,
    N_ ("This network wants a proxy, or the proxy a name and a password.") },
  { TAMBO_SYNC_ERROR_OLDER, N_ ("Headquarters is older than this station.") },
  { TAMBO_SYNC_ERROR_LOST, N_ ("Headquarters has lost records that are not kept here any more.") },
  { -1, NULL },
};

static const Sentence token_sentences[] = {
  { TAMBO_TOKEN_ERROR_URI, N_ ("The settings name no token.") },
  { TAMBO_TOKEN_ERROR_NO_MODULE, N_ ("The driver of the token is not installed.") },
  { TAMBO_TOKEN_ERROR_NO_TOKEN, N_ ("The token of this station is not connected.") },
  { TAMBO_TOKEN_ERROR_NO_PIN, N_ ("The token wants its PIN.") },
  { TAMBO_TOKEN_ERROR_PIN, N_ ("The token's PIN is wrong.") },
  { TAMBO_TOKEN_ERROR_PIN_FEW, N_ ("The token's PIN is wrong. Few tries are left.") },
  { TAMBO_TOKEN_ERROR_PIN_LAST, N_ ("The token's PIN is wrong. One try is left.") },
  { TAMBO_TOKEN_ERROR_PIN_LOCKED,
    N_ ("The token is locked after too many wrong PINs. What was captured is saved.") },
  { TAMBO_TOKEN_ERROR_NO_KEY, N_ ("The token does not hold this station's key.") },
  { TAMBO_TOKEN_ERROR_UNSUPPORTED, N_ ("This token cannot be used here.") },
  { TAMBO_TOKEN_ERROR_FAILED, N_ ("The token has failed.") },
  { -1, NULL },
};

static const Sentence station_sentences[] = {
  { TAMBO_STATION_ERROR_NOT_SIGNED_IN, N_ ("Nobody is signed in.") },
  { TAMBO_STATION_ERROR_ROLE, N_ ("Your role does not allow this.") },
  { TAMBO_STATION_ERROR_FOUR_EYES, N_ ("A second person is needed.") },
  { TAMBO_STATION_ERROR_STATE, N_ ("The case is in a state that does not allow this.") },
  { TAMBO_STATION_ERROR_QUALITY, N_ ("The capture is not good enough.") },
  { TAMBO_STATION_ERROR_STOCK, N_ ("There is no such blank in stock.") },
  { TAMBO_STATION_ERROR_NOT_REGISTERED, N_ ("Headquarters has not certified this station yet.") },
  { TAMBO_STATION_ERROR_NOT_FOUND, N_ ("There is no such procedure or case.") },
  { TAMBO_STATION_ERROR_NO_STATION, N_ ("There is no station on this computer yet.") },
  { TAMBO_STATION_ERROR_NO_SPACE, N_ ("The disk has too little room for another applicant.") },
  { TAMBO_STATION_ERROR_ALERT, N_ ("Headquarters warns of this applicant.") },
  { TAMBO_STATION_ERROR_ALERTS,
    N_ ("The applicant cannot be compared with all alerts of headquarters.") },
  { TAMBO_STATION_ERROR_OTHER_FINGER, N_ ("This is another finger.") },
  { -1, NULL },
};

/* The sentences of station/advice.c, for the translators and for the window. */
static const char *const actions[] = {
  N_ ("allow this user to use pcscd (polkit rule of Tambo)"),
  N_ ("ask a supervisor who took no part to approve it"),
  N_ ("ask headquarters for a new invitation"),
  N_ ("choose your own with 'operator passwd', then sign in"),
  N_ ("connect the token of this station"),
  N_ ("ask headquarters to certify this station"),
  N_ ("ask somebody with the role"),
  N_ ("ask the applicant to put the finger flat again"),
  N_ ("ask the applicant to sign on the pad"),
  N_ ("capture it again, then continue the case"),
  N_ ("check that this network lets programs through to headquarters"),
  N_ ("open any page in a browser, sign in to this network there, and try again"),
  N_ ("put this network's proxy, with name and password, into https_proxy"),
  N_ ("tell headquarters, which has the numbers among its alarms"),
  N_ ("check the disk and try again"),
  N_ ("check the file and give it again"),
  N_ ("check the name"),
  N_ ("check the name and the password"),
  N_ ("check the number"),
  N_ ("check the path"),
  N_ ("check who owns the file"),
  N_ ("choose another folder"),
  N_ ("make one with 'tamboctl init', or name its folder with --station"),
  N_ ("choose another name or number"),
  N_ ("close Tambo, check the disk and open it again"),
  N_ ("close the other Tambo and try again"),
  N_ ("close the program that holds the device"),
  N_ ("complete the case and continue it"),
  N_ ("connect the device again and continue"),
  N_ ("connect the device and try again"),
  N_ ("correct the field"),
  N_ ("do what the alert says before going on with the case"),
  N_ ("exchange with headquarters, which sends them anew, and try again"),
  N_ ("frame the face and take it again"),
  N_ ("free disk space and continue; nothing captured was lost"),
  N_ ("free disk space and try again"),
  N_ ("free disk space before the next applicant; what is queued can still be sent"),
  N_ ("give a smaller file"),
  N_ ("give another file or capture it again"),
  N_ ("go on working; have headquarters install the newer Tambo"),
  N_ ("go on working; the records wait here and are sent when the connection is back"),
  N_ ("install Tambo's udev rules"),
  N_ ("install the newer Tambo"),
  N_ ("keep everything as it is and call support"),
  N_ ("keep it as it is and call support"),
  N_ ("keep the folder as it is and call support"),
  N_ ("look at its state and do what is missing first"),
  N_ ("look at the case's state with 'case show'"),
  N_ ("look at the record with 'outbox show'"),
  N_ ("read the document again or correct the character"),
  N_ ("read the document or the file again"),
  N_ ("receive blanks or choose another one"),
  N_ ("run 'init' again with headquarters' invitation"),
  N_ ("send nothing through this network; check the address of headquarters and call support"),
  N_ ("set this computer's clock"),
  N_ ("set this computer's clock; if it is right, call headquarters"),
  N_ ("go on working; check the address of headquarters if other pages can be reached"),
  N_ ("go on working; check the cable or the Wi-Fi of this computer"),
  N_ ("name one token and one key with token=, object= or id="),
  N_ ("install the driver of the token"),
  N_ ("connect the token"),
  N_ ("connect the token again, then call support"),
  N_ ("give the PIN of this station's token"),
  N_ ("put the PIN into a file and name it with pin-source or TAMBO_PIN_FILE"),
  N_ ("look the PIN up before the next try; after the last one the token is locked"),
  N_ ("have its security officer unlock it"),
  N_ ("name another key or give the certificate"),
  N_ ("use another key"),
  N_ ("sign in"),
  N_ ("switch the device off and on, then continue"),
  N_ ("try again later; the records wait here"),
  N_ ("try again, then call support"),
  N_ ("use a reader that gives images"),
  N_ ("connect a card reader"),
  N_ ("correct what was given and try again"),
  N_ ("do not hand the document over; set it aside and call support"),
  N_ ("do not hand the document over; try that finger again"),
  N_ ("end the other program and try again"),
  N_ ("give the terminal's key and every certificate from it up to the document's state"),
  N_ ("have all fingers laid flat, or note an exception for one that is not there"),
  N_ ("have the other hand or finger laid"),
  N_ ("have the scanner registered with its provider"),
  N_ ("install data/polkit/70-tambo-pcsc.rules into /etc/polkit-1/rules.d and put this user into "
      "the group tambo"),
  N_ ("install libdlib19.1 and libdlib-data"),
  N_ ("lay the page into the feeder"),
  N_ ("put the card on the reader"),
  N_ ("put the same card back and repeat the command, or spoil the blank"),
  N_ ("read the document's other side again"),
  N_ ("start pcscd"),
  N_ ("take it again from farther away"),
  N_ ("take the picture again"),
  N_ ("try again; spoil the blank if it stays"),
  N_ ("use a blank whose chip is empty"),
  N_ ("use a blank with a larger chip"),
  N_ ("use another card or profile"),
  N_ ("use another scanner; if this one is genuine, give the desk its provider's certificate"),
  N_ ("wait, or ask a supervisor"),
};

static const Sentence *sentences_of_domain (GQuark domain) {
  const struct {
    GQuark domain;
    const Sentence *sentences;
  } domains[] = {
    { TAMBO_BASE_ERROR, base_sentences },       { TAMBO_RECORD_ERROR, record_sentences },
    { TAMBO_FORMAT_ERROR, format_sentences },   { TAMBO_CAPTURE_RETRY, retry_sentences },
    { TAMBO_CAPTURE_ERROR, capture_sentences }, { TAMBO_STORE_ERROR, store_sentences },
    { TAMBO_SYNC_ERROR, sync_sentences },       { TAMBO_STATION_ERROR, station_sentences },
    { TAMBO_CHIP_ERROR, chip_sentences },       { TAMBO_TOKEN_ERROR, token_sentences },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    if (domains[i].domain == domain)
      return domains[i].sentences;
  return NULL;
}

const char *tambo_error_text_cause (const GError *error) {
  const Sentence *sentence = sentences_of_domain (error->domain);

  while (sentence != NULL && sentence->code != -1) {
    if (sentence->code == error->code)
      return _ (sentence->sentence);
    sentence++;
  }
  return error->message;
}

static const char *translate_action (const char *action) {
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i], action))
      return _ (actions[i]);
  return action;
}

char *tambo_error_text_action (const GError *error) {
  const char *action = translate_action (tambo_advice_action (error));
  g_autoptr (GString) sentence = g_string_new (NULL);

  g_string_append_unichar (sentence, g_unichar_toupper (g_utf8_get_char (action)));
  g_string_append (sentence, g_utf8_next_char (action));
  g_string_append_c (sentence, '.');
  return g_string_free (g_steal_pointer (&sentence), FALSE);
}

char *tambo_error_text_sentence (const GError *error) {
  g_autofree char *action = tambo_error_text_action (error);

  return g_strdup_printf ("%s %s", tambo_error_text_cause (error), action);
}

/* ---- names ---- */

typedef struct {
  const char *word;
  const char *name;
} Name;

static const char *find_name (const Name *names, const char *word) {
  for (; names->word != NULL; names++)
    if (g_str_equal (names->word, word))
      return _ (names->name);
  return word;
}

const char *tambo_text_field (const char *key) {
  static const Name names[] = {
    { "surname", N_ ("Surnames") },
    { "given_names", N_ ("Given names") },
    { "birth_date", N_ ("Date of birth") },
    { "sex", N_ ("Sex") },
    { "nationality", N_ ("Nationality") },
    { "place_of_birth", N_ ("Place of birth") },
    { "issuing_state", N_ ("Issuing state") },
    { "document_type", N_ ("Document type") },
    { "document_number", N_ ("Document number") },
    { "expiry_date", N_ ("Date of expiry") },
    { "personal_number", N_ ("Personal number") },
    { "address", N_ ("Address") },
    { "phone", N_ ("Telephone") },
    { "email", N_ ("E-mail") },
    { "other_names", N_ ("Other names") },
    { NULL, NULL },
  };

  return find_name (names, key);
}

const char *tambo_text_finger (TamboFinger finger) {
  static const char *const names[] = {
    N_ ("Unknown finger"),      N_ ("Right thumb"),        N_ ("Right index finger"),
    N_ ("Right middle finger"), N_ ("Right ring finger"),  N_ ("Right little finger"),
    N_ ("Left thumb"),          N_ ("Left index finger"),  N_ ("Left middle finger"),
    N_ ("Left ring finger"),    N_ ("Left little finger"),
  };

  return _ (names[(guint) finger < G_N_ELEMENTS (names) ? finger : 0]);
}

const char *tambo_text_document (const char *kind) {
  static const Name names[] = {
    { "travel-document", N_ ("Travel document") },
    { "birth-record", N_ ("Birth record") },
    { "residence-permit", N_ ("Residence permit") },
    { "guardian-consent", N_ ("Guardian's consent") },
    { "payment", N_ ("Proof of payment") },
    { "other", N_ ("Another document") },
    { NULL, NULL },
  };

  return find_name (names, kind);
}

const char *tambo_text_role (guint role) {
  if (role & TAMBO_ROLE_SUPERVISOR)
    return _ ("Supervisor");
  if (role & TAMBO_ROLE_TECHNICIAN)
    return _ ("Technician");
  if (role & TAMBO_ROLE_AUDITOR)
    return _ ("Auditor");
  return _ ("Clerk");
}

const char *tambo_text_blank_kind (const char *kind) {
  static const Name names[] = {
    { "passport", N_ ("Passports") },
    { "card", N_ ("Cards") },
    { NULL, NULL },
  };

  return find_name (names, kind);
}

const char *tambo_text_case_state (TamboCaseState state) {
  static const char *const names[] = {
    [TAMBO_CASE_DRAFT] = N_ ("Being captured"),
    [TAMBO_CASE_WAITING] = N_ ("Waits for a second person"),
    [TAMBO_CASE_REJECTED] = N_ ("Rejected by the second person"),
    [TAMBO_CASE_QUEUED] = N_ ("Sealed, waits to be sent"),
    [TAMBO_CASE_ACKNOWLEDGED] = N_ ("Received by headquarters"),
    [TAMBO_CASE_REFUSED] = N_ ("Refused by headquarters"),
    [TAMBO_CASE_ORDERED] = N_ ("Approved, to be issued"),
    [TAMBO_CASE_ISSUED] = N_ ("Issued"),
    [TAMBO_CASE_DELIVERED] = N_ ("Delivered"),
    [TAMBO_CASE_DISCARDED] = N_ ("Discarded"),
  };

  return (guint) state < G_N_ELEMENTS (names) ? _ (names[state]) : "";
}

const char *tambo_text_reason (const char *reason) {
  static const Name names[] = {
    { "amputated", N_ ("Amputated") },
    { "bandaged", N_ ("Bandaged or injured") },
    { "other: worn", N_ ("Too worn to be read") },
    { NULL, NULL },
  };

  const char *name = find_name (names, reason);

  return name == reason && g_str_has_prefix (reason, "other: ") ? reason + strlen ("other: ")
                                                                : name;
}

const char *tambo_text_rule (const char *rule) {
  if (g_str_has_prefix (rule, "applicant."))
    return tambo_text_field (rule + strlen ("applicant."));
  if (g_str_has_prefix (rule, "finger-"))
    return tambo_text_finger (tambo_finger_from_string (rule + strlen ("finger-")));
  if (g_str_has_prefix (rule, "document-"))
    return tambo_text_document (rule + strlen ("document-"));
  if (g_str_equal (rule, "portrait"))
    return _ ("Portrait");
  if (g_str_equal (rule, "signature"))
    return _ ("Signature");
  if (g_str_equal (rule, "guardian"))
    return _ ("Guardian");
  return rule;
}

/* The page of the fingers says how good each is. */
static char *say_failed (const TamboCheck *check) {
  const char *fault = tambo_detail_text_fault (check->detail);

  if (fault != NULL)
    return g_strdup_printf (_ ("Has to be corrected: %s"), fault);
  if (g_str_has_prefix (check->rule, "finger-"))
    return g_strdup (_ ("The print is too weak. Capture it again, or say why not."));
  return tambo_detail_text_support (check->detail);
}

char *tambo_text_check (const TamboCheck *check) {
  switch (check->verdict) {
  case TAMBO_CHECK_PASSED:
    return g_strdup (_ ("Good"));
  case TAMBO_CHECK_MISSING:
    return g_strdup (_ ("Still missing"));
  case TAMBO_CHECK_APPROVE:
    return g_strdup (_ ("A second person has to approve it"));
  case TAMBO_CHECK_FAILED:
    break;
  }
  return say_failed (check);
}

char *tambo_text_time (const char *rfc3339) {
  g_autoptr (GDateTime) utc = rfc3339 != NULL ? g_date_time_new_from_iso8601 (rfc3339, NULL) : NULL;
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? tambo_date_text (local, "%-d %b %Y, %H:%M") : g_strdup ("");
}
