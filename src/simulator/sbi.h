/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sub-command `sbi`: a fingerprint scanner with its service on the loopback (MOSIP SBI).
 */
#pragma once

int tambo_simulator_sbi_main (int argc, char **argv);
