/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/applicant-window.h"

#include "app/applicant-words.h"
#include "app/hand-area.h"
#include "app/picture-area.h"
#include "app/stack-pages.h"
#include "app/turn-bin.h"
#include "record/applicant-field.h"
#include "station/case-desk.h"

#define FIRST_LANGUAGE "es"
#define CODE_SIDE 280 /* pixels */

struct _TamboApplicantWindow {
  GtkWindow parent;
  TamboTurnBin *turn_bin;
  GtkWidget *practice;
  GtkStack *stack;
  GtkLabel *office, *wait;
  GtkLabel *question, *answer;
  GtkGrid *data;
  GtkButton *no_button, *yes_button;
  TamboPictureArea *mirror;
  GtkLabel *hint;
  TamboHandArea *hands;
  GtkLabel *finger, *press;
  GtkLabel *sign;
  GtkLabel *done, *number, *keep;
  GtkPicture *code;
  GtkBox *languages;
  TamboApplicantScreen *screen;
  GtkWindow *desk; /* borrowed: it outlives this window */
  const char *language;
};

G_DEFINE_FINAL_TYPE (TamboApplicantWindow, tambo_applicant_window, GTK_TYPE_WINDOW)

static const char *word (TamboApplicantWindow *self, TamboWord which) {
  return tambo_applicant_word (which, self->language);
}

/* ---- the data ---- */

static GtkWidget *new_label (const char *text, float align, const char *style) {
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), align);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);
  return label;
}

static void show_data (TamboApplicantWindow *self) {
  static const char *const keys[] = { "surname",     "given_names",     "birth_date",
                                      "nationality", "document_number", "place_of_birth",
                                      "address",     "phone",           "email" };
  const TamboApplicant *applicant = tambo_applicant_screen_get_applicant (self->screen);
  GtkWidget *old;
  int place = 0;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->data))) != NULL)
    gtk_grid_remove (self->data, old);
  for (gsize i = 0; applicant != NULL && i < G_N_ELEMENTS (keys); i++) {
    const char *value = tambo_applicant_get_field (applicant, keys[i]);
    if (value == NULL || *value == '\0')
      continue;
    GtkWidget *label = new_label (value, 0, "applicant-value");
    gtk_widget_set_hexpand (label, TRUE);
    gtk_grid_attach (
        self->data,
        new_label (tambo_applicant_field (keys[i], self->language), 1, "applicant-name"), 0, place,
        1, 1);
    gtk_grid_attach (self->data, label, 1, place++, 1, 1);
  }
}

static void show_question (TamboApplicantWindow *self) {
  TamboApplicantAnswer answer = tambo_applicant_screen_get_answer (self->screen);

  gtk_label_set_label (self->question, word (self, TAMBO_WORD_CONFIRM));
  gtk_button_set_label (self->yes_button, word (self, TAMBO_WORD_YES));
  gtk_button_set_label (self->no_button, word (self, TAMBO_WORD_NO));
  gtk_label_set_label (self->answer, answer == TAMBO_ANSWER_YES ? word (self, TAMBO_WORD_THANKS)
                                     : answer == TAMBO_ANSWER_NO
                                         ? word (self, TAMBO_WORD_CLERK_HELPS)
                                         : "");
  show_data (self);
}

/* ---- the other acts ---- */

static void show_camera (TamboApplicantWindow *self) {
  const char *hint = tambo_applicant_screen_get_hint (self->screen);
  const char *text = hint != NULL && *hint != '\0' ? tambo_applicant_hint (hint, self->language)
                     : hint != NULL                ? word (self, TAMBO_WORD_LOOK)
                                                   : word (self, TAMBO_WORD_STILL);

  gtk_label_set_label (self->hint, text);
  tambo_picture_area_set_label (self->mirror, text);
}

/* Of one finger its own name, of several the hand's. */
static const char *name_fingers (TamboApplicantWindow *self, guint fingers) {
  const guint right = 0x3eu; /* from the thumb to the little finger */

  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++)
    if (fingers == 1u << i)
      return tambo_applicant_finger ((TamboFinger) i, self->language);
  return word (self, (fingers & ~right) == 0  ? TAMBO_WORD_RIGHT_HAND
                     : (fingers & right) == 0 ? TAMBO_WORD_LEFT_HAND
                                              : TAMBO_WORD_THUMBS);
}

