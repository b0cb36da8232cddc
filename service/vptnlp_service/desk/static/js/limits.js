// How much the service takes, as its settings say.

/** `upload`: bytes of a file, and `size`, that in words; `characters` of a message; `messages` in one request. */
export const LIMITS = JSON.parse(document.getElementById("limits").textContent);
