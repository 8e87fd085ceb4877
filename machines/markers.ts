import type { ErrorCode } from "../src/domain/errors.ts";

/** The two markers a transition may carry, for the `actions` of `setup`: the runtime reads them, XState does nothing. */
export const markers = {
  refuse: (_args: unknown, _params: { readonly code: ErrorCode; readonly message: string }) => {},
  ignore: () => {},
};

/** Judged and refused, with a code better than `illegal_now`. */
export const refuse = (code: ErrorCode, message: string) => ({
  actions: { type: "refuse" as const, params: { code, message } },
});

/** Accepted, changes nothing, writes nothing: what came too late to matter. */
export const ignored = { actions: "ignore" } as const;
