/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/detail-text.h"

#include <glib/gi18n.h>
#include <string.h>

/* ---- fields: record/applicant-check.c ---- */

static const char *const faults[] = {
  N_ ("is too long"),
  N_ ("has control characters"),
  N_ ("has digits"),
  N_ ("was decoded with the wrong character set"),
  N_ ("mixes scripts"),
  N_ ("has no letters"),
  N_ ("is no date of the calendar"),
  N_ ("is in the future"),
  N_ ("is more than 120 years ago"),
  N_ ("is no code of Doc 9303-3 section 5"),
  N_ ("is not one or two capital letters"),
  N_ ("has characters other than letters, digits, blanks, hyphens, slashes and points"),
  N_ ("has no letters or digits"),
  N_ ("is no e-mail address"),
  N_ ("is no telephone number"),
};

/* The name of the field comes before it. */
const char *tambo_detail_text_fault (const char *detail) {
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    if (g_str_has_suffix (detail, faults[i]))
      return _ (faults[i]);
  return NULL;
}

/* ---- chips: chip/…-authentication.c, certificate.c, inspection.c, personalisation.c ---- */

/* Each has one name, number or day in it, or none. */
static const char *const verdicts[] = {
  /* What opens and proves the chip. */
  N_ ("there is no DG14 to compare EF.CardAccess with"),
  N_ ("DG14 is malformed"),
  N_ ("EF.CardAccess says what the signed DG14 does not"),
  N_ ("DG14 has a PACE that EF.CardAccess did not offer"),
  N_ ("the chip has no DG15"),
  N_ ("the key in DG15 is neither RSA nor ECDSA"),
  N_ ("the chip's public key is not vouched for"),
  N_ ("the chip does not hold the private key of EF.CardSecurity: it is a copy"),
  N_ ("EF.CardSecurity has no key for chip authentication"),
  N_ ("the chip's key lies in a group that is not known here"),
  N_ ("the chip's key in DG14 is not a key"),
  N_ ("DG14 has no key for chip authentication"),
  N_ ("no terminal key was given"),
  N_ ("it has to come after chip authentication"),
  N_ ("the terminal's key cannot sign as its certificate says"),
  N_ ("none of the terminal's certificates is of its key"),
  N_ ("no certificate leads from the terminal to %s, whom the chip trusts"),
  /* Who signed. */
  N_ ("the SOD is not readable"),
  N_ ("no CSCA certificate was given"),
  N_ ("no revocation list of this CSCA was given"),
  N_ ("the CSCA that the signer's certificate names did not sign it"),
  N_ ("the signer's certificate is from an unknown CSCA"),
  N_ ("the signer's certificate is not for signatures"),
  N_ ("the signer's certificate demands what is not known here"),
  N_ ("the signer's list of document types is malformed"),
  N_ ("the signer's certificate names no country"),
  N_ ("the signer does not sign documents of type %s"),
  N_ ("the signer's certificate is not valid before %s"),
  N_ ("the signer's certificate expired on %s; it was valid when it signed"),
  N_ ("the signer's certificate expired on %s; nor was it valid when it signed"),
  N_ ("the signer's certificate expired on %s"),
  N_ ("the CSCA's certificate is not valid before %s"),
  N_ ("the CSCA's certificate expired on %s"),
  N_ ("the signature was made on %s, when the signer's key was not to be used"),
  /* What is signed. */
  N_ ("the SOD does not name it"),
  N_ ("not read: it stands behind extended access control"),
  N_ ("the SOD names it, but it is not there"),
  N_ ("it is not what was signed: the hash differs"),
  N_ ("EF.COM and the signed SOD say different versions"),
  N_ ("a SOD of version 0 does not say it"),
  N_ ("there is no EF.COM"),
  N_ ("EF.COM is not readable"),
  N_ ("EF.COM leaves out what the SOD names: %s"),
  N_ ("EF.COM names what the SOD does not: %s"),
  /* What is printed and written. */
  N_ ("no MRZ was given"),
  N_ ("DG1 is not there"),
  N_ ("DG1 and the MRZ of the document differ"),
  N_ ("what was read is not what was written"),
  N_ ("a write after the lock was answered %s"),
};

/* What stands in DETAIL in the place of PATTERN's %s, "" without one; NULL: it does not fit. */
static char *take_word (const char *detail, const char *pattern) {
  const char *hole = strstr (pattern, "%s");
  g_autofree char *before = g_strndup (pattern, hole != NULL ? (gsize) (hole - pattern) : 0);

  if (hole == NULL)
    return g_str_equal (detail, pattern) ? g_strdup ("") : NULL;
  if (!g_str_has_prefix (detail, before) || !g_str_has_suffix (detail, hole + strlen ("%s"))
      || strlen (detail) <= strlen (pattern) - strlen ("%s"))
    return NULL;
  return g_strndup (detail + strlen (before), strlen (detail) - (strlen (pattern) - strlen ("%s")));
}

char *tambo_detail_text_verdict (const char *detail) {
  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++) {
    g_autofree char *word = take_word (detail, verdicts[i]);
    if (word == NULL)
      continue;
    g_autoptr (GString) text = g_string_new (_ (verdicts[i]));
    g_string_replace (text, "%s", word, 1);
    return g_string_free (g_steal_pointer (&text), FALSE);
  }
  return NULL;
}

char *tambo_detail_text_support (const char *detail) {
  return g_strdup_printf (_ ("For support: %s"), detail);
}
