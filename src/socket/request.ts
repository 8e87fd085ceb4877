import { type Trusts, clientAddress } from "./trust.ts";
import type { HttpRequest } from "./port.ts";

/** What a transport takes from its request at once: uWebSockets.js keeps it on the stack of the handler. */
export interface Head {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly params: Readonly<Record<string, string>>;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
}

/**
 * The request as routes see it. A class, because getters of an object literal give every object a
 * hidden class of its own: a third of the cost of a small request was collecting those.
 */
export class IncomingRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly #head: Head;
  readonly #peer: () => string;
  readonly #trusts: Trusts;
  #query: URLSearchParams | undefined;

  /** `peer`: its address; empty when it is gone. */
  constructor(head: Head, body: Uint8Array, peer: () => string, trusts: Trusts) {
    this.method = head.method;
    this.path = head.path;
    this.params = head.params;
    this.body = body;
    this.#head = head;
    this.#peer = peer;
    this.#trusts = trusts;
  }
  // Query and address cost something, so only when asked.
  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#head.query));
  }
  get address(): string {
    const peer = this.#peer();
    return this.#trusts(peer) ? clientAddress(peer, linesOf(this.#head, FORWARDED), this.#trusts) : peer;
  }
  header(name: string): string {
    return headerOf(this.#head, name);
  }
}

export const EMPTY = new Uint8Array(0);

export const headerOf = (head: Head, name: string): string => {
  for (let i = 0; i < head.headers.length; i += 2) if (head.headers[i] === name) return head.headers[i + 1]!;
  return "";
};

const FORWARDED = "x-forwarded-for";
/** S44: each proxy may have added a line of its own; they are one list. */
const linesOf = ({ headers }: Head, name: string): string =>
  headers.filter((_, i) => i % 2 === 1 && headers[i - 1] === name).join(",");

/** A path parameter as it was meant. */
export const decoded = (text: string): string => {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no id has a "%": it will be refused where it is judged
  }
};

/** Runs what may answer now or later; a throw or a rejection becomes the failure's answer. */
export const settle = <T>(
  work: () => T | Promise<T>,
  done: (result: T) => void,
  failed: (error: unknown) => void,
): void => {
  let result: T | Promise<T>;
  try {
    result = work();
  } catch (error) {
    return failed(error);
  }
  if (result instanceof Promise) result.then(done, failed);
  else done(result);
};
