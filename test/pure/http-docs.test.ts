import { Parser } from "@asyncapi/parser";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import * as serverMessages from "../../src/protocol/server-messages.ts";
import { asyncApi } from "../../src/protocol/asyncapi.ts";
import { httpCalls } from "../../src/protocol/http-calls.ts";
import { openApi } from "../../src/protocol/openapi.ts";
import { openWorld } from "./http-world.ts";
import { clientExamples, serverExamples } from "../../src/protocol/socket-examples.ts";
import { sockets } from "../../src/protocol/socket-messages.ts";
import { z } from "zod";

// The validators are independent of the library that made the schemas.

/** Errors and warnings. */
const SERIOUS: ReadonlySet<number> = new Set([0, 1]);

describe("openapi.json", () => {
  test("P66: is OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openApi());
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, "3.1"]);
  });

  test("P66: tells every route that is served, and no other", async () => {
    const world = await openWorld();
    const told = Object.keys(httpCalls);
    const served = world.routes.filter((name) => !/^GET \/(docs|openapi|asyncapi)/.test(name));
    expect(served.toSorted()).toEqual(told.toSorted());
  });

  test("P66: the example of each answer is read by the schema of that answer", () => {
    for (const [name, { answer, example }] of Object.entries(httpCalls)) {
      if (typeof answer === "string") continue;
      expect(example.answer, name).toBeDefined();
      expect(answer.safeParse(example.answer), name).toMatchObject({ success: true });
    }
  });
});

describe("asyncapi.json", () => {
  test("P66: is AsyncAPI 3.0 without an error or a warning", async () => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApi("localhost:8000")));
    const serious = diagnostics.filter(({ severity }) => SERIOUS.has(severity));
    expect(serious.map(({ message, path }) => `${path.join(".")}: ${message}`)).toEqual([]);
    expect(document?.version()).toBe("3.0.0");
    expect(document?.channels().all().length).toBe(3);
  }, 20_000);

  test("P66: tells every message there is, each with an example that its schema reads", () => {
    const told = new Set<unknown>();
    for (const [socket, { receives, sends }] of Object.entries(sockets)) {
      for (const [name, schema] of [...Object.entries(receives), ...Object.entries(sends)]) {
        const example = clientExamples[socket]?.[name];
        const said = serverExamples[socket]?.[name];
        const mine = schema === receives[name] ? example : said;
        expect(mine, `an example of ${socket} ${name}`).toBeDefined();
        expect(schema.safeParse(mine), `${socket} ${name}`).toMatchObject({ success: true });
        told.add(schema);
      }
    }
    const typed = Object.entries(serverMessages).filter(
      ([, one]) => one instanceof z.ZodObject && "type" in one.shape,
    );
    expect(typed.filter(([, one]) => !told.has(one)).map(([name]) => name)).toEqual([]);
  });
});
