// What makes the console pleasanter with scripts; everything works without them.
(() => {
  "use strict";

  // What is said here stands on the page: its words are texts that moderators may change.
  const words = document.body.dataset;

  // Forms that say so keep what was typed and chosen, in this tab only, until they are sent.
  const keyOf = (form) => "beheer:" + form.dataset.bewaar;
  const isBox = (one) => one.type === "checkbox" || one.type === "radio";
  const nameOf = (one) => (isBox(one) ? one.name + "=" + one.value : one.name);
  const valueOf = (one) => (isBox(one) ? one.checked : one.value);
  const inputs = (form) => [...form.querySelectorAll("textarea, select, input:not([type=hidden]):not([type=file])")]
    .filter((one) => one.name);

  const keep = (form) => {
    const typed = Object.fromEntries(inputs(form).map((one) => [nameOf(one), valueOf(one)]));
    sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
  };

  const keptIn = (form) => JSON.parse(sessionStorage.getItem(keyOf(form)) || "{}");

  const lostIn = (form, typed) => inputs(form)
    .filter((one) => nameOf(one) in typed && typed[nameOf(one)] !== valueOf(one));

  const putBack = (lost, typed) => {
    for (const one of lost) {
      if (isBox(one)) one.checked = typed[nameOf(one)];
      else one.value = typed[nameOf(one)];
      one.closest("fieldset.place[hidden]")?.removeAttribute("hidden");
    }
  };

  const noteIn = (form, said) => {
    const note = document.createElement("p");
    note.className = "notice";
    note.setAttribute("role", "status");
    note.textContent = said;
    form.prepend(note);
    return note;
  };

  const offer = (form) => {
    const typed = keptIn(form);
    const lost = lostIn(form, typed);
    if (!lost.length) return;
    const note = noteIn(form, words.eerderGetypt + " ");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "secondary";
    button.textContent = words.zetTerug;
    button.addEventListener("click", () => {
      putBack(lost, typed);
      note.remove();
      lost[0].focus();
    });
    note.append(button);
  };

  // Whoever had to sign in again in the middle of a form finds it as it was left.
  const BACK = "beheer-terug";
  const resume = (form) => {
    if (sessionStorage.getItem(BACK) !== keyOf(form)) return false;
    sessionStorage.removeItem(BACK);
    const typed = keptIn(form);
    putBack(lostIn(form, typed), typed);
    noteIn(form, words.weerAangemeld);
    return true;
  };

  // What was sent is forgotten once a page says that it arrived; not when one had to sign in again first.
  const SENT = "beheer-verstuurd";
  const sent = sessionStorage.getItem(SENT);
  if (sent && document.querySelector("[data-aanmelden]")) {
    sessionStorage.setItem(BACK, sent);
  } else if (sent && (document.querySelector("#gemeld .done") || document.getElementById("fouten"))) {
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem(SENT);
  }

  for (const form of document.querySelectorAll("form[data-bewaar]")) {
    if (!document.getElementById("fouten") && !resume(form)) offer(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, keyOf(form)));
  }

  // A piece of a page that cannot be had is told beside what asked for it.
  const tell = (button, said, link) => {
    document.getElementById("niet-gelukt")?.remove();
    const note = document.createElement("p");
    note.id = "niet-gelukt";
    note.className = "notice is-off-notice";
    note.setAttribute("role", "alert");
    note.textContent = said + " ";
    if (link) note.append(link);
    (button.closest(".acts, .field") || button).after(note);
  };

  const linkTo = (address, said, form) => {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = said;
    link.addEventListener("click", () => {
      if (!form?.dataset.bewaar) return;
      keep(form);
      sessionStorage.setItem(BACK, keyOf(form));
    });
    return link;
  };

  document.body.addEventListener("htmx:responseError", (event) => {
    const button = event.detail.elt;
    const form = button.closest("form");
    const status = event.detail.xhr.status;
    if (status === 401) {
      const address = "/beheer/aanmelden?verder=" + encodeURIComponent(location.pathname);
      tell(button, words.nietAangemeld, linkTo(address, words.meldAan, form));
    } else if (status === 403) {
      tell(button, words.vorigeAanmelding, linkTo(location.pathname, words.herlaad, form));
    } else {
      tell(button, words.lukteNiet);
    }
  });
  document.body.addEventListener("htmx:sendError", (event) => {
    tell(event.detail.elt, words.geenVerbinding);
  });
  document.body.addEventListener("htmx:beforeRequest", () => document.getElementById("niet-gelukt")?.remove());

  // The mistakes that a preview finds stand above the form, and at their fields instead of the earlier ones.
  const describe = (field, note, is) => {
    const told = (field.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== note);
    if (is) told.push(note);
    if (told.length) field.setAttribute("aria-describedby", told.join(" "));
    else field.removeAttribute("aria-describedby");
  };

  const clearMistakes = (form) => {
    for (const note of form.querySelectorAll("small.wrong[id$='-fout']")) {
      const field = document.getElementById(note.id.replace(/-fout$/, ""));
      if (field) describe(field, note.id, false);
      note.remove();
    }
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    for (const one of form.querySelectorAll(".is-wrong")) one.classList.remove("is-wrong");
  };

  const markMistake = (link) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    const note = document.createElement("small");
    note.className = "wrong";
    note.id = field.id + "-fout";
    note.textContent = link.dataset.fout;
    const isGroup = field.tagName === "FIELDSET";
    if (isGroup) field.append(note);
    else {
      field.setAttribute("aria-invalid", "true");
      field.closest(".field").classList.add("is-wrong");
      field.closest(".field").append(note);
    }
    describe(field, note.id, true);
    field.closest("fieldset.place[hidden]")?.removeAttribute("hidden");
  };

  document.body.addEventListener("htmx:afterSwap", (event) => {
    const above = document.getElementById("fouten-boven");
    const form = event.detail.elt?.closest("form") || document.getElementById("aankondiging");
    if (!above || !form || event.detail.target.id !== "voorbeeld") return;
    clearMistakes(form);
    for (const link of above.querySelectorAll("a[data-fout]")) markMistake(link);
    document.getElementById("fouten-voorbeeld")?.focus();
  });

  // A mistake is read out and seen first.
  document.getElementById("fouten")?.focus();

  // A text that is too long is said while it is typed or pasted, and never cut.
  for (const box of document.querySelectorAll("[data-hoogstens]")) {
    const most = Number(box.dataset.hoogstens);
    const id = `${box.id}-lengte`;
    box.addEventListener("input", () => {
      const length = box.value.length;
      let note = document.getElementById(id);
      if (length <= most) return note?.remove();
      if (!note) {
        note = document.createElement("small");
        note.id = id;
        note.className = "wrong";
        note.setAttribute("role", "status");
        box.after(note);
      }
      note.textContent = words.teLang.replace("{lengte}", length).replace("{hoogstens}", most);
    });
  }

  // A choice that filters needs no button.
  for (const select of document.querySelectorAll("select[data-meteen]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }

  // A programme's places: more of them are shown as they are needed.
  const more = document.querySelector("[data-meer-plaatsen]");
  if (more) {
    const hidden = () => document.querySelector("fieldset.place[hidden]");
    more.hidden = !hidden();
    more.addEventListener("click", () => {
      const next = hidden();
      next.hidden = false;
      next.querySelector("input").focus();
      more.hidden = !hidden();
    });
  }
})();
