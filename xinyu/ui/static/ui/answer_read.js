/* Large type, and reading aloud with a voice of this device: no word leaves it. Where it has no Chinese voice of its own
   there is no button. */
(function () {
  "use strict";
  const form = document.getElementById("answer");
  const top = document.querySelector(".top");
  if (!form || !top) return;
  const root = document.documentElement, speech = window.speechSynthesis;
  const tools = document.createElement("div");
  tools.className = "tools";
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "阅读帮助");

  function button(text, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  }
  function pressed(made, on) { made.setAttribute("aria-pressed", String(on)); }

  const large = button("大字", () => pressed(large, root.classList.toggle("large")));
  pressed(large, root.classList.contains("large"));
  tools.append(large);
  top.append(tools);
  if (!speech || !window.SpeechSynthesisUtterance) return;

  let voice = null, readers = null;
  const quiet = () => speech.cancel();
  function say(text) {
    quiet();
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.9;
    speech.speak(words);
  }
  const texts = (part, what) => Array.from(part.querySelectorAll(what), (one) => one.textContent.trim());
  function reader(label, text) {
    const made = button("朗读", () => say(text()));
    made.className = "read";
    made.setAttribute("aria-label", label);
    return made;
  }
  function put() {
    const about = document.querySelector(".question, main > .lead");
    readers = Array.from(form.querySelectorAll("[data-item]"), (box) => {
      const made = reader("朗读第 " + box.dataset.item + " 题", () =>
        texts(box, "legend").concat("可以选", texts(box, "label")).join("。"));
      box.querySelector("legend").after(made);
      return made;
    });
    if (about) {
      const made = reader("朗读说明", () => texts(document, "main > .lead, .question").join("。"));
      about.after(made);
      readers.push(made);
    }
  }
  function turn(on) {
    if (on && !readers) put();
    (readers || []).forEach((made) => { made.hidden = !on; });
    pressed(aloud, on);
    if (!on) quiet();
  }
  const aloud = button("朗读", () => turn(aloud.getAttribute("aria-pressed") !== "true"));
  aloud.hidden = true;
  pressed(aloud, false);
  tools.append(aloud);
  function look() {
    if (voice) return;
    voice = speech.getVoices().find((one) => one.localService && /^(zh|cmn)/i.test(one.lang)) || null;
    aloud.hidden = !voice;
    if (voice && root.classList.contains("young")) turn(true);
  }
  speech.addEventListener("voiceschanged", look);
  look();
  document.addEventListener("answer:page", quiet);
  window.addEventListener("pagehide", quiet);
})();
