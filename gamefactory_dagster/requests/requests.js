// The box counts characters near its limit, and a request's page follows the request. Both work without this.
"use strict";

const NEAR = 0.9; // of the limit: from there on characters are counted aloud

for (const form of document.querySelectorAll("[data-ask]")) {
  const text = form.elements.prompt;
  const count = form.querySelector(".count");
  const tell = () => {
    const used = text.value.length;
    count.hidden = used < NEAR * text.maxLength;
    count.textContent = `${used.toLocaleString("en")} of ${text.maxLength.toLocaleString("en")} characters`;
  };
  text.addEventListener("input", tell);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", () => form.classList.add("sent"));
  window.addEventListener("pageshow", () => form.classList.remove("sent")); // back from the next page
  for (const example of document.querySelectorAll("[data-example]")) {
    example.addEventListener("click", (event) => {
      event.preventDefault();
      text.value = example.textContent;
      text.focus();
      tell();
    });
  }
  tell();
}

const live = document.querySelector("[data-live]");
if (live) {
  const away = live.querySelector(".away");
  const told = new Map();
  let source = null;

  // A browser has six connections for all its tabs: one that is not looked at gives its own back
  const follow = () => {
    if (document.hidden) {
      source?.close();
      source = null;
      return;
    }
    if (source !== null) return;
    source = new EventSource(live.dataset.live);
    source.addEventListener("parts", (event) => {
      for (const [id, html] of Object.entries(JSON.parse(event.data))) {
        const part = document.getElementById(id);
        if (part && told.get(id) !== html) part.innerHTML = html;
        told.set(id, html);
      }
      started = performance.now();
    });
    source.addEventListener("away", () => (away.hidden = false));
    source.addEventListener("back", () => (away.hidden = true));
    source.addEventListener("end", () => {
      document.removeEventListener("visibilitychange", follow);
      source.close();
      const name = document.querySelector(".order h1");
      if (name) document.title = `${name.textContent} · GameFactory`;
    });
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
    });
  };
  document.addEventListener("visibilitychange", follow);
  follow();

  let started = performance.now();
  const clock = () => {
    const passed = (performance.now() - started) / 1000;
    for (const one of live.querySelectorAll(".clock")) {
      const seconds = Math.floor(Number(one.dataset.seconds) + passed);
      one.textContent = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    }
  };
  setInterval(clock, 1000);
}
