// SPDX-License-Identifier: GPL-3.0-or-later
/** What is asked of a page, inside of the browser. The text of this file is sent there before each question (Opened.ask). */
/* global document, getComputedStyle, NodeFilter */
/* oxlint-disable no-unused-vars -- asked for by name */

/** Texts whose contrast with what lies behind them is below a bound (WCAG 2, relative luminance), with the contrast. */
function faintTexts(least) {
  const numbers = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [red = 0, green = 0, blue = 0] = numbers(colour)
      .slice(0, 3)
      .map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const opaque = (colour) => numbers(colour).length === 3 || (numbers(colour)[3] ?? 0) === 1;
  const behind = (element) => {
    // Of a drawing the box below its texts is a sibling.
    const rect = element.closest("svg g")?.querySelector("rect");
    if (rect) return getComputedStyle(rect).fill;
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (backgroundColor !== "transparent" && opaque(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || node.textContent?.trim() === "" || element.closest("style,title,desc,.skip")) continue;
    const style = getComputedStyle(element);
    const ink = element.closest("svg") ? style.fill : style.color;
    const [a, b] = [luminance(ink), luminance(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < least)
      found.add(`${contrast.toFixed(2)} ${ink} on ${behind(element)}: ${node.textContent?.trim().slice(0, 40)}`);
  }
  return [...found];
}

/** Links to marks that are not there, marks that stand twice, and links to anywhere else. */
function brokenLinks() {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const known = new Set(ids);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const links = [...document.querySelectorAll("a")].map((one) => one.getAttribute("href") ?? "(none)");
  const names = [...document.querySelectorAll("[aria-labelledby]")].flatMap(
    (one) =>
      one
        .getAttribute("aria-labelledby")
        ?.split(" ")
        .map((id) => `#${id}`) ?? [],
  );
  return [...twice, ...[...links, ...names].filter((href) => !href.startsWith("#") || !known.has(href.slice(1)))];
}

/** Headings that come a level too early. */
function jumpingHeadings() {
  const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")];
  return levels.flatMap((one, at) => {
    const [now, before] = [one, levels[at - 1]].map((heading) => Number(heading?.tagName.slice(1) ?? 0));
    return (now ?? 0) > (before ?? 0) + 1 ? [one.textContent ?? ""] : [];
  });
}

/** Elements that stick out of the page, but for those inside of something that can be moved. */
function stickingOut() {
  const width = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll("*")]
    .filter(
      (one) =>
        !one.closest(".picture,.matrix,.skip,thead") &&
        one.checkVisibility() &&
        one.getBoundingClientRect().right > width + 1,
    )
    .map((one) => `${one.tagName} ${one.className} ${one.textContent?.slice(0, 40)}`);
}

/** Opens all that can be opened. */
function openAll() {
  for (const one of document.querySelectorAll("details")) one.open = true;
}

/** By how many pixels the page is wider than its window. */
function overflow() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

/** Whether a line of a file's text that begins so is to be seen. */
function lineIsShown(beginning) {
  return [...document.querySelectorAll("details .sheet b")].some(
    (one) => one.textContent.startsWith(beginning) && one.checkVisibility() && one.getBoundingClientRect().height > 0,
  );
}
