/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/preferences-page.h"

#include <glib/gi18n.h>

#include "app/applicant-words.h"
#include "app/error-text.h"
#include "app/finger-listen.h"
#include "app/speak.h"
#include "station/finger-unlock.h"

struct _TamboPreferencesPage {
  TamboDeskPage parent;
  GtkBox *text_box, *colors_box, *language_box, *camera_box, *reader_box;
  GtkCheckButton *contrast_choice, *sounds_choice, *still_choice;
  GtkWidget *finger_button;
  GtkLabel *result;
  GCancellable *listening; /* NULL: no finger is waited for */
  gboolean is_showing;     /* what is set now comes from the file */
};

G_DEFINE_FINAL_TYPE (TamboPreferencesPage, tambo_preferences_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboPreferencesPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

static TamboPreferences *preferences_of (TamboPreferencesPage *self) {
  return tambo_session_get_preferences (session_of (self));
}

/* ---- keeping ---- */

typedef struct {
  TamboPreferences *preferences;
  char *folder;
} Save;

static void save_free (Save *save) {
  tambo_preferences_free (save->preferences);
  g_free (save->folder);
  g_free (save);
}

static gboolean run_save (gpointer data, GCancellable *cancellable, GError **error) {
  const Save *save = data;

  return tambo_preferences_save (save->preferences, save->folder, error);
}

static void on_saved (gpointer owner, gpointer data, const GError *error) {
  if (error != NULL)
    tambo_session_fail (session_of (owner), error);
}

/* What was chosen holds at once. */
static void keep (TamboPreferencesPage *self) {
  Save *save = g_new0 (Save, 1);

  save->preferences = tambo_preferences_copy (preferences_of (self));
  save->folder =
      g_strdup (tambo_station_get_folder (tambo_session_get_station (session_of (self))));
  tambo_preferences_apply (save->preferences, tambo_session_get_devices (session_of (self)));
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), run_save, save,
                   (GDestroyNotify) save_free, NULL, on_saved, self);
}

/* ---- choices ---- */

typedef void (*Choose) (TamboPreferences *preferences, const char *value);

static void choose_text_size (TamboPreferences *preferences, const char *value) {
  preferences->text_size = (int) g_ascii_strtoll (value, NULL, 10);
}

static void choose_colors (TamboPreferences *preferences, const char *value) {
  preferences->colors = (TamboColors) g_ascii_strtoll (value, NULL, 10);
}

static void choose_language (TamboPreferences *preferences, const char *value) {
  g_free (preferences->applicant_language);
  preferences->applicant_language = g_strdup (value);
}

static char *name_or_any (const char *value) {
  return *value != '\0' ? g_strdup (value) : NULL;
}

static void choose_camera (TamboPreferences *preferences, const char *value) {
  g_free (preferences->camera);
  preferences->camera = name_or_any (value);
}

static void choose_reader (TamboPreferences *preferences, const char *value) {
  g_free (preferences->reader);
  preferences->reader = name_or_any (value);
}

static void on_chosen_cb (GtkCheckButton *button, TamboPreferencesPage *self) {
  Choose choose = (Choose) g_object_get_data (G_OBJECT (button), "choose");

  if (self->is_showing || !gtk_check_button_get_active (button))
    return;
  choose (preferences_of (self), g_object_get_data (G_OBJECT (button), "value"));
  keep (self);
}

static void add_choice (TamboPreferencesPage *self, GtkBox *box, const char *title,
                        const char *value, gboolean is_chosen, Choose choose) {
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (box));
  GtkWidget *choice = gtk_check_button_new_with_label (title);

  if (first != NULL)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (choice), GTK_CHECK_BUTTON (first));
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (choice), is_chosen);
  g_object_set_data_full (G_OBJECT (choice), "value", g_strdup (value), g_free);
  g_object_set_data (G_OBJECT (choice), "choose", (gpointer) choose);
  g_signal_connect (choice, "toggled", G_CALLBACK (on_chosen_cb), self);
  gtk_box_append (box, choice);
}

