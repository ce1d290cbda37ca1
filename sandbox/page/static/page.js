"use strict";
// The page works without this file; it adds the account chooser, dragging, keys and live refresh.

const week = document.querySelector(".week");
const PX_PER_MIN = 0.8;
const STEP_MIN = 15;
let dragging = null;

document.querySelectorAll("[data-go]").forEach((select) =>
  select.addEventListener("change", () => { location.href = select.value; }));

if (week) {
  week.scrollTop = 7.5 * 60 * PX_PER_MIN;
  week.querySelectorAll(".event[data-id]").forEach((block) => {
    block.draggable = false;
    block.addEventListener("pointerdown", grab);
    block.addEventListener("keydown", nudge);
  });
  watchForChanges();
}

function isList() {
  return matchMedia("(max-width: 640px)").matches;
}

function grab(down) {
  if (down.button !== 0 || isList()) return;
  const block = down.currentTarget;
  const from = { x: down.clientX, y: down.clientY, top: block.offsetTop };
  const move = (ev) => {
    if (!dragging && Math.hypot(ev.clientX - from.x, ev.clientY - from.y) < 5) return;
    if (!dragging) {
      dragging = block;
      block.classList.add("dragging");
      block.setPointerCapture(ev.pointerId);
    }
    const step = STEP_MIN * PX_PER_MIN;
    const top = Math.max(0, Math.round((from.top + ev.clientY - from.y) / step) * step);
    block.style.top = `${top}px`;
    const column = [...week.querySelectorAll(".hours")].find((c) => {
      const box = c.getBoundingClientRect();
      return ev.clientX >= box.left && ev.clientX < box.right;
    });
    if (column && column !== block.parentElement) column.append(block);
  };
  const drop = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", drop);
    if (!dragging) return;
    block.addEventListener("click", (ev) => ev.preventDefault(), { once: true });
    const minutes = Math.round(block.offsetTop / PX_PER_MIN / STEP_MIN) * STEP_MIN;
    send(block, block.parentElement.dataset.day, minutes);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", drop);
}

function nudge(ev) {
  const steps = { ArrowUp: [0, -STEP_MIN], ArrowDown: [0, STEP_MIN], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[ev.key];
  if (!ev.shiftKey || !steps) return;
  ev.preventDefault();
  const block = ev.currentTarget;
  const [hours, minutes] = block.dataset.start.split(":").map(Number);
  const day = new Date(`${block.parentElement.dataset.day}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + steps[0]);
  sessionStorage.setItem("focus", block.dataset.id);
  send(block, day.toISOString().slice(0, 10), Math.max(0, hours * 60 + minutes + steps[1]));
}

async function send(block, day, minutes) {
  const clock = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const body = new URLSearchParams({ cal: block.dataset.cal, id: block.dataset.id, start: `${day}T${clock}` });
  await fetch(`${week.dataset.user}/move`, { method: "POST", body, redirect: "manual" });
  location.reload();
}

async function watchForChanges() {
  const focus = sessionStorage.getItem("focus");
  if (focus) {
    sessionStorage.removeItem("focus");
    week.querySelector(`[data-id="${CSS.escape(focus)}"]`)?.focus();
  }
  const read = async () => (await (await fetch(`${week.dataset.user}/stamp`)).json()).stamp;
  const first = await read();
  setInterval(async () => {
    try {
      if (!dragging && !document.hidden && (await read()) !== first) location.reload();
    } catch { /* the sandbox is restarting */ }
  }, 2000);
}
