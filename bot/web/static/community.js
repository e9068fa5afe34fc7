// The community page, livelier: messages appear by themselves and forms are sent without leaving the page.
// Everything here also works without it, by reloading.

const page = document.querySelector("main[data-community]");
const community = encodeURIComponent(page.dataset.community);
const threads = document.getElementById("gesprekken");
const news = document.getElementById("nieuws");
const connection = document.getElementById("verbinding");
const BOT = "@atriumbot ";

function element(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

// What this person wrote last: it and its answer are brought into view, on a phone they start below the fold.
let mine = null;

function reveal(thread, place) {
  const shown = document.getElementById(`gesprek-${thread}`);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  (place ?? shown)?.scrollIntoView({ block: place ? "nearest" : "start", behavior: still ? "auto" : "smooth" });
}

function show(message) {
  if (document.getElementById(`bericht-${message.id}`)) return;
  const fresh = element(message.html);
  if (message.begins) {
    // A page of older conversations stays what it is.
    if ("older" in page.dataset) return;
    threads.prepend(fresh);
    document.getElementById("leeg")?.remove();
  } else {
    const thread = document.querySelector(`#gesprek-${message.thread} > ol`);
    if (!thread) {
      news.textContent = `Nieuw antwoord van ${message.author} in een ouder gesprek. Laad de pagina opnieuw om het te zien.`;
      return;
    }
    thread.append(fresh);
  }
  prepare(fresh);
  if (mine === String(message.thread)) reveal(mine, message.begins ? null : fresh);
  news.textContent = `Nieuw bericht van ${message.author}: ${message.text}`;
}

function listen() {
  const stream = new EventSource(`/community/${community}/stream?after=${page.dataset.last}`);
  stream.addEventListener("bericht", (event) => show(JSON.parse(event.data)));
  stream.addEventListener("open", () => { connection.hidden = true; });
  stream.addEventListener("error", () => { connection.hidden = false; });
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}

function identity() {
  return { author: page.dataset.author, role: page.dataset.role };
}

async function write(form, button) {
  const text = form.elements.text.value.trim();
  const forBot = button?.value === "bot" && text && !/@atriumbot\b/i.test(text);
  const thread = form.elements.thread?.value ?? null;
  const body = { ...identity(), text: (forBot ? BOT : "") + text, thread };
  const answer = await fetch(`/community/${community}/messages`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.ok) {
    const { thread: written } = await answer.json();
    mine = written;
    reveal(mine, thread === null ? null : document.querySelector(`#gesprek-${mine} > ol > :last-child`));
    return "";
  }
  const problem = await answer.json();
  return problem.detail;
}

function tell(form, problem) {
  const place = form.querySelector("[role=alert]");
  const field = form.querySelector("textarea");
  if (place) place.textContent = problem;
  if (!field) return;
  if (problem) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  } else {
    field.removeAttribute("aria-invalid");
  }
}

async function submitted(event) {
  event.preventDefault();
  const form = event.currentTarget;
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  let problem = "Je bericht is niet verstuurd: de bot is niet bereikbaar. Probeer het opnieuw.";
  try {
    problem = await write(form, event.submitter);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
  } finally {
    delete form.dataset.busy;
  }
  tell(form, problem);
  const field = form.querySelector("textarea");
  if (!problem && field) {
    field.value = "";
    field.focus({ preventScroll: true });
  }
}

function prepare(root) {
  const forms = root.querySelectorAll("form[data-write]");
  for (const form of forms) form.addEventListener("submit", submitted);
}

prepare(document);
listen();
