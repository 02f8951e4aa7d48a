"use strict";
// Shows the days up to the last day for the reply. It counts nothing by itself: the page holds for each day of receipt the
// last day that the program worked out, and for each day what it is. Nothing is sent anywhere.
const ask = document.getElementById("ask");
const shown = document.getElementById("shown");
const DAY = 86400000;
const at = (text) => Math.round(Date.parse(text + "T00:00:00Z") / DAY);
const named = (number) => new Date(number * DAY).toISOString().slice(0, 10);

function cell(row, kind, text) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (kind === "th") made.scope = "col";
  row.append(made);
}

function show() {
  const { first, starts, kinds, due, longest, words } = ask.dataset;
  const say = JSON.parse(words);
  const begin = at(first);
  const start = at(document.getElementById("day").value);
  const place = start - begin;
  shown.textContent = "";
  const told = document.createElement("p");
  told.className = "said";
  shown.append(told);
  const lasts = (document.getElementById("extended").checked ? longest : due).split(" ");
  if (!(place >= 0 && place < Number(starts)) || lasts[place] === "-") {
    told.textContent = say.beyond;
    return;
  }
  const last = start + Number(lasts[place]);
  told.textContent = say.due + say.colon + named(last);
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const text of [say.day, say.number, say.why]) cell(head, "th", text);
  const body = table.createTBody();
  let number = 0;
  for (let day = start + 1; day <= last; day += 1) {
    const kind = kinds[day - begin];
    const works = kind === kind.toUpperCase();
    if (works) number += 1;
    const row = body.insertRow();
    for (const text of [named(day), works ? String(number) : say.off, say[kind]]) cell(row, "td", text);
  }
  shown.append(table);
}

if (ask) {
  ask.hidden = false;
  ask.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
}
