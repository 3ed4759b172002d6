/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group-private.h"

#include <string.h>

#define TAG_LIST 0x5C
#define TAG_COUNT 0x02
#define TAG_NAMES 0xA0
#define TAG_OTHER_NAME 0x5F0F
#define TAG_CITIZENSHIP 0x5F16
#define TAG_OTHER_PERSON 0x5F1A
#define TAG_FRONT 0x5F1D
#define TAG_REAR 0x5F1E
#define TAG_PERSON 0xA0 /* plus the person's number */
#define TAG_RECORDED 0x5F50
#define TAG_NOTIFIED_NAME 0x5F51
#define TAG_NOTIFIED_TELEPHONE 0x5F52
#define TAG_NOTIFIED_ADDRESS 0x5F53
#define MAX_NAMES 99
#define MAX_PERSONS 15

static const guint16 person_tags[TAMBO_PERSON_N_TEXTS] = {
  [TAMBO_PERSON_NAME] = 0x5F0E,       [TAMBO_PERSON_NUMBER] = 0x5F10,
  [TAMBO_PERSON_BIRTH_DATE] = 0x5F2B, [TAMBO_PERSON_BIRTH_PLACE] = 0x5F11,
  [TAMBO_PERSON_ADDRESS] = 0x5F42,    [TAMBO_PERSON_TELEPHONE] = 0x5F12,
  [TAMBO_PERSON_PROFESSION] = 0x5F13, [TAMBO_PERSON_TITLE] = 0x5F14,
  [TAMBO_PERSON_SUMMARY] = 0x5F15,    [TAMBO_PERSON_TRAVEL_DOCUMENTS] = 0x5F17,
  [TAMBO_PERSON_CUSTODY] = 0x5F18,
};

static const guint16 document_tags[TAMBO_DOCUMENT_N_TEXTS] = {
  [TAMBO_DOCUMENT_AUTHORITY] = 0x5F19,    [TAMBO_DOCUMENT_ISSUE_DATE] = 0x5F26,
  [TAMBO_DOCUMENT_ENDORSEMENTS] = 0x5F1B, [TAMBO_DOCUMENT_TAX_EXIT] = 0x5F1C,
  [TAMBO_DOCUMENT_PERSONALISED] = 0x5F55, [TAMBO_DOCUMENT_SYSTEM] = 0x5F56,
};

/* A data group in the making: the list of its tags, and what follows it. */
typedef struct {
  GByteArray *tags, *body;
} Draft;

static Draft draft_begin (void) {
  return (Draft){ g_byte_array_new (), g_byte_array_new () };
}

static GBytes *draft_end (Draft *draft, TamboLdsFile file) {
  GByteArray *array = g_byte_array_new ();

  tambo_tlv_put (array, TAG_LIST, draft->tags->data, draft->tags->len);
  tambo_put_bytes (array, draft->body->data, draft->body->len);
  g_byte_array_unref (draft->tags);
  g_byte_array_unref (draft->body);
  return tambo_data_group_wrap (array, file);
}

static void put_text (Draft *draft, guint16 tag, const char *text) {
  if (!text)
    return;
  tambo_put_u16 (draft->tags, tag);
  tambo_tlv_put (draft->body, tag, text, strlen (text));
}

static void put_image (Draft *draft, guint16 tag, GBytes *image) {
  if (!image)
    return;
  tambo_put_u16 (draft->tags, tag);
  tambo_tlv_put_bytes (draft->body, tag, image);
}

static void put_names (Draft *draft, guint16 tag, GPtrArray *names) {
  g_autoptr (GByteArray) group = g_byte_array_new ();
  guint8 count = (guint8) names->len;

  g_return_if_fail (names->len <= MAX_NAMES);
  if (names->len == 0)
    return;
  tambo_tlv_put (group, TAG_COUNT, &count, 1);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    tambo_tlv_put (group, tag, name, strlen (name));
  }
  tambo_put_u16 (draft->tags, tag);
  tambo_tlv_put (draft->body, TAG_NAMES, group->data, group->len);
}

