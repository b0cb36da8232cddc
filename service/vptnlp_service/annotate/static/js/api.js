// The server of this page, on this machine: JSON over the same origin, never text in an address.

/** What the server refused. `status` is 0 where it could not be reached. */
export class Problem extends Error {
  constructor(status, { detail, remarks = [], final = true }) {
    super(detail);
    Object.assign(this, { status, remarks, final });
  }
}

async function call(method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const options = { method, headers, body: body && JSON.stringify(body), cache: "no-store", credentials: "same-origin", redirect: "error", keepalive: method === "PUT" && JSON.stringify(body).length < 30_000 };
  let answer;
  try {
    answer = await fetch(new URL(path, document.baseURI), options);
  } catch {
    throw new Problem(0, { detail: "De server is niet te bereiken." });
  }
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => ({ detail: "De server antwoordt niet goed. Open het adres uit het venster opnieuw." }));
  throw new Problem(answer.status, said);
}

/** The messages in order. */
export const overview = async () => (await call("GET", "api/tasks")).tasks;

/** One message with its sheet. */
export const read = (number) => call("GET", `api/tasks/${number}`);

/** Change a sheet; `anyway` finishes an answer in spite of remarks. */
export const save = (number, revision, sheet, anyway = false) => call("PUT", `api/tasks/${number}/sheet`, { revision, sheet, anyway });

/** Undo or redo. */
export const step = (number, revision, which) => call("POST", `api/tasks/${number}/${which}`, { revision });
