/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is wrong with the page for who does not see it well, has no mouse or reads with a program: a list of
 * sentences, and the least contrast of its texts (WCAG 2.1, 1.4.3). */
const problems = [];
const say = (what, element) => problems.push(what + ": " + (element ? element.outerHTML.slice(0, 160) : ""));
const isShown = (element) => element.checkVisibility();

if (!document.documentElement.lang) say("no language");
if (!document.title.trim()) say("no title");
if (document.querySelectorAll("h1").length !== 1) say("not one h1");
if (document.querySelectorAll("main").length !== 1) say("not one main");
const skip = document.querySelector("a.skip");
if (!skip || !document.querySelector(skip.getAttribute("href"))) say("no skip link");

for (const element of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
  if (!element.labels.length || !element.labels[0].textContent.trim()) say("no label", element);
for (const element of document.querySelectorAll("[aria-describedby]"))
  for (const id of element.getAttribute("aria-describedby").split(" "))
    if (!document.getElementById(id)) say("described by nothing", element);
for (const element of document.querySelectorAll("a[href], button"))
  if (!element.textContent.trim()) say("no text", element);
for (const element of document.querySelectorAll("svg"))
  if (!element.getAttribute("aria-label")) say("a picture without a name", element);
for (const element of document.querySelectorAll("table"))
  if (!element.caption || element.querySelector("th:not([scope])")) say("a table without caption or scopes", element);

const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) say("an id twice, " + id);
let level = 0;
for (const element of document.querySelectorAll("h1, h2, h3, h4")) {
  const next = Number(element.tagName[1]);
  if (next > level + 1) say("a heading skips a level", element);
  level = next;
}
if (document.querySelector("[tabindex]:not([tabindex='0']):not([tabindex='-1'])")) say("an order of its own");
if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
  say("wider than the window: " + document.documentElement.scrollWidth);

/* ---- contrast ---- */

const parse = (text) => {
  const numbers = text.match(/[\d.]+/g).map(Number);
  return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
};
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const color = parse(getComputedStyle(e).backgroundColor);
    if (color.alpha === 1) return color.rgb;
  }
  return [255, 255, 255];
};
const ratio = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
let least = 21;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !isShown(element) || element.closest("svg")) continue;
  const contrast = ratio(parse(getComputedStyle(element).color).rgb, behind(element));
  if (contrast < 4.5) say("contrast " + contrast.toFixed(2), element);
  least = Math.min(least, contrast);
}
return { problems, least, title: document.title, h1: document.querySelector("h1")?.textContent };
