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
  readonly #address: () => string;
  #query: URLSearchParams | undefined;

  constructor(head: Head, body: Uint8Array, address: () => string) {
    this.method = head.method;
    this.path = head.path;
    this.params = head.params;
    this.body = body;
    this.#head = head;
    this.#address = address;
  }
  // Query and address cost something, so only when asked.
  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#head.query));
  }
  get address(): string {
    return this.#address();
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
