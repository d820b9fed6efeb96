import { SandboxProjection } from "@threadbox/contracts/sandbox";
import { ProjectedMessage, ThreadActivity } from "@threadbox/contracts/thread";
import { Role } from "@threadbox/contracts/thread-token";
import { TurnMetadata } from "@threadbox/contracts/turn";
import { type GenericValidator, v } from "convex/values";
import { Schema } from "effect";
import { describe, expect, test } from "vitest";
import { projectedMessageFields } from "./model/messageValidators.ts";
import { sandboxProjectionFields } from "./model/sandboxValidators.ts";
import { threadActivity, turnMetadata } from "./model/turnValidators.ts";
import { userView } from "./model/users.ts";

/** What both notations can say: a kind, a set of literals, or fields whose name ends in "?" where they may be absent. */
type Shape = string | readonly string[] | { readonly [field: string]: Shape };

const ofValidator = (validator: GenericValidator): Shape => {
  switch (validator.kind) {
    case "object":
      return Object.fromEntries(
        Object.entries(validator.fields as Record<string, GenericValidator>).map(([name, field]) => [
          field.isOptional === "optional" ? `${name}?` : name,
          ofValidator(field),
        ]),
      );
    case "union":
      return validator.members.flatMap((member: GenericValidator) => ofValidator(member) as string[]).sort();
    case "literal":
      return [String(validator.value)];
    default:
      return validator.kind;
  }
};

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const ofJsonSchema = (schema: JsonSchema): Shape => {
  if (schema.properties !== undefined)
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [
        schema.required?.includes(name) ? name : `${name}?`,
        ofJsonSchema(field),
      ]),
    );
  if (schema.enum !== undefined) return [...schema.enum].sort();
  if (schema.anyOf?.some(({ type }) => type === "null"))
    return schema.anyOf.flatMap((member) => ofJsonSchema(member) as string).sort();
  const kind = schema.type ?? schema.anyOf?.find(({ type }) => type === "number")?.type ?? "unknown";
  return { integer: "float64", number: "float64" }[kind] ?? kind;
};

const ofContract = (schema: Schema.Constraint): Shape =>
  ofJsonSchema(Schema.toJsonSchemaDocument(schema).schema as JsonSchema);

describe("the validators say what the contracts say", () => {
  test.each([
    ["ProjectedMessage", ProjectedMessage, v.object(projectedMessageFields)],
    ["SandboxProjection", SandboxProjection, v.object(sandboxProjectionFields)],
    ["TurnMetadata", TurnMetadata, turnMetadata],
    ["ThreadActivity", ThreadActivity, threadActivity],
    ["Role", Role, userView.fields.role],
  ] as const)("%s", (_, contract, validator) => {
    expect(ofValidator(validator)).toEqual(ofContract(contract));
  });
});