static void empty (GtkBox *box) {
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static void show_text_sizes (TamboPreferencesPage *self) {
  static const int sizes[] = { 100, 115, 130, 150 };

  empty (self->text_box);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *value = g_strdup_printf ("%d", sizes[i]);
    g_autofree char *title = g_strdup_printf ("%d %%", sizes[i]);
    add_choice (self, self->text_box, title, value, preferences_of (self)->text_size == sizes[i],
                choose_text_size);
  }
}

static void show_colors (TamboPreferencesPage *self) {
  const char *const titles[] = { _ ("As the system"), _ ("Light"), _ ("Dark") };

  empty (self->colors_box);
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    g_autofree char *value = g_strdup_printf ("%u", i);
    add_choice (self, self->colors_box, titles[i], value, preferences_of (self)->colors == i,
                choose_colors);
  }
}

/* In their own words: an applicant reads them, too. */
static void show_languages (TamboPreferencesPage *self) {
  empty (self->language_box);
  for (const TamboApplicantLanguage *language = tambo_applicant_languages ();
       language->code != NULL; language++)
    add_choice (self, self->language_box, language->name, language->code,
                g_str_equal (preferences_of (self)->applicant_language, language->code),
                choose_language);
}

static void show_devices (TamboPreferencesPage *self, GtkBox *box, TamboDeviceKind kind,
                          const char *chosen, Choose choose) {
  GListModel *devices = G_LIST_MODEL (tambo_session_get_devices (session_of (self)));

  empty (box);
  add_choice (self, box, _ ("Whichever is ready"), "", chosen == NULL, choose);
  for (guint i = 0; i < g_list_model_get_n_items (devices); i++) {
    g_autoptr (TamboDevice) device = g_list_model_get_item (devices, i);
    const char *name = tambo_device_get_name (device);
    if (tambo_device_get_kind (device) == kind)
      add_choice (self, box, name, name, g_strcmp0 (name, chosen) == 0, choose);
  }
}

static void show (TamboPreferencesPage *self) {
  const TamboPreferences *preferences = preferences_of (self);

  self->is_showing = TRUE;
  show_text_sizes (self);
  show_colors (self);
  show_languages (self);
  show_devices (self, self->camera_box, TAMBO_DEVICE_CAMERA, preferences->camera, choose_camera);
  show_devices (self, self->reader_box, TAMBO_DEVICE_FINGERPRINT_READER, preferences->reader,
                choose_reader);
  gtk_check_button_set_active (self->contrast_choice, preferences->high_contrast);
  gtk_check_button_set_active (self->sounds_choice, preferences->sounds);
  gtk_check_button_set_active (self->still_choice, preferences->is_still);
  self->is_showing = FALSE;
}

static void on_contrast_cb (TamboPreferencesPage *self) {
  if (self->is_showing)
    return;
  preferences_of (self)->high_contrast = gtk_check_button_get_active (self->contrast_choice);
  gtk_label_set_label (self->result, _ ("The contrast changes when Tambo is opened again."));
  keep (self);
}

static void on_sounds_cb (TamboPreferencesPage *self) {
  if (self->is_showing)
    return;
  preferences_of (self)->sounds = gtk_check_button_get_active (self->sounds_choice);
  keep (self);
}

static void on_still_cb (TamboPreferencesPage *self) {
  if (self->is_showing)
    return;
  preferences_of (self)->is_still = gtk_check_button_get_active (self->still_choice);
  keep (self);
}

/* ---- one's own finger ---- */

typedef struct {
  TamboStation *station;
  TamboImage *image;
} Finger;

static void finger_free (Finger *finger) {
  g_object_unref (finger->station);
  tambo_image_free (finger->image);
  g_free (finger);
}

