"use strict";
// Everything here is a convenience: each page works without it. Nothing is sent anywhere but by the form itself.

// --- proof of work: find the number that with the salt has this hash; once the page is there, and while the browser
// has nothing else to do, so that an old telephone shows the form first.
const puzzle = document.querySelector("[data-challenge]");
const idle = () => new Promise((go) => (window.requestIdleCallback ? requestIdleCallback(go) : setTimeout(go, 50)));
async function solve(field) {
  const { salt, challenge, most, seal } = field.dataset;
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
  for (let number = 0; number <= Number(most); number += 1) {
    if (number % 100 === 0) await idle();
    const made = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(salt + number));
    if (hex(made) === challenge) {
      field.value = `${salt}:${number}:${seal}`;
      return;
    }
  }
}
if (puzzle && window.crypto && crypto.subtle) {
  window.addEventListener("load", () => solve(puzzle).catch(() => {}));
}

// --- a draft, kept in this browser alone, and only where the applicant wants it.
const form = document.querySelector("form[data-draft]");
if (form) {
  const key = "disclosure draft";
  const kept = () => [...form.elements].filter((one) => one.name && !["file", "hidden"].includes(one.type));
  const place = document.createElement("p");
  place.className = "choice";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.id = "keep-draft";
  const label = document.createElement("label");
  label.htmlFor = box.id;
  label.textContent = " " + form.dataset.draft;
  place.append(box, label);
  form.prepend(place);
  const write = () => {
    if (box.checked) localStorage.setItem(key, JSON.stringify(kept().map((one) => [one.name, one.value])));
  };
  const old = localStorage.getItem(key);
  if (old) {
    box.checked = true;
    for (const [name, value] of JSON.parse(old)) {
      const field = form.elements.namedItem(name);
      if (field && !field.value && field.tagName !== "SELECT") field.value = value;
    }
  }
  box.addEventListener("change", () => (box.checked ? write() : localStorage.removeItem(key)));
  form.addEventListener("input", write);
}
if (document.querySelector("[data-receipt]")) {
  localStorage.removeItem("disclosure draft");
  const button = document.querySelector("[data-print]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
// --- what is wrong is read out first.
document.querySelector(".faults")?.focus();
