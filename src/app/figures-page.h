/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What goes on in the office, in plots, for the supervisor: throughput, who waits, records, blanks, and how long the
 * steps take.
 */
#pragma once

#include "app/desk-page.h"

#define TAMBO_TYPE_FIGURES_PAGE (tambo_figures_page_get_type ())
G_DECLARE_FINAL_TYPE (TamboFiguresPage, tambo_figures_page, TAMBO, FIGURES_PAGE, TamboDeskPage)
