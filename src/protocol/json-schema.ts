import * as z from "zod";

export type Schema = Record<string, unknown>;

/**
 * A schema as the documents say it (JSON Schema 2020-12, which OpenAPI 3.1 and AsyncAPI 3.0 read). `input`: what
 * a client may write; `output`: what it is told. Objects stay open: unknown fields are ignored both ways.
 */
export const jsonSchema = (schema: z.ZodType, io: "input" | "output"): Schema => {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    reused: "inline",
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  return made;
};
