// What makes the console pleasanter with scripts; everything works without them.
(() => {
  "use strict";

  // Forms that say so keep what was typed, in this tab only, until they are sent.
  const keyOf = (form) => "beheer:" + form.dataset.bewaar;
  const texts = (form) => [...form.querySelectorAll("textarea, input[type=text], input[type=url], input[type=date], input[type=time]")]
    .filter((one) => one.name && one.name !== "bewijs");

  const keep = (form) => {
    const typed = Object.fromEntries(texts(form).map((one) => [one.name, one.value]));
    sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
  };

  const offer = (form) => {
    const kept = sessionStorage.getItem(keyOf(form));
    if (!kept) return;
    const typed = JSON.parse(kept);
    const lost = texts(form).filter((one) => one.name in typed && typed[one.name] !== one.value);
    if (!lost.length) return;
    const note = document.createElement("p");
    note.className = "notice";
    note.textContent = "Je typte hier eerder iets dat niet bewaard werd. ";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "secondary";
    button.textContent = "Zet het terug";
    button.addEventListener("click", () => {
      lost.forEach((one) => { one.value = typed[one.name]; });
      note.remove();
      lost[0].focus();
    });
    note.append(button);
    form.prepend(note);
  };

  // What was sent is forgotten once a page says that it arrived; not when one had to sign in again first.
  const sent = sessionStorage.getItem("beheer-verstuurd");
  if (sent && (document.querySelector("#gemeld .done") || document.getElementById("fouten"))) {
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem("beheer-verstuurd");
  }

  for (const form of document.querySelectorAll("form[data-bewaar]")) {
    if (!document.getElementById("fouten")) offer(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", () => sessionStorage.setItem("beheer-verstuurd", keyOf(form)));
  }

  // A mistake is read out and seen first.
  document.getElementById("fouten")?.focus();

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
