/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any document on the reader, judged as a border would: opened with what is printed on it, read, and every
 * check as a row.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_VERIFY_PAGE (tambo_verify_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboVerifyPage, tambo_verify_page, TAMBO, VERIFY_PAGE, TamboDeskPage)
