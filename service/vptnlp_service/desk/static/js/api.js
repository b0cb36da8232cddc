// The service, as the page calls it: same origin, JSON, never text in an address.

import { LIMITS } from "./limits.js";

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const TRIES = 6;
const LONGEST_WAIT = 20; // seconds
const CHUNK = Math.min(32, LIMITS.messages);
const CHUNK_POINTS = 300_000; // of text, so that no request is too large
const ENOUGH = 25; // messages that fail one after the other: then it is the server, and halves are no use

let key = "";
let askForKey = async () => null;
let onBusy = () => {};

/**
 * How the page takes part.
 * @param {{ask: () => Promise<string|null>, busy: (seconds: number) => void}} hooks
 */
export function connect({ ask, busy }) {
  askForKey = ask;
  onBusy = busy;
}

/** Send one request; waits where the service asks for it, and asks the user for a key where the service does. */
async function call(path, { body, headers = {}, signal } = {}) {
  for (let tried = 1; ; tried++) {
    const sent = key ? { ...headers, Authorization: `Bearer ${key}` } : headers;
    let answer;
    try {
      answer = await fetch(new URL(path, document.baseURI), {
        method: body === undefined ? "GET" : "POST",
        body,
        headers: sent,
        signal,
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError(0, "De server is niet te bereiken. Controleer je verbinding en probeer het opnieuw.");
    }
    if (answer.ok) return content(answer, signal);
    if (answer.status === 401) {
      const given = await askForKey(Boolean(key));
      if (given === null) throw new ApiError(401, "Zonder sleutel kan de server niets beoordelen.");
      key = given;
      continue;
    }
    if (answer.status === 503 && (await problem(answer)).endsWith("#time-limit")) throw new ApiError(504, reason(504));
    if ((answer.status === 503 || answer.status === 429) && tried < TRIES) {
      const asked = Number.parseFloat(answer.headers.get("Retry-After"));
      const seconds = Math.min(LONGEST_WAIT, Number.isFinite(asked) ? Math.max(0.2, asked) : 2 ** tried);
      onBusy(seconds);
      await pause(seconds, signal);
      continue;
    }
    throw new ApiError(answer.status, reason(answer.status));
  }
}

async function content(answer, signal) {
  try {
    return await answer.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(502, reason(502)); // cut off, or a page of something between us and the service
  }
}

/** The type of a problem; empty where the answer has none. */
async function problem(answer) {
  const said = await answer.json().catch(() => null);
  return String(said?.type ?? "");
}

function reason(status) {
  if (status === 403) return "Met deze sleutel mag dit niet. Vraag je beheerder om de goede rechten.";
  if (status === 413) return "Dit is te groot om in één keer te sturen. Splits het op.";
  if (status === 400 || status === 422) return "De server kan dit niet verwerken. Misschien is een bericht te lang of leeg.";
  if (status === 429 || status === 503) return "De server is te druk. Probeer het over een paar minuten opnieuw.";
  if (status === 408 || status === 504) return "De server deed er te lang over. Probeer het later opnieuw, of met minder berichten tegelijk.";
  return `De server gaf een fout (code ${status}). Probeer het opnieuw, of meld het bij je beheerder.`;
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      window.clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = window.setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

const json = (value, signal) => ({ body: JSON.stringify(value), headers: { "Content-Type": "application/json" }, signal });

/** The messages in a file, and what could not be read. */
export function readFile(file, signal) {
  const headers = { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) };
  return call("desk/messages", { body: file, headers, signal });
}

/** The sample inbox, in the same form. */
export const readSample = (signal) => call("desk/sample", { signal });

/**
 * Assess items in chunks. A chunk that fails is tried again by halves, so that one message does not take others with it.
 * @param {Item[]} items
 * @param {{done: (items: Item[], assessments: object[]) => void, failed: (items: Item[], error: ApiError) => void}} tell called
 *   with every chunk that is done, and with the messages that cannot be assessed
 * @throws {ApiError} where it is no use to go on
 */
export async function assess(items, tell, signal) {
  const waiting = [...chunks(items)].reverse();
  let inARow = 0;
  while (waiting.length) {
    const chunk = waiting.pop();
    let assessments;
    try {
      assessments = await assessed(chunk, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || !ofTheMessages(error.status)) throw error;
      if (chunk.length > 1 && inARow < ENOUGH) {
        const half = Math.ceil(chunk.length / 2);
        waiting.push(chunk.slice(half), chunk.slice(0, half));
      } else {
        tell.failed(chunk, error);
        inARow += chunk.length;
      }
      continue;
    }
    inARow = 0;
    tell.done(chunk, assessments);
  }
}

async function assessed(chunk, signal) {
  const messages = chunk.map(({ id, text }) => ({ id, text }));
  const { assessments } = await call("v1/assessments", json({ messages }, signal));
  if (assessments?.length !== chunk.length) throw new ApiError(502, reason(502));
  return assessments;
}

/** Whether an error may come from what was sent, so that less of it may do. A service that is busy has been waited for. */
function ofTheMessages(status) {
  return [400, 408, 413, 422].includes(status) || (status >= 500 && status !== 503);
}

/** A copy of a text without personal details. */
export async function redact(item) {
  const { redactions } = await call("v1/redactions", json({ messages: [{ id: item.id, text: item.text }] }));
  return redactions[0].text;
}

function* chunks(items) {
  let chunk = [];
  let size = 0;
  for (const item of items) {
    if (chunk.length === CHUNK || (chunk.length && size + item.text.length > CHUNK_POINTS)) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push(item);
    size += item.text.length;
  }
  if (chunk.length) yield chunk;
}
