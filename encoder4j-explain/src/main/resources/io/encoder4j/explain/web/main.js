// SPDX-License-Identifier: Apache-2.0
// The page: from the explanation it carries, or live from the server it came from.
import { get, useKey } from "./ask.js";
import { buildBar } from "./bar.js";
import { readColours } from "./colour.js";
import { h, keepingFocus } from "./dom.js";
import { forgetPictures, redrawAll } from "./picture.js";
import { forget, on, set, state } from "./state.js";
import { current, languages, t, told, use } from "./text.js";
import { buildTutorial } from "./tutorial.js";
import { buildViews } from "./views.js";
import { buildWalk } from "./walk.js";

const at = (id) => document.getElementById(id);
const TUTORIAL = "encoder4j-tutorial/1";
const ALL = "walk,overview,heads,similarity,predictions";
let request = {};
let models = [];
let layers = new Map();
let asked = 0;

function trouble(text) {
  at("trouble").textContent = text;
  document.documentElement.dataset.state = text === "" ? "ready" : "problem";
}

function facts(doc) {
  const { model } = doc;
  const say = (key, values) => h("p", {}, t(key, values));
  const positions = (model.positions ?? []).map((one) => t(`positions.${one}`)).join(", ");
  at("facts").replaceChildren(
    h("p", {}, h("strong", {}, model.name), " · ", t("facts.model", { family: model.family, layers: model.layers, hidden: model.hidden, heads: model.heads, headSize: model.headSize, intermediate: model.intermediate })),
    say("facts.exact", { precision: model.precision, kernels: model.kernels, version: model.version, positions }),
    (doc.differences ?? []).length > 0 && h("details", {}, h("summary", {}, t("differences", { count: doc.differences.length })), h("ul", {}, doc.differences.map((one) => h("li", {}, told("difference", one))))));
}

function notes(doc) {
  return (doc.problems ?? []).map((one) => told("problem", one));
}

/** What an error says, in the page's language. */
const sentence = (error) => (error.key ? t(error.key, error.values) : error.message);

/** Whether pictures have fewer bits than numbers here. */
const isCoarse = (doc) => doc.walk.some((step) => step.values?.u8 !== undefined);

function contents(groups) {
  const links = [];
  at("contents").setAttribute("aria-label", t("contents"));
  at("contents").replaceChildren(...groups.filter(([, parts]) => parts.length > 0).flatMap(([title, parts]) => [h("h2", {}, title), h("ol", {}, parts.map((part) => {
    const link = h("a", { href: `#${part.id}` }, part.number ? `${part.number} ` : "", part.title);
    links.push(link);
    return h("li", {}, link);
  }))]));
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      entry.isIntersecting ? seen.add(entry.target.id) : seen.delete(entry.target.id);
    }
    const first = links.find((link) => seen.has(link.hash.slice(1)));
    links.forEach((link) => (link === first ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  }, { rootMargin: "-20% 0px -60% 0px" });
  for (const link of links) {
    const target = at(link.hash.slice(1));
    if (target) {
      observer.observe(target);
    }
  }
}

/** Shows the document that the state has; the keyboard stays where it is. */
function show() {
  keepingFocus(build);
}

function build() {
  forget();
  forgetPictures();
  const { doc } = state;
  const own = notes(doc);
  if (doc.format === TUTORIAL) {
    document.title = t("tutorial.title");
    at("title").textContent = t("tutorial.title");
    at("lead").textContent = t("tutorial.lead");
    at("facts").replaceChildren(h("p", {}, t("facts.exact", { ...doc, positions: "" })));
    contents([[t("tutorial.title"), buildTutorial(at("walk"), doc)]]);
    at("views").replaceChildren();
    return;
  }
  at("lead").textContent = t("lead", { model: doc.model?.name ?? "" });
  if (!doc.walk) {
    trouble(own.join(" ") || t("error.empty"));
    return;
  }
  trouble("");
  facts(doc);
  if (isCoarse(doc)) {
    own.push(t("coarse", { count: doc.tokens.length }));
  }
  at("facts").append(own.length > 0 ? h("div", { class: "notes" }, own.map((one) => h("p", {}, one))) : "");
  buildBar(at("bar"));
  const walk = buildWalk(at("walk"), doc.walk);
  const views = buildViews(at("views"), { mask, masking: () => ask({ parts: "masking", token: state.token }, addMasking) });
  contents([[t("contents.walk"), walk], [t("contents.views"), views]]);
  on(["layer", "head"], () => elsewhere());
  on(["token"], () => state.live && needsRows() && elsewhere());
}

