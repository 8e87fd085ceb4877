/** How it stands between a page and the server. */
export type Link =
  | "connecting"
  | "ready"
  | "lost"
  /** The same person opened the page elsewhere. */
  | "replaced"
  /** The server does not take the token any more. */
  | "signed-out";

/** What a close code that is final means for the page. */
export const endedLink = (code: number): Link => (code === 4003 ? "replaced" : "signed-out");