/* A text, or a date in packed digits as older documents have it. NULL for what is neither. */
static char *take_text (const TamboTlv *tlv, gboolean is_date) {
  if (is_date && (tlv->length == 4 || tlv->length == 7)) {
    g_autofree char *digits = tambo_hex_encode (tlv->value, tlv->length);
    gboolean packed = strspn (digits, "0123456789") == 2 * tlv->length;
    return packed ? g_steal_pointer (&digits) : NULL;
  }
  if (memchr (tlv->value, 0, tlv->length)
      || !g_utf8_validate_len ((const char *) tlv->value, tlv->length, NULL))
    return NULL;
  return g_strndup ((const char *) tlv->value, tlv->length);
}

/* Names stand in a template with their number, or by themselves. */
static gboolean take_names (const TamboTlv *group, guint16 tag, GPtrArray *names) {
  TamboReader reader = tambo_reader (group->value, group->length);
  TamboTlv tlv;

  if (!tambo_tlv_next (&reader, &tlv) || tlv.tag != TAG_COUNT || tlv.length != 1
      || tlv.value[0] > MAX_NAMES)
    return FALSE;
  for (guint left = tlv.value[0]; left > 0; left--) {
    char *name = tambo_tlv_next (&reader, &tlv) && tlv.tag == tag ? take_text (&tlv, FALSE) : NULL;
    if (!name)
      return FALSE;
    g_ptr_array_add (names, name);
  }
  return tambo_reader_left (&reader) == 0;
}

/* What the objects of DG11 and DG12 go into. */
typedef struct {
  const guint16 *tags;
  gsize n_tags;
  char **texts;
  guint16 name_tag;
  GPtrArray *names;
  guint16 image_tags[2];
  GBytes **images[2];
} Target;

static gboolean is_date_tag (guint32 tag) {
  return tag == person_tags[TAMBO_PERSON_BIRTH_DATE]
         || tag == document_tags[TAMBO_DOCUMENT_ISSUE_DATE]
         || tag == document_tags[TAMBO_DOCUMENT_PERSONALISED];
}

/* Objects that nobody knows are passed over; one that comes twice is an error. */
static gboolean take_object (const Target *target, const TamboTlv *tlv) {
  if (tlv->tag == TAG_NAMES)
    return target->names->len == 0 && take_names (tlv, target->name_tag, target->names);
  if (tlv->tag == target->name_tag) {
    char *name = target->names->len < MAX_NAMES ? take_text (tlv, FALSE) : NULL;
    if (name)
      g_ptr_array_add (target->names, name);
    return name != NULL;
  }
  for (guint i = 0; i < G_N_ELEMENTS (target->images); i++)
    if (target->images[i] && tlv->tag == target->image_tags[i]) {
      if (*target->images[i])
        return FALSE;
      *target->images[i] = g_bytes_new (tlv->value, tlv->length);
      return TRUE;
    }
  for (gsize i = 0; i < target->n_tags; i++)
    if (tlv->tag == target->tags[i]) {
      if (target->texts[i])
        return FALSE;
      target->texts[i] = take_text (tlv, is_date_tag (tlv->tag));
      return target->texts[i] != NULL;
    }
  return TRUE;
}

/* The list comes first; whoever lists what is not there has cut something out. */
static gboolean take_all (const Target *target, GBytes *bytes, TamboLdsFile file, GError **error) {
  TamboTlv whole, list, tlv;

  if (!tambo_data_group_unwrap (bytes, file, &whole, error))
    return FALSE;
  TamboReader reader = tambo_reader (whole.value, whole.length);
  if (!tambo_tlv_next (&reader, &list) || list.tag != TAG_LIST || list.length % 2) {
    tambo_data_group_malformed (error, file, "does not begin with the list of its tags");
    return FALSE;
  }
  gsize objects = 0;
  while (tambo_reader_left (&reader) > 0) {
    if (!tambo_tlv_next (&reader, &tlv) || !take_object (target, &tlv)) {
      tambo_data_group_malformed (error, file, "holds an object that is not of its form");
      return FALSE;
    }
    objects++;
  }
  if (objects < list.length / 2) {
    tambo_data_group_malformed (error, file, "lacks an object that its list names");
    return FALSE;
  }
  return TRUE;
}

