import { BEGINNING } from "./machine.ts";
import type { Role } from "../../src/domain/status.ts";
import { createTokens } from "../../src/session/tokens.ts";

export const SECRET = "a secret that only the simulation has, and long enough";

const LIFE_S = 1_000 * 3_600;
const known = new Map<string, string>();

/** Signing takes real time, so it is done before a story begins, once for each name. */
export const signTokens = async (names: readonly string[]): Promise<void> => {
  const tokens = createTokens({ secret: SECRET }, () => BEGINNING);
  for (const name of names)
    if (!known.has(name)) known.set(name, await tokens.sign(name, roleOf(name), LIFE_S));
};

export const tokenOf = (name: string): string => known.get(name)!;

/** `driver1` is a driver. */
export const roleOf = (name: string): Extract<Role, "driver" | "passenger" | "admin"> =>
  name.replace(/\d+$/, "") as "driver" | "passenger" | "admin";
