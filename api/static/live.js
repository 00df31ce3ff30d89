// Keeps a part of a page as it is now: [data-live="URL"] is asked for again every few seconds while the page is seen.
//
// The answer is a page that holds the same mark, or what is to stand in it. Nothing is announced, nothing moves, and
// whoever reads can stop it (WCAG 2.2.2).

const EVERY_MS = 5_000;

/** Whether somebody has the keyboard in it, or marks its words: they are not to lose their place. */
function isHeld(part) {
  const marked = getSelection();
  return part.contains(document.activeElement) || (!marked.isCollapsed && part.contains(marked.anchorNode));
}

async function renew(part) {
  const answer = await fetch(part.dataset.live, { credentials: "same-origin", redirect: "manual" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`) ?? page.body;
  if (answer.ok && !isHeld(part) && !found.isEqualNode(part)) part.replaceChildren(...found.childNodes);
}

function live(part) {
  let stopped = false;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = "Stop updating";
  button.addEventListener("click", () => {
    stopped = !stopped;
    button.textContent = stopped ? "Go on updating" : "Stop updating";
  });
  part.before(button);
  const go = async () => {
    // A server that is away is asked again at the next turn.
    if (!stopped && !document.hidden) await renew(part).catch(() => undefined);
    setTimeout(go, EVERY_MS);
  };
  setTimeout(go, EVERY_MS);
}

document.querySelectorAll("[data-live]").forEach(live);