/* ---- DG11 ---- */

TamboPersonDetails *tambo_person_details_new (void) {
  TamboPersonDetails *details = g_new0 (TamboPersonDetails, 1);

  details->other_names = g_ptr_array_new_with_free_func (g_free);
  return details;
}

void tambo_person_details_free (TamboPersonDetails *details) {
  if (!details)
    return;
  for (guint i = 0; i < TAMBO_PERSON_N_TEXTS; i++)
    g_free (details->texts[i]);
  g_ptr_array_unref (details->other_names);
  g_clear_pointer (&details->citizenship, g_bytes_unref);
  g_free (details);
}

GBytes *tambo_dg11_encode (const TamboPersonDetails *details) {
  Draft draft = draft_begin ();

  for (guint i = 0; i < TAMBO_PERSON_N_TEXTS; i++) {
    if (i == TAMBO_PERSON_NUMBER)
      put_names (&draft, TAG_OTHER_NAME, details->other_names);
    if (i == TAMBO_PERSON_TRAVEL_DOCUMENTS)
      put_image (&draft, TAG_CITIZENSHIP, details->citizenship);
    put_text (&draft, person_tags[i], details->texts[i]);
  }
  return draft_end (&draft, TAMBO_LDS_DG11);
}

TamboPersonDetails *tambo_dg11_parse (GBytes *dg11, GError **error) {
  g_autoptr (TamboPersonDetails) details = tambo_person_details_new ();
  Target target = { .tags = person_tags,
                    .n_tags = TAMBO_PERSON_N_TEXTS,
                    .texts = details->texts,
                    .name_tag = TAG_OTHER_NAME,
                    .names = details->other_names,
                    .image_tags = { TAG_CITIZENSHIP },
                    .images = { &details->citizenship } };

  return take_all (&target, dg11, TAMBO_LDS_DG11, error) ? g_steal_pointer (&details) : NULL;
}

/* ---- DG12 ---- */

TamboDocumentDetails *tambo_document_details_new (void) {
  TamboDocumentDetails *details = g_new0 (TamboDocumentDetails, 1);

  details->other_persons = g_ptr_array_new_with_free_func (g_free);
  return details;
}

void tambo_document_details_free (TamboDocumentDetails *details) {
  if (!details)
    return;
  for (guint i = 0; i < TAMBO_DOCUMENT_N_TEXTS; i++)
    g_free (details->texts[i]);
  g_ptr_array_unref (details->other_persons);
  g_clear_pointer (&details->front, g_bytes_unref);
  g_clear_pointer (&details->rear, g_bytes_unref);
  g_free (details);
}

GBytes *tambo_dg12_encode (const TamboDocumentDetails *details) {
  Draft draft = draft_begin ();

  for (guint i = 0; i < TAMBO_DOCUMENT_N_TEXTS; i++) {
    if (i == TAMBO_DOCUMENT_ENDORSEMENTS)
      put_names (&draft, TAG_OTHER_PERSON, details->other_persons);
    if (i == TAMBO_DOCUMENT_PERSONALISED) {
      put_image (&draft, TAG_FRONT, details->front);
      put_image (&draft, TAG_REAR, details->rear);
    }
    put_text (&draft, document_tags[i], details->texts[i]);
  }
  return draft_end (&draft, TAMBO_LDS_DG12);
}