static gboolean enrol_finger (gpointer data, GCancellable *cancellable, GError **error) {
  const Finger *finger = data;

  return tambo_finger_unlock_enrol (finger->station, TAMBO_FINGER_RIGHT_INDEX, finger->image,
                                    error);
}

static void end_listening (TamboPreferencesPage *self) {
  if (self->listening != NULL)
    g_cancellable_cancel (self->listening);
  g_clear_object (&self->listening);
  gtk_widget_set_sensitive (self->finger_button, TRUE);
}

static void tell (TamboPreferencesPage *self, const GError *error, const char *good) {
  g_autofree char *sentence = error != NULL ? tambo_error_text_sentence (error) : NULL;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_label_set_label (self->result, error != NULL ? sentence : good);
}

static void on_finger_enrolled (gpointer owner, gpointer data, const GError *error) {
  TamboPreferencesPage *self = owner;

  end_listening (self);
  tell (self, error,
        _ ("From your next sign-in on this finger unlocks the station until midnight."));
}

static void on_finger_heard (gpointer owner, const TamboImage *image, const GError *error) {
  TamboPreferencesPage *self = owner;

  if (error != NULL) {
    end_listening (self);
    tell (self, error, NULL);
    return;
  }
  Finger *finger = g_new0 (Finger, 1);
  finger->station = g_object_ref (tambo_session_get_station (session_of (self)));
  finger->image = tambo_image_to_grey (image);
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), enrol_finger, finger,
                   (GDestroyNotify) finger_free, NULL, on_finger_enrolled, self);
}

static void on_finger_cb (TamboPreferencesPage *self) {
  end_listening (self);
  self->listening = g_cancellable_new ();
  gtk_widget_set_sensitive (self->finger_button, FALSE);
  gtk_label_set_label (self->result, _ ("Put your right index finger on the reader."));
  tambo_finger_listen (session_of (self), self->listening, on_finger_heard, self);
}

/* ---- the page ---- */

static void tambo_preferences_page_enter (TamboDeskPage *page) {
  TamboPreferencesPage *self = TAMBO_PREFERENCES_PAGE (page);

  gtk_label_set_label (self->result, "");
  show (self);
  gtk_widget_child_focus (GTK_WIDGET (self->text_box), GTK_DIR_TAB_FORWARD);
}

static void tambo_preferences_page_leave (TamboDeskPage *page) {
  end_listening (TAMBO_PREFERENCES_PAGE (page));
}

static gboolean tambo_preferences_page_cancel (TamboDeskPage *page) {
  TamboPreferencesPage *self = TAMBO_PREFERENCES_PAGE (page);
  gboolean was_listening = self->listening != NULL;

  end_listening (self);
  if (was_listening)
    gtk_label_set_label (self->result, "");
  return was_listening;
}

static void tambo_preferences_page_dispose (GObject *object) {
  TamboPreferencesPage *self = TAMBO_PREFERENCES_PAGE (object);

  if (self->listening != NULL)
    g_cancellable_cancel (self->listening);
  g_clear_object (&self->listening);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_PREFERENCES_PAGE);
  G_OBJECT_CLASS (tambo_preferences_page_parent_class)->dispose (object);
}

static void tambo_preferences_page_class_init (TamboPreferencesPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_preferences_page_dispose;
  page_class->enter = tambo_preferences_page_enter;
  page_class->leave = tambo_preferences_page_leave;
  page_class->cancel = tambo_preferences_page_cancel;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/preferences-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, text_box);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, colors_box);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, language_box);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, camera_box);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, reader_box);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, contrast_choice);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, sounds_choice);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, still_choice);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, finger_button);
  gtk_widget_class_bind_template_child (widget_class, TamboPreferencesPage, result);
  gtk_widget_class_bind_template_callback (widget_class, on_contrast_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_sounds_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_still_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_finger_cb);
}

static void tambo_preferences_page_init (TamboPreferencesPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->result);
}