/** Whether the followed token's rows are only coarse here. */
function needsRows() {
  return state.doc.walk.some((step) => step.values?.rows && !step.values.rows.includes(state.token));
}

function key(layer, head) {
  return `${layer}/${head}`;
}

function remember(doc) {
  layers.set(key(doc.request.layer, doc.request.head), doc);
}

/** Masks a token for everything that is asked from now on; the same again unmasks it. */
function mask(index) {
  request = { ...request, mask: request.mask === index ? undefined : index };
  ask({ token: index }, (doc) => keepingPlace(() => open(doc)));
}

function addMasking(doc) {
  state.doc = { ...state.doc, masking: doc.masking, head: doc.head ?? state.doc.head };
  keepingPlace(show);
}

/** Builds the page anew under the reader's eyes: the part they look at stays where it is. */
function keepingPlace(change) {
  const middle = [...document.querySelectorAll(".part")].find((part) => part.getBoundingClientRect().bottom > 140);
  const before = middle?.getBoundingClientRect().top;
  const id = middle?.id;
  change();
  const after = id && at(id);
  if (after) {
    window.scrollBy({ top: after.getBoundingClientRect().top - before, behavior: "instant" });
  }
}

/** Another layer, head or token: from what the page has, or from the server. */
async function elsewhere() {
  const known = layers.get(key(state.layer, state.head));
  if (known && (!state.live || !known.walk.some((step) => step.values?.rows && !step.values.rows.includes(state.token)))) {
    replace(known);
  } else if (state.live) {
    await ask({ layer: state.layer, head: state.head, token: state.token, parts: "walk,heads" }, (doc) => {
      remember(doc);
      replace(doc);
    });
  } else {
    trouble(t("only", { layers: [...new Set([...layers.values()].map((doc) => doc.request.layer))].join(", "), heads: [...new Set([...layers.values()].map((doc) => doc.request.head))].join(", ") }));
    set({ layer: state.doc.request.layer, head: state.doc.request.head });
  }
}

/** The steps and heads of another answer, with the overview of this one; the reader stays where they are. */
function replace(doc) {
  state.doc = { ...state.doc, walk: doc.walk, heads: doc.heads ?? state.doc.heads, request: { ...state.doc.request, layer: doc.request.layer, head: doc.request.head } };
  keepingPlace(show);
}

/** Asks for a document; `take` does something with it, or it is shown from its start. */
async function ask(changes, take = open, early = undefined) {
  const mine = ++asked;
  const wanted = { ...request, layer: state.layer, head: state.head, parts: ALL, lang: current(), ...changes };
  document.body.setAttribute("aria-busy", "true");
  document.documentElement.dataset.state = "loading";
  try {
    const doc = await (early ?? get("/explain.json", wanted));
    if (mine !== asked) {
      return;
    }
    (doc.problems?.length > 0 && !doc.walk && !doc.masking ? open : take)(doc);
  } catch (error) {
    if (mine === asked) {
      trouble(sentence(error));
      at("keyField")?.toggleAttribute("hidden", !error.needsKey && at("keyField").hidden);
    }
  } finally {
    if (mine === asked) {
      document.body.removeAttribute("aria-busy");
    }
  }
}

