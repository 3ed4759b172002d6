/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/lds-builder.h"

#include "chip/data-group.h"
#include "hex.h"
#include "specimen.h"

static TamboApplicant *make_applicant (void) {
  TamboApplicant *applicant = tambo_applicant_new ();

  applicant->surname = g_strdup ("ERIKSSON");
  applicant->given_names = g_strdup ("ANNA MARIA");
  return applicant;
}

/* Nothing besides: the same files, under a SOD of their own. */
static void test_nothing (void) {
  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  g_autoptr (TamboSigner) signer = tambo_document_signer_new (csca, "Specimen DS", 5, NULL);
  g_autoptr (TamboLds) lds = specimen_lds (signer, 100);
  g_autoptr (TamboApplicant) applicant = make_applicant ();
  g_autoptr (GPtrArray) roots = specimen_csca (csca), verdicts = specimen_verdicts ();
  g_autoptr (GBytes) com = g_bytes_ref (lds->files[TAMBO_LDS_COM]);
  TamboLdsExtras extras = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_lds_extend (lds, applicant, &extras, signer, &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (com, lds->files[TAMBO_LDS_COM]));
  g_assert_true (tambo_passive_authentication (lds, roots, verdicts));
}

/* What is added is named by COM and covered by the SOD. */
static void test_all (void) {
  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  g_autoptr (TamboSigner) signer = tambo_document_signer_new (csca, "Specimen DS", 5, NULL);
  g_autoptr (TamboLds) lds = specimen_lds (signer, 100);
  g_autoptr (TamboApplicant) applicant = make_applicant ();
  g_autoptr (GPtrArray) roots = specimen_csca (csca), verdicts = specimen_verdicts ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GBytes) dg15 = hex ("6F053003020101");
  TamboLdsExtras extras = { .fingers = none, .dg15 = dg15 };
  g_autoptr (GError) error = NULL;
  guint32 groups = 0;

  applicant->place_of_birth = g_strdup ("ZENITH");
  applicant->personal_number = g_strdup ("ZE184226B");
  applicant->other_names = g_strsplit ("ERIKSSON MARIA", ",", -1);
  g_assert_true (tambo_lds_extend (lds, applicant, &extras, signer, &error));
  g_assert_no_error (error);
  g_assert_true (tambo_com_parse (lds->files[TAMBO_LDS_COM], &groups, NULL));
  g_assert_cmphex (groups, ==, 1u << 1 | 1u << 3 | 1u << 7 | 1u << 11 | 1u << 15);
  g_assert_true (tambo_passive_authentication (lds, roots, verdicts));
  g_assert_cmpint (specimen_result (verdicts, "hash-DG3"), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (verdicts, "hash-DG15"), ==, TAMBO_VERDICT_PASSED);

  g_autoptr (TamboPersonDetails) details = tambo_dg11_parse (lds->files[TAMBO_LDS_DG11], &error);
  g_assert_no_error (error);
  g_assert_cmpstr (details->texts[TAMBO_PERSON_NAME], ==, "ERIKSSON<<ANNA<MARIA");
  g_assert_cmpstr (details->texts[TAMBO_PERSON_NUMBER], ==, "ZE184226B");
  g_assert_cmpstr (details->texts[TAMBO_PERSON_BIRTH_PLACE], ==, "ZENITH");
  g_assert_null (details->texts[TAMBO_PERSON_ADDRESS]);
  g_assert_cmpstr (g_ptr_array_index (details->other_names, 0), ==, "ERIKSSON<MARIA");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/lds-builder/nothing", test_nothing);
  g_test_add_func ("/chip/lds-builder/all", test_all);
  return g_test_run ();
}
