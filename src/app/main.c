/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tambo: the clerk's window.
 */
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/allocator.h"
#include "app/application.h"

/* A core dump would hold what the station keeps encrypted. */
static void forbid_core_dumps (void) {
  const struct rlimit none = { 0, 0 };
  setrlimit (RLIMIT_CORE, &none);
}

/* What is missing in a language of Peru is better known in Spanish than in English. Their locales have other names
 * than their catalogues, too: quz_PE, ayc_PE. */
static void fall_back_to_spanish (void) {
  static const char *const languages[] = { "qu", "ay" };
  const char *chosen = g_getenv ("LANGUAGE");

  if (chosen == NULL || *chosen == '\0')
    chosen = setlocale (LC_MESSAGES, NULL);
  if (strchr (chosen, ':') != NULL)
    return; /* who says what follows has it so */
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_has_prefix (chosen, languages[i])) {
      g_autofree char *chain = g_strconcat (languages[i], ":es", NULL);
      g_setenv ("LANGUAGE", chain, TRUE);
      return;
    }
}

static void set_up_language (void) {
  const char *folder = g_getenv ("TAMBO_LOCALEDIR");

  if (setlocale (LC_ALL, "") == NULL)
    setlocale (LC_ALL, "C.UTF-8");
  fall_back_to_spanish ();
  bindtextdomain ("tambo", folder != NULL ? folder : TAMBO_LOCALEDIR);
  bind_textdomain_codeset ("tambo", "UTF-8");
  textdomain ("tambo");
}

/* Without a graphics card the GL renderer is software, and cairo is faster; GDK would load GL's drivers
 * all the same, a compiler among them, and hold twice the memory. */
static void choose_renderer (void) {
  if (access ("/dev/dri/renderD128", R_OK | W_OK) != 0)
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
  if (g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") == 0)
    g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
}

int main (int argc, char **argv) {
  forbid_core_dumps ();
  tambo_allocator_set_up ();
  signal (SIGPIPE, SIG_IGN);
  set_up_language ();
  choose_renderer ();

  g_autoptr (TamboApplication) application = tambo_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