/** Shows a whole document from its start. */
function open(doc) {
  layers = new Map();
  state.doc = doc;
  if (doc.walk) {
    remember(doc);
    for (const other of doc.also ?? []) {
      remember(other);
    }
    const told = doc.walk.find((step) => step.role === "scores")?.extra?.cell?.key;
    Object.assign(state, { token: doc.request.token ?? 0, key: doc.request.key ?? told ?? doc.request.token ?? 0, layer: doc.request.layer ?? 0, head: doc.request.head ?? 0 });
    state.heads = new Set([state.head]);
  } else {
    for (const id of ["walk", "views", "facts", "contents", "bar"]) {
      at(id).replaceChildren();
    }
    at("bar").hidden = true;
  }
  show();
}

function submit(event) {
  event.preventDefault();
  const form = new FormData(at("ask"));
  useKey(String(form.get("key") ?? ""));
  if (models.length === 0) {
    findModels().then(buildForm, () => {});
  }
  request = { text: form.get("text"), pair: form.get("pair") || undefined, model: form.get("model") || undefined };
  const shown = new URLSearchParams(Object.entries(request).filter(([, value]) => value));
  history.replaceState(undefined, "", `?${shown}`);
  Object.assign(state, { layer: 0, head: 0 });
  ask({ token: undefined });
}

/** The form of the live page. */
function buildForm() {
  const field = (name, label, value, more = {}) => h("div", more, h("label", { for: `ask-${name}` }, t(label)), h("input", { id: `ask-${name}`, name, value: value ?? "", type: name === "key" ? "password" : "text", autocomplete: "off" }));
  const options = models.map((model) => h("option", { value: model, selected: model === request.model }, model));
  at("ask").hidden = false;
  at("ask").replaceChildren(field("text", "ask.text", request.text), field("pair", "ask.pair", request.pair),
    h("div", {}, h("label", { for: "ask-model" }, t("ask.model")), h("select", { id: "ask-model", name: "model" }, options)),
    h("button", { type: "submit", class: "main" }, t("ask.go")), field("key", "ask.key", "", { id: "keyField", hidden: true }));
  at("ask").onsubmit = submit;
}

function switches() {
  const theme = () => document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const proofs = state.doc?.format === TUTORIAL;
  at("switches").replaceChildren(
    state.live ? h("a", { href: proofs ? "/explain" : "/explain?tutorial=true" }, t(proofs ? "title" : "tutorial.title")) : "",
    ...Object.entries(languages).map(([code, name]) => h("button", { type: "button", lang: code, "aria-pressed": String(code === current()), onclick: async () => {
      await use(code);
      switches();
      again();
    } }, name)),
    h("button", { type: "button", id: "theme", onclick: () => {
      document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
      switches();
      readColours();
      state.doc && show();
    } }, t(theme() === "dark" ? "theme.light" : "theme.dark")));
  at("footer").textContent = t("footer");
}

/** The same in another language. */
function again() {
  state.live && buildForm();
  if (state.doc) {
    show();
  }
}

async function findModels() {
  models = ((await get("/info")).models ?? []).map((one) => one.name ?? one);
}

async function start() {
  const carried = at("explanation");
  const parameters = new URLSearchParams(location.search);
  const language = parameters.get("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  state.live = carried === null;
  request = { text: parameters.get("text") ?? undefined, pair: parameters.get("pair") ?? undefined, model: parameters.get("model") ?? undefined };
  const early = state.live && request.text && !parameters.has("tutorial") ? get("/explain.json", { ...request, parts: ALL, lang: language }) : undefined;
  early?.catch(() => {});
  await use(language);
  readColours();
  switches();
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      redrawAll();
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColours();
    switches();
    state.doc && show();
  });
  if (carried) {
    open(JSON.parse(carried.textContent));
    return;
  }
  if (parameters.get("tutorial") === "true") {
    request = { tutorial: true };
    open(await get("/explain.json", request));
    switches();
    return;
  }
  request.text ??= t("ask.example");
  buildForm();
  const listed = findModels().then(buildForm, (error) => trouble(sentence(error)));
  await ask({}, open, early);
  await listed;
}

start().catch((error) => trouble(sentence(error)));
