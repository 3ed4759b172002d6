/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the entries of the audit log are about, in the clerk's language. The log itself keeps its words: they are
 * signed.
 */
#pragma once

/* "Case sealed" of record.seal; an unknown one as it is. */
const char *tambo_text_audit (const char *action);