TamboDocumentDetails *tambo_dg12_parse (GBytes *dg12, GError **error) {
  g_autoptr (TamboDocumentDetails) details = tambo_document_details_new ();
  Target target = { .tags = document_tags,
                    .n_tags = TAMBO_DOCUMENT_N_TEXTS,
                    .texts = details->texts,
                    .name_tag = TAG_OTHER_PERSON,
                    .names = details->other_persons,
                    .image_tags = { TAG_FRONT, TAG_REAR },
                    .images = { &details->front, &details->rear } };

  return take_all (&target, dg12, TAMBO_LDS_DG12, error) ? g_steal_pointer (&details) : NULL;
}

/* ---- DG16 ---- */

void tambo_notified_person_free (TamboNotifiedPerson *person) {
  if (!person)
    return;
  g_free (person->recorded);
  g_free (person->name);
  g_free (person->telephone);
  g_free (person->address);
  g_free (person);
}

static void put_part (GByteArray *array, guint16 tag, const char *text) {
  if (text)
    tambo_tlv_put (array, tag, text, strlen (text));
}

GBytes *tambo_dg16_encode (GPtrArray *persons) {
  GByteArray *array = g_byte_array_new ();
  guint8 count = (guint8) persons->len;

  tambo_tlv_put (array, TAG_COUNT, &count, 1);
  for (guint i = 0; i < persons->len && i < MAX_PERSONS; i++) {
    const TamboNotifiedPerson *person = g_ptr_array_index (persons, i);
    g_autoptr (GByteArray) template = g_byte_array_new ();
    put_part (template, TAG_RECORDED, person->recorded);
    put_part (template, TAG_NOTIFIED_NAME, person->name);
    put_part (template, TAG_NOTIFIED_TELEPHONE, person->telephone);
    put_part (template, TAG_NOTIFIED_ADDRESS, person->address);
    tambo_tlv_put (array, TAG_PERSON + i + 1, template->data, template->len);
  }
  return tambo_data_group_wrap (array, TAMBO_LDS_DG16);
}

static gboolean take_part (const TamboTlv *template, guint16 tag, gboolean is_date, char **out) {
  TamboTlv part;

  if (!tambo_tlv_find (template->value, template->length, tag, &part))
    return TRUE;
  *out = take_text (&part, is_date);
  return *out != NULL;
}

static TamboNotifiedPerson *take_person (const TamboTlv *template) {
  g_autoptr (TamboNotifiedPerson) person = g_new0 (TamboNotifiedPerson, 1);

  if (!take_part (template, TAG_RECORDED, TRUE, &person->recorded)
      || !take_part (template, TAG_NOTIFIED_NAME, FALSE, &person->name)
      || !take_part (template, TAG_NOTIFIED_TELEPHONE, FALSE, &person->telephone)
      || !take_part (template, TAG_NOTIFIED_ADDRESS, FALSE, &person->address) || !person->name)
    return NULL;
  return g_steal_pointer (&person);
}

GPtrArray *tambo_dg16_parse (GBytes *dg16, GError **error) {
  g_autoptr (GPtrArray) persons =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_notified_person_free);
  TamboTlv whole, count, template;

  if (!tambo_data_group_unwrap (dg16, TAMBO_LDS_DG16, &whole, error))
    return NULL;
  TamboReader reader = tambo_reader (whole.value, whole.length);
  if (!tambo_tlv_next (&reader, &count) || count.tag != TAG_COUNT || count.length != 1
      || count.value[0] > MAX_PERSONS)
    return tambo_data_group_malformed (error, TAMBO_LDS_DG16, "does not say how many persons");
  for (guint i = 1; i <= count.value[0]; i++) {
    TamboNotifiedPerson *person =
        tambo_tlv_next (&reader, &template) && template.tag == TAG_PERSON + i
            ? take_person (&template)
            : NULL;
    if (!person)
      return tambo_data_group_malformed (error, TAMBO_LDS_DG16, "has fewer persons than it says");
    g_ptr_array_add (persons, person);
  }
  if (tambo_reader_left (&reader) > 0)
    return tambo_data_group_malformed (error, TAMBO_LDS_DG16, "has more than its persons");
  return g_steal_pointer (&persons);
}
