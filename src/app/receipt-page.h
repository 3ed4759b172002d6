/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The end of an enrolment: the tracking number that the applicant keeps, and the receipt.
 */
#pragma once

#include "app/step-page.h"

#define TAMBO_TYPE_RECEIPT_PAGE (tambo_receipt_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboReceiptPage, tambo_receipt_page, TAMBO, RECEIPT_PAGE, TamboStepPage)
