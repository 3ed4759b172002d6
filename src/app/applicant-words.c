/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/applicant-words.h"

enum {
  ENGLISH,
  SPANISH,
  QUECHUA,
  AYMARA,
  N_LANGUAGES,
};

static const TamboApplicantLanguage languages[] = {
  [ENGLISH] = { "en", "English" },
  [SPANISH] = { "es", "Español" },
  [QUECHUA] = { "qu", "Runasimi" },
  [AYMARA] = { "ay", "Aymar aru" },
};

typedef const char *Words[N_LANGUAGES];

static const Words words[TAMBO_N_WORDS] = {
  [TAMBO_WORD_WAIT] = { "Please wait", "Espere, por favor" },
  [TAMBO_WORD_CONFIRM] = { "Are these your details?", "¿Son correctos sus datos?" },
  [TAMBO_WORD_YES] = { "Yes, correct", "Sí, son correctos" },
  [TAMBO_WORD_NO] = { "No, this is wrong", "No, hay un error" },
  [TAMBO_WORD_THANKS] = { "Thank you", "Gracias" },
  [TAMBO_WORD_CLERK_HELPS] = { "Tell the clerk what is wrong", "Diga qué dato está mal" },
  [TAMBO_WORD_LOOK] = { "Look at the camera", "Mire a la cámara" },
  [TAMBO_WORD_STILL] = { "Very good. Keep still", "Muy bien. No se mueva" },
  [TAMBO_WORD_PICTURE_TAKEN] = { "The picture is taken", "La foto está lista" },
  [TAMBO_WORD_FINGER] = { "Put this finger on the glass", "Ponga este dedo sobre el vidrio" },
  [TAMBO_WORD_PRESS] = { "Press it flat", "Presione con el dedo plano" },
  [TAMBO_WORD_KEEP_PRESSING] = { "Keep it still", "No lo mueva" },
  [TAMBO_WORD_SIGN] = { "Sign on the pad", "Firme en la tableta" },
  [TAMBO_WORD_DONE] = { "Done", "Listo" },
  [TAMBO_WORD_KEEP_NUMBER] = { "Keep this number", "Guarde este número" },
  [TAMBO_WORD_PRACTICE] = { "PRACTICE", "PRÁCTICA" },
};

static const Words fingers[] = {
  { "Finger", "Dedo" },
  { "Right thumb", "Pulgar derecho" },
  { "Right index finger", "Índice derecho" },
  { "Right middle finger", "Medio derecho" },
  { "Right ring finger", "Anular derecho" },
  { "Right little finger", "Meñique derecho" },
  { "Left thumb", "Pulgar izquierdo" },
  { "Left index finger", "Índice izquierdo" },
  { "Left middle finger", "Medio izquierdo" },
  { "Left ring finger", "Anular izquierdo" },
  { "Left little finger", "Meñique izquierdo" },
};

static const struct {
  const char *key;
  Words words;
} fields[] = {
  { "surname", { "Surnames", "Apellidos" } },
  { "given_names", { "Given names", "Nombres" } },
  { "birth_date", { "Born", "Fecha de nacimiento" } },
  { "nationality", { "Nationality", "Nacionalidad" } },
  { "document_number", { "Document", "Documento" } },
  { "place_of_birth", { "Place of birth", "Lugar de nacimiento" } },
  { "address", { "Address", "Dirección" } },
  { "phone", { "Telephone", "Teléfono" } },
  { "email", { "E-mail", "Correo electrónico" } },
};

static const Words hints[] = {
  { "Come nearer", "Acérquese" },
  { "Go back a little", "Aléjese un poco" },
  { "Move to the right of the picture", "Muévase hacia la derecha" },
  { "Move to the left of the picture", "Muévase hacia la izquierda" },
  { "The head is too high in the picture", "Baje un poco la cabeza" },
  { "The head is too low in the picture", "Suba un poco la cabeza" },
  { "Hold the head upright", "Ponga derecha la cabeza" },
  { "Look straight into the camera", "Mire de frente a la cámara" },
  { "The face is too dark", "Falta luz en el rostro" },
  { "The face is too bright", "Hay demasiada luz en el rostro" },
  { "Take off the sunglasses", "Quítese los lentes oscuros" },
  { "Hold still", "No se mueva" },
  { "Open both eyes", "Abra bien los ojos" },
  { "Close the mouth", "Cierre la boca" },
  { "Look at the camera", "Mire a la cámara" },
  { "Only one person may be in the picture", "Solo una persona puede estar en la foto" },
};

static const char *choose (const Words *word, const char *language) {
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_strcmp0 (languages[i].code, language) == 0 && (*word)[i] != NULL)
      return (*word)[i];
  return (*word)[SPANISH] != NULL ? (*word)[SPANISH] : (*word)[ENGLISH];
}

/* Those in which the question for the data can be asked. */
const TamboApplicantLanguage *tambo_applicant_languages (void) {
  static TamboApplicantLanguage spoken[N_LANGUAGES + 1];
  gsize n = 0;

  if (spoken[0].code != NULL)
    return spoken;
  for (gsize i = 0; i < N_LANGUAGES; i++)
    if (words[TAMBO_WORD_CONFIRM][i] != NULL)
      spoken[n++] = languages[i];
  return spoken;
}

const char *tambo_applicant_word (TamboWord word, const char *language) {
  g_return_val_if_fail (word < TAMBO_N_WORDS, "");
  return choose (&words[word], language);
}

const char *tambo_applicant_finger (TamboFinger finger, const char *language) {
  return choose (&fingers[(gsize) finger < G_N_ELEMENTS (fingers) ? finger : 0], language);
}

const char *tambo_applicant_field (const char *key, const char *language) {
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].key, key))
      return choose (&fields[i].words, language);
  return key;
}

const char *tambo_applicant_hint (const char *hint, const char *language) {
  for (gsize i = 0; i < G_N_ELEMENTS (hints); i++)
    if (g_str_equal (hints[i][ENGLISH], hint))
      return choose (&hints[i], language);
  return choose (&words[TAMBO_WORD_LOOK], language);
}
