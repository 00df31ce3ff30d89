// Passkeys: form[data-passkey="sign-in" | "step-up" | "register"] asks data-options what the authenticator is to be
// asked, and sends what it said in the field `passkey`, as Web Authentication Level 3 writes it in JSON.
//
// Written out here, since not every browser turns these into JSON by itself.

/** What went wrong, in words for whoever signs in. */
const WORDS = {
  NotAllowedError: "The passkey was not used: it was cancelled, or it took too long. Try again, or use another way.",
  InvalidStateError: "This device holds a passkey for you already.",
  SecurityError: "Passkeys cannot be used at this address.",
};
const FAILED = "The passkey could not be used. Try again, or use another way.";

/** What is told as it stands. */
class Told extends Error {}

function fromBase64(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function toBase64(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const known = (keys = []) => keys.map((key) => ({ ...key, id: fromBase64(key.id) }));

async function create(options) {
  const publicKey = {
    ...options,
    challenge: fromBase64(options.challenge),
    user: { ...options.user, id: fromBase64(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    clientDataJSON: toBase64(made.response.clientDataJSON),
    authenticatorData: toBase64(made.response.getAuthenticatorData()),
    publicKey: toBase64(made.response.getPublicKey()),
    publicKeyAlgorithm: made.response.getPublicKeyAlgorithm(),
    id: made.id,
  };
}

async function get(options) {
  const publicKey = {
    ...options,
    challenge: fromBase64(options.challenge),
    allowCredentials: known(options.allowCredentials),
  };
  const signed = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = signed.response;
  return {
    clientDataJSON: toBase64(clientDataJSON),
    authenticatorData: toBase64(authenticatorData),
    signature: toBase64(signature),
    ...(userHandle && { userHandle: toBase64(userHandle) }),
    id: signed.id,
  };
}

/** Who signs in, by the user name that was typed here or in the form beside. */
function whose(form) {
  if (form.dataset.passkey !== "sign-in") return {};
  const field = form.elements.namedItem("username") ?? document.querySelector("input[name='username']");
  const username = field?.value.trim();
  if (username) return { username };
  field?.focus();
  throw new Told("Enter your user name first.");
}

async function optionsFor(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(whose(form)),
    credentials: "same-origin",
    redirect: "manual",
  });
  if (answer.ok) return (await answer.json()).options;
  if (answer.status === 429) throw new Told("There were too many tries. Wait a minute, then try again.");
  if (answer.status === 401) throw new Told("You are signed out. Sign in again.");
  if (answer.status === 403) throw new Told("This needs your PIN first.");
  throw new Told(FAILED);
}

function passkey(form) {
  const button = form.querySelector("button");
  const error = form.querySelector("[data-passkey-error]");
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    error.hidden = true;
    try {
      const options = await optionsFor(form);
      const { id, ...response } = await (form.dataset.passkey === "register" ? create : get)(options);
      let field = form.elements.namedItem("passkey");
      if (!field) {
        field = Object.assign(document.createElement("input"), { type: "hidden", name: "passkey" });
        form.append(field);
      }
      field.value = JSON.stringify({ id, rawId: id, type: "public-key", response });
      // Not heard as a submission again.
      form.submit();
    } catch (fault) {
      error.textContent = fault instanceof Told ? fault.message : (WORDS[fault.name] ?? FAILED);
      error.hidden = false;
      busy = false;
    }
  });
  button.hidden = false;
}

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(passkey);