static void show_fingers (TamboApplicantWindow *self) {
  gboolean is_pressed;
  guint fingers = tambo_applicant_screen_get_fingers (self->screen, &is_pressed);
  gboolean is_one = (fingers & (fingers - 1)) == 0;
  const char *name = name_fingers (self, fingers);

  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++)
    tambo_hand_area_set_state (self->hands, (TamboFinger) i, TAMBO_HAND_NOT_ASKED);
  tambo_hand_area_set_now (self->hands, fingers);
  tambo_hand_area_set_label (self->hands, name);
  gtk_label_set_label (self->finger, name);
  gtk_label_set_label (self->press, word (self, is_pressed ? TAMBO_WORD_KEEP_PRESSING
                                                : is_one   ? TAMBO_WORD_FINGER
                                                           : TAMBO_WORD_FINGERS));
}

/* Each module is some whole pixels wide, within a margin of four: smoothed, it would not be read. */
static GdkPaintable *draw_code (const char *number) {
  int side;
  g_autoptr (GBytes) modules = tambo_case_desk_code (number, &side, NULL);
  if (modules == NULL)
    return NULL;

  const guint8 *dark = g_bytes_get_data (modules, NULL);
  int scale = MAX (1, CODE_SIDE / (side + 8));
  float whole = (float) ((side + 8) * scale);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, whole, whole));
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      if (dark[y * side + x])
        cairo_rectangle (cr, (x + 4) * scale, (y + 4) * scale, scale, scale);
  cairo_fill (cr);
  cairo_destroy (cr);
  return gtk_snapshot_free_to_paintable (snapshot, NULL);
}

static void show_number (TamboApplicantWindow *self) {
  const char *number = tambo_applicant_screen_get_number (self->screen);
  g_autoptr (GdkPaintable) code = number != NULL ? draw_code (number) : NULL;

  gtk_label_set_label (self->done, word (self, TAMBO_WORD_DONE));
  gtk_label_set_label (self->number, number != NULL ? number : "");
  gtk_label_set_label (self->keep, word (self, TAMBO_WORD_KEEP_NUMBER));
  gtk_picture_set_paintable (self->code, code);
}

static void show_act (TamboApplicantWindow *self) {
  static const char *const pages[] = {
    [TAMBO_APPLICANT_WAITS] = "wait", [TAMBO_APPLICANT_CONFIRMS] = "confirm",
    [TAMBO_APPLICANT_LOOKS] = "look", [TAMBO_APPLICANT_PRESSES] = "press",
    [TAMBO_APPLICANT_SIGNS] = "sign", [TAMBO_APPLICANT_LEAVES] = "leave",
  };
  TamboApplicantAct act = tambo_applicant_screen_get_act (self->screen);

  /* What another act showed does not stay behind. */
  if (act != TAMBO_APPLICANT_LOOKS)
    tambo_picture_area_set_surface (self->mirror, NULL);
  show_question (self);
  show_number (self);
  gtk_label_set_label (self->wait, word (self, TAMBO_WORD_WAIT));
  gtk_label_set_label (self->sign, word (self, TAMBO_WORD_SIGN));
  if (act == TAMBO_APPLICANT_LOOKS)
    show_camera (self);
  if (act == TAMBO_APPLICANT_PRESSES)
    show_fingers (self);
  tambo_stack_show (self->stack, pages[act]);
}

static void show_frame (TamboApplicantWindow *self) {
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    tambo_picture_area_set_surface (self->mirror, tambo_applicant_screen_get_frame (self->screen));
}

/* ---- touches ---- */

static void on_yes_cb (TamboApplicantWindow *self) {
  tambo_applicant_screen_answer (self->screen, TRUE);
}

static void on_no_cb (TamboApplicantWindow *self) {
  tambo_applicant_screen_answer (self->screen, FALSE);
}

static void on_language_cb (TamboApplicantWindow *self, GtkButton *button) {
  tambo_applicant_window_speak (self, g_object_get_data (G_OBJECT (button), "language"));
}

