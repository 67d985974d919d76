// SPDX-License-Identifier: Apache-2.0
// The page's texts, a file for each language. Texts of steps come with the explanation.

const all = { page: {}, steps: {} };
let language = "en";

export const languages = { en: "English", zh: "中文" };

function embedded(id) {
  const element = document.getElementById(id);
  return element === null ? undefined : JSON.parse(element.textContent);
}

/** Loads a language: from the page itself, or from where the page came from. */
export async function use(name) {
  language = name in languages ? name : "en";
  const texts = embedded("texts");
  if (texts) {
    all.page = texts;
    all.steps = embedded("steps") ?? {};
  } else if (!all.page[language]) {
    const get = async (path) => (await fetch(path)).json();
    [all.page[language], all.steps[language]] = await Promise.all(
      [get(`/explain/texts/${language}.json`), get(`/explain/steps/${language}.json`)]);
  }
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = t(element.dataset.text);
  }
}

export const current = () => language;

function filled(text, values) {
  return text.replace(/\{(\w+)\}/gu, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A text of the page, with its `{placeholders}` filled. */
export function t(key, values = {}) {
  const text = all.page[language]?.[key] ?? all.page.en?.[key] ?? key;
  return filled(text, values);
}

/** A text of a step in the page's language; the explanation's own where there is none. */
export function stepText(step, kind) {
  const text = all.steps[language]?.[`step.${step.role}.${kind}`];
  return text === undefined ? step[kind] ?? "" : filled(text, step.args ?? {});
}

/** A difference or problem in the page's language. */
export function told(kind, one) {
  const text = all.steps[language]?.[`${kind}.${one.key}`];
  return text === undefined ? one.text : filled(text, one.args ?? {});
}
