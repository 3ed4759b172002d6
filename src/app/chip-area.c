/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chip-area.h"

#include <glib/gi18n.h>
#include <math.h>

#define CELL_WIDTH 58.0
#define CELL_HEIGHT 64.0
#define LINE_HEIGHT 112.0
#define NAME_HEIGHT 17.0
#define GAP 12.0
#define CORNER 6.0

struct _TamboChipArea {
  GtkWidget parent;
  TamboIssueStep step;
  double fraction;
  gboolean has_step;
  gboolean is_broken;
  gboolean is_done;
};

G_DEFINE_FINAL_TYPE (TamboChipArea, tambo_chip_area, GTK_TYPE_WIDGET)

/* The order in which files are written. */
static const TamboLdsFile written[] = {
  TAMBO_LDS_DG1,  TAMBO_LDS_DG2,  TAMBO_LDS_DG3,  TAMBO_LDS_DG4,  TAMBO_LDS_DG5,  TAMBO_LDS_DG6,
  TAMBO_LDS_DG7,  TAMBO_LDS_DG8,  TAMBO_LDS_DG9,  TAMBO_LDS_DG10, TAMBO_LDS_DG11, TAMBO_LDS_DG12,
  TAMBO_LDS_DG13, TAMBO_LDS_DG14, TAMBO_LDS_DG15, TAMBO_LDS_DG16, TAMBO_LDS_COM,  TAMBO_LDS_SOD,
};

/* After the files. */
static const struct {
  TamboPersonalisationStep step;
  const char *name;
} acts[] = {
  { TAMBO_STEP_KEYS, N_ ("Keys") },
  { TAMBO_STEP_READ_BACK, N_ ("Check") },
  { TAMBO_STEP_LOCK, N_ ("Lock") },
};

static int place_of (TamboLdsFile file) {
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    if (written[i] == file)
      return (int) i;
  return -1;
}

/* How far one file is: 0 not there, up to 1 written. */
static double fill_of_file (const TamboChipArea *self, TamboLdsFile file) {
  if (self->is_done || self->step.step == TAMBO_STEP_KEYS || self->step.step == TAMBO_STEP_READ_BACK
      || self->step.step == TAMBO_STEP_LOCK || self->step.step == TAMBO_STEP_DONE)
    return 1;
  if (self->step.step != TAMBO_STEP_WRITE)
    return 0;
  int own = place_of (file), current = place_of (self->step.file);
  return own < current ? 1 : own == current ? self->fraction : 0;
}

static double fill_of_act (const TamboChipArea *self, TamboPersonalisationStep act) {
  if (self->is_done || (self->step.step > act && self->step.step != TAMBO_STEP_GENERATE))
    return 1;
  return self->step.step == act ? self->fraction : 0;
}

static gboolean is_current_file (const TamboChipArea *self, TamboLdsFile file) {
  return !self->is_done && self->step.file == file
         && (self->step.step == TAMBO_STEP_WRITE || self->step.step == TAMBO_STEP_CREATE);
}

/* ---- drawing ---- */