static void add_languages (TamboApplicantWindow *self) {
  for (const TamboApplicantLanguage *language = tambo_applicant_languages ();
       language->code != NULL; language++) {
    GtkWidget *button = gtk_button_new_with_label (language->name);
    gtk_widget_set_focusable (button, FALSE);
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    language->name, -1);
    g_object_set_data (G_OBJECT (button), "language", (gpointer) language->code);
    g_signal_connect_object (button, "clicked", G_CALLBACK (on_language_cb), self,
                             G_CONNECT_SWAPPED);
    gtk_box_append (self->languages, button);
  }
}

/* ---- the window ---- */

static void tambo_applicant_window_dispose (GObject *object) {
  g_clear_object (&TAMBO_APPLICANT_WINDOW (object)->screen);
  /* GtkWindow lets its child go by itself, and would once more after gtk_widget_dispose_template. */
  G_OBJECT_CLASS (tambo_applicant_window_parent_class)->dispose (object);
}

static void bind_labels (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, office);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, wait);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, question);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, answer);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, hint);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, finger);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, press);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, sign);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, done);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, number);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, keep);
}

static void tambo_applicant_window_class_init (TamboApplicantWindowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_applicant_window_dispose;
  g_type_ensure (TAMBO_TYPE_HAND_AREA);
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  g_type_ensure (TAMBO_TYPE_TURN_BIN);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/applicant-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, turn_bin);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, practice);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, data);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, yes_button);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, no_button);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, mirror);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, hands);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, code);
  gtk_widget_class_bind_template_child (widget_class, TamboApplicantWindow, languages);
  bind_labels (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_yes_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_no_cb);
}

static void tambo_applicant_window_init (TamboApplicantWindow *self) {
  self->language = FIRST_LANGUAGE;
  gtk_widget_init_template (GTK_WIDGET (self));
  add_languages (self);
}

TamboApplicantWindow *tambo_applicant_window_new (GtkWindow *desk, TamboApplicantScreen *screen,
                                                  const char *office, gboolean is_practice) {
  TamboApplicantWindow *self = g_object_new (TAMBO_TYPE_APPLICANT_WINDOW, NULL);

  self->desk = desk;
  self->screen = g_object_ref (screen);
  gtk_label_set_label (self->office, office);
  gtk_widget_set_visible (self->practice, is_practice);
  g_signal_connect_object (screen, "changed", G_CALLBACK (show_act), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (screen, "frame", G_CALLBACK (show_frame), self, G_CONNECT_SWAPPED);
  show_act (self);
  return self;
}

/* NULL when there is but one. */
static GdkMonitor *find_other_monitor (GtkWindow *desk) {
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (desk));
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (desk));
  GListModel *monitors = gdk_display_get_monitors (display);
  GdkMonitor *own = surface != NULL ? gdk_display_get_monitor_at_surface (display, surface) : NULL;

  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++) {
    g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
    if (monitor != own)
      return monitor; /* the display keeps it */
  }
  return NULL;
}

gboolean tambo_applicant_window_has_monitor (GtkWindow *desk) {
  return find_other_monitor (desk) != NULL;
}

void tambo_applicant_window_open (TamboApplicantWindow *self) {
  GdkMonitor *monitor = find_other_monitor (self->desk);

  if (monitor != NULL)
    gtk_window_fullscreen_on_monitor (GTK_WINDOW (self), monitor);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_window_present (self->desk);
}

void tambo_applicant_window_turn (TamboApplicantWindow *self) {
  tambo_turn_bin_set_quarters (self->turn_bin, tambo_turn_bin_get_quarters (self->turn_bin) + 1);
}

void tambo_applicant_window_speak (TamboApplicantWindow *self, const char *language) {
  const TamboApplicantLanguage *spoken = tambo_applicant_languages ();
  guint n = 0, now = 0;

  for (; spoken[n].code != NULL; n++)
    if (g_str_equal (spoken[n].code, language != NULL ? language : self->language))
      now = n;
  self->language = spoken[language != NULL ? now : (now + 1) % n].code;
  show_act (self);
}
