// SPDX-License-Identifier: Apache-2.0
// Elements. Texts are only ever text, never HTML: what a user typed cannot become markup.

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "style") {
      for (const [key, one] of Object.entries(value)) {
        element.style.setProperty(key, one);
      }
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export function h(name, properties, ...children) {
  return fill(document.createElement(name), properties, children);
}

export function s(name, properties, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), properties, children);
}

const waiting = [];
const MOST_MILLIS = 6;

/** Draws in turn, so much in a frame that scrolling stays smooth. */
function later(draw) {
  if (waiting.push(draw) === 1) {
    requestAnimationFrame(drawSome);
  }
}

function drawSome() {
  const end = performance.now() + MOST_MILLIS;
  do {
    waiting[0]();
    waiting.shift();
  } while (waiting.length > 0 && performance.now() < end);
  if (waiting.length > 0) {
    requestAnimationFrame(drawSome);
  }
}

/** Calls `draw` when the element first comes near the screen, and again by `redraw()` if it was drawn. */
export function whenSeen(element, draw) {
  let seen = false;
  const observer = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      observer.disconnect();
      seen = true;
      later(() => element.isConnected && draw());
    }
  }, { rootMargin: "900px" });
  observer.observe(element);
  return () => seen && element.isConnected && draw();
}

/** Where an element stands in the page, as a selector. */
function pathOf(element) {
  const path = [];
  for (let one = element; one && one !== document.body && !one.id; one = one.parentElement) {
    path.unshift(`:nth-child(${[...one.parentElement.children].indexOf(one) + 1})`);
    if (one.parentElement.id) {
      path.unshift(`#${CSS.escape(one.parentElement.id)}`);
    }
  }
  return path.join(" > ");
}

/** Builds something anew and gives the keyboard's focus to what stands where the focus was. */
export function keepingFocus(build) {
  const before = document.activeElement;
  const path = before && before !== document.body && !before.id ? pathOf(before) : before?.id && `#${CSS.escape(before.id)}`;
  build();
  if (path && !before.isConnected) {
    document.querySelector(path)?.focus({ preventScroll: true });
  }
}

/** What a screen reader says now. */
let pending;
export function announce(text) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    document.getElementById("live").textContent = text;
  }, 250);
}