static void path_cell (cairo_t *cr, double x, double y) {
  cairo_new_path (cr);
  cairo_arc (cr, x + CELL_WIDTH - CORNER, y + CORNER, CORNER, -G_PI_2, 0);
  cairo_arc (cr, x + CELL_WIDTH - CORNER, y + CELL_HEIGHT - CORNER, CORNER, 0, G_PI_2);
  cairo_arc (cr, x + CORNER, y + CELL_HEIGHT - CORNER, CORNER, G_PI_2, G_PI);
  cairo_arc (cr, x + CORNER, y + CORNER, CORNER, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void draw_tick (cairo_t *cr, double x, double y) {
  cairo_move_to (cr, x + CELL_WIDTH * 0.32, y + CELL_HEIGHT * 0.52);
  cairo_line_to (cr, x + CELL_WIDTH * 0.45, y + CELL_HEIGHT * 0.64);
  cairo_line_to (cr, x + CELL_WIDTH * 0.68, y + CELL_HEIGHT * 0.38);
  cairo_set_line_width (cr, 4);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_stroke (cr);
}

static void draw_cell (const TamboChipArea *self, cairo_t *cr, const GdkRGBA *ink, double x,
                       double y, double fill, gboolean is_current) {
  gboolean is_full = fill >= 1;

  path_cell (cr, x, y);
  cairo_save (cr);
  cairo_clip (cr);
  cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, 0.07);
  cairo_paint (cr);
  if (is_full)
    cairo_set_source_rgb (cr, 0.106, 0.522, 0.325);
  else if (self->is_broken && is_current)
    cairo_set_source_rgb (cr, 0.776, 0.275, 0.0);
  else
    cairo_set_source_rgb (cr, 0.110, 0.443, 0.847);
  cairo_rectangle (cr, x, y + CELL_HEIGHT * (1 - fill), CELL_WIDTH, CELL_HEIGHT * fill);
  cairo_fill (cr);
  cairo_restore (cr);

  path_cell (cr, x, y);
  if (self->is_broken && is_current)
    cairo_set_source_rgb (cr, 0.776, 0.275, 0.0);
  else
    cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, is_current ? 0.9 : 0.45);
  cairo_set_line_width (cr, is_current ? 2.5 : 1.2);
  cairo_stroke (cr);
  if (is_full)
    draw_tick (cr, x, y);
}

/* Short: what a clerk compares is which file is long. */
static char *say_size (guint32 bytes) {
  return bytes < 1000 ? g_strdup_printf ("%u B", bytes)
                      : g_strdup_printf ("%.1f kB", (double) bytes / 1000);
}

static void write_name (TamboChipArea *self, GtkSnapshot *snapshot, const GdkRGBA *ink,
                        const char *name, double x, double y, gboolean is_current) {
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), name);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.86));
  if (is_current)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_width (layout, (int) ((CELL_WIDTH + GAP) * PANGO_SCALE));
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float) (x - GAP / 2), (float) (y + CELL_HEIGHT + 4)));
  gtk_snapshot_append_layout (snapshot, layout, ink);
  gtk_snapshot_restore (snapshot);
}

static guint count_cells (const TamboChipArea *self) {
  guint n = G_N_ELEMENTS (acts);

  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    n += (self->step.files >> written[i]) & 1;
  return n;
}

static guint cells_in_line (double width) {
  return MAX (1, (guint) floor ((width + GAP) / (CELL_WIDTH + GAP)));
}

typedef struct {
  TamboChipArea *self;
  GtkSnapshot *snapshot;
  cairo_t *cr;
  GdkRGBA ink;
  guint n_in_line, place;
} Drawing;

/* SIZE is NULL for what is no file. */
static void add_cell (Drawing *drawing, const char *name, const char *size, double fill,
                      gboolean is_current) {
  double x = 2 + drawing->place % drawing->n_in_line * (CELL_WIDTH + GAP);
  double y = 2 + drawing->place / drawing->n_in_line * LINE_HEIGHT;

  drawing->place++;
  draw_cell (drawing->self, drawing->cr, &drawing->ink, x, y, fill, is_current);
  write_name (drawing->self, drawing->snapshot, &drawing->ink, name, x, y, is_current);
  if (size != NULL)
    write_name (drawing->self, drawing->snapshot, &drawing->ink, size, x, y + NAME_HEIGHT, FALSE);
}

static void add_file (Drawing *drawing, TamboLdsFile file) {
  const TamboChipArea *self = drawing->self;

  if (((self->step.files >> file) & 1) == 0)
    return;
  g_autofree char *size = say_size (self->step.sizes[file]);
  add_cell (drawing, tambo_lds_file_name (file), size, fill_of_file (self, file),
            is_current_file (self, file));
}

