"use strict";
// Layers of an article, the evidence of an event, keys of the review, and the dropped page.
const body = document.getElementById("body");
for (const box of document.querySelectorAll(".layers input")) {
  box.addEventListener("change", () => body.classList.toggle("layer-" + box.value, box.checked));
}
const events = [...document.querySelectorAll("[data-event]")];
const spans = body ? [...body.querySelectorAll("[data-of]")] : [];
function light(id, on) {
  for (const span of spans) if (span.dataset.of.split(" ").includes(id)) span.classList.toggle("lit", on);
  for (const item of events) if (item.dataset.event === id) item.classList.toggle("lit", on);
}
for (const item of events) {
  const id = item.dataset.event;
  item.addEventListener("mouseenter", () => light(id, true));
  item.addEventListener("mouseleave", () => light(id, false));
  item.addEventListener("focus", () => light(id, true));
  item.addEventListener("blur", () => light(id, false));
  item.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const first = spans.find((s) => s.dataset.of.split(" ").includes(id) && s.classList.contains("trigger")) || spans.find((s) => s.dataset.of.split(" ").includes(id));
    if (first) first.scrollIntoView({ behavior: "smooth", block: "center" });
  });
}
for (const span of spans) {
  const mine = span.dataset.of.split(" ").filter((id) => id.startsWith("e:"));
  if (!span.classList.contains("trigger")) continue;
  span.addEventListener("mouseenter", () => mine.forEach((id) => light(id, true)));
  span.addEventListener("mouseleave", () => mine.forEach((id) => light(id, false)));
}
if (location.hash.length > 1 && events.length) {
  const id = decodeURIComponent(location.hash.slice(1)).replace(/^at-/, "");
  const item = events.find((e) => e.dataset.event === id);
  if (item) {
    item.classList.add("chosen");
    const folded = item.closest("details");
    if (folded) folded.open = true;
    const list = item.closest("aside");
    if (list && list.scrollHeight > list.clientHeight) list.scrollTop = item.offsetTop - 40;
    light(id, true);
    const word = spans.find((s) => s.classList.contains("lit"));
    if (word) word.scrollIntoView({ block: "center" });
  }
}
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (wanted) { event.preventDefault(); wanted.click(); return; }
  if (event.key === "/") { const find = document.querySelector(".find input"); if (find) { event.preventDefault(); find.focus(); } }
  if (event.key === "j" || event.key === "k") {
    const rows = [...document.querySelectorAll("[data-event], .words > a")];
    const at = rows.indexOf(document.activeElement);
    const next = rows[at + (event.key === "j" ? 1 : -1)];
    if (next) next.focus();
  }
});
const filters = document.getElementById("filters");
if (filters) {
  filters.addEventListener("submit", () => { for (const field of filters.elements) if (field.name && !field.value) field.disabled = true; });
  addEventListener("pageshow", () => { for (const field of filters.elements) field.disabled = false; });
}
// From which confidence on events are shown: a part of the address; the usual one is left out of it.
document.documentElement.classList.add("scripted");
const look = document.getElementById("look");
if (look) {
  const slider = look.elements.confidence, scope = look.elements.scope, told = document.getElementById("sure");
  const kept = { confidence: slider.value, scope: scope.value };
  slider.addEventListener("input", () => { told.textContent = Number(slider.value).toFixed(2); });
  for (const field of [slider, scope]) field.addEventListener("change", () => look.requestSubmit());
  look.addEventListener("submit", () => {
    if (Number(slider.value) === Number(slider.dataset.usual)) slider.disabled = true;
    if (!scope.value) scope.disabled = true;
  });
  addEventListener("pageshow", () => { slider.disabled = scope.disabled = false; slider.value = kept.confidence; scope.value = kept.scope; told.textContent = Number(kept.confidence).toFixed(2); });
}
// Filters and facets are unfolded where there is room for them, or where they are used.
const wide = matchMedia("(min-width: 56.01em)").matches;
const fold = document.getElementById("fold");
if (fold) fold.open = wide;
if (wide) for (const part of document.querySelectorAll(".facets details[data-wide='1']")) part.open = true;
// The end of a long time line is what one wants to see first.
for (const chart of document.querySelectorAll(".chart")) chart.scrollLeft = chart.scrollWidth;
// Names are completed by the record's own.
const known = document.getElementById("names");
let asking = 0;
for (const field of document.querySelectorAll("[data-names]")) {
  field.addEventListener("input", async () => {
    const parts = field.value.split(/([;,]\s*)/), last = parts.pop(), before = parts.join(""), mine = ++asking;
    if (last.trim().length < 2) return;
    const answer = await fetch("/names.json?q=" + encodeURIComponent(last.trim()));
    if (!answer.ok || mine !== asking) return;
    const found = (await answer.json()).names;
    known.replaceChildren(...found.map((n) => { const option = document.createElement("option"); option.value = before + n.term; option.label = n.name + (n.term === n.name ? "" : " (" + n.term + ")") + " · " + n.events; return option; }));
  });
}
const drop = document.getElementById("drop");
if (drop) {
  const file = document.getElementById("file"), target = document.getElementById("target"), state = document.getElementById("state"), progress = document.getElementById("progress");
  for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, (event) => { event.preventDefault(); target.classList.toggle("over", kind === "dragover"); });
  document.addEventListener("drop", (event) => { if (event.dataTransfer.files.length) { file.files = event.dataTransfer.files; drop.requestSubmit(); } });
  drop.addEventListener("submit", () => { progress.hidden = false; state.textContent = "reading…"; });
  addEventListener("pageshow", () => { progress.hidden = true; state.textContent = ""; });
}
