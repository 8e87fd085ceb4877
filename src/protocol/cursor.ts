import * as z from "zod";
import { isId } from "../domain/ids.ts";
import { type Ms, ms } from "../domain/time.ts";

/** The last row of a page: the next one begins after it. */
export interface PageEnd {
  readonly at: Ms;
  readonly id: string;
}

/** Opaque to clients. */
export const cursorOf = ({ at, id }: PageEnd): string => Buffer.from(`${at}.${id}`).toString("base64url");

/** P62: a cursor that we did not give is refused. */
export const cursor = z
  .string()
  .max(128)
  .transform((text, context): PageEnd => {
    const [, at, id = ""] = /^(\d{1,15})\.(.*)$/.exec(Buffer.from(text, "base64url").toString()) ?? [];
    if (at === undefined || !isId(id)) context.addIssue({ code: "custom", message: "is no cursor of ours" });
    return { at: ms(Number(at)), id };
  })
  .meta({ description: "`next_cursor` of the page before" });