static void tambo_chip_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  TamboChipArea *self = TAMBO_CHIP_AREA (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  if (!self->has_step)
    return;
  Drawing drawing = { .self = self, .snapshot = snapshot, .n_in_line = cells_in_line (width) };

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &drawing.ink);
  drawing.cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    add_file (&drawing, written[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    add_cell (&drawing, _ (acts[i].name), NULL, fill_of_act (self, acts[i].step),
              !self->is_done && self->step.step == acts[i].step);
  cairo_destroy (drawing.cr);
}

static void tambo_chip_area_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                                     int *minimum, int *natural, int *minimum_baseline,
                                     int *natural_baseline) {
  TamboChipArea *self = TAMBO_CHIP_AREA (widget);

  *minimum = *natural = (int) (4 * (CELL_WIDTH + GAP));
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    guint n_in_line = cells_in_line (for_size > 0 ? for_size : 600);
    guint n_lines = (count_cells (self) + n_in_line - 1) / n_in_line;
    *minimum = *natural = self->has_step ? (int) (n_lines * LINE_HEIGHT) : 0;
  }
}

static GtkSizeRequestMode tambo_chip_area_get_request_mode (GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* ---- the object ---- */

static void tambo_chip_area_class_init (TamboChipAreaClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = tambo_chip_area_snapshot;
  widget_class->measure = tambo_chip_area_measure;
  widget_class->get_request_mode = tambo_chip_area_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "chip-area");
}

static void set_label (TamboChipArea *self, const char *label) {
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void tambo_chip_area_init (TamboChipArea *self) {
  set_label (self, _ ("The chip"));
}

char *tambo_chip_area_describe (const TamboIssueStep *step) {
  const char *file = step->file < TAMBO_LDS_N_FILES ? tambo_lds_file_name (step->file) : NULL;

  switch (step->step) {
  case TAMBO_STEP_CREATE:
    return g_strdup_printf (_ ("Room is made for %s"), file);
  case TAMBO_STEP_WRITE:
    return g_strdup_printf (_ ("%s is written"), file);
  case TAMBO_STEP_KEYS:
    return g_strdup (_ ("The keys are written"));
  case TAMBO_STEP_READ_BACK:
    return g_strdup (_ ("Everything is read back and verified"));
  case TAMBO_STEP_LOCK:
    return g_strdup (_ ("The chip is locked"));
  case TAMBO_STEP_DONE:
    return g_strdup (_ ("The chip is finished"));
  case TAMBO_STEP_SELECT:
  case TAMBO_STEP_GENERATE:
  default:
    return g_strdup (_ ("The chip is opened"));
  }
}

char *tambo_chip_area_describe_command (const TamboIssueStep *step, double fraction) {
  if (step->command == NULL)
    return g_strdup ("");
  if (step->step != TAMBO_STEP_WRITE || step->size == 0)
    return g_strdup (step->command);
  return g_strdup_printf (_ ("%s · %u of %u bytes"), step->command,
                          (guint) (fraction * (double) step->size), (guint) step->size);
}

void tambo_chip_area_clear (TamboChipArea *self) {
  self->has_step = self->is_broken = self->is_done = FALSE;
  set_label (self, _ ("The chip"));
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void tambo_chip_area_show (TamboChipArea *self, const TamboIssueStep *step, double fraction) {
  gboolean is_new = !self->has_step || self->step.files != step->files;

  if (is_new || self->step.number != step->number) {
    g_autofree char *label = tambo_chip_area_describe (step);
    set_label (self, label);
  }
  self->step = *step;
  self->fraction = CLAMP (fraction, 0, 1);
  self->has_step = TRUE;
  self->is_broken = self->is_done = FALSE;
  if (is_new)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

void tambo_chip_area_set_broken (TamboChipArea *self, gboolean is_broken) {
  self->is_broken = is_broken;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void tambo_chip_area_finish (TamboChipArea *self) {
  self->is_done = self->has_step;
  self->is_broken = FALSE;
  set_label (self, _ ("The chip is finished"));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
