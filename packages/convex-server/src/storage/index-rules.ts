import { Fault } from "../faults.ts";
import type { ValidatorJson } from "../functions/validator.ts";

/** What Convex asks of the fields of indexes. */
const fieldsMax = 16;
/** Of one table, of all kinds together. */
const indexesMax = 32;
const fieldPart = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const refuse = (message: string): never => {
  throw new Fault("SchemaValidation", message);
};

/** Throws a fault for a path that no index may have. `index` names it, e.g. `index "by_a"`. */
const requireField = (table: string, index: string, field: string): void => {
  const where = `In table "${table}": In ${index}:`;
  if (field === "_id")
    refuse(`${where} \`_id\` is not a valid index field. To load documents by ID, use \`db.get(id)\`.`);
  if (field === "_creationTime") {
    refuse(
      `${where} \`_creationTime\` is automatically added to the end of each index. It should not be added explicitly.`,
    );
  }
  const parts = field.split(".");
  if (!parts.every((part) => fieldPart.test(part))) refuse(`${where} Invalid index field: "${field}"`);
  if (parts.some((part) => part.startsWith("_"))) {
    refuse(`${where} Reserved fields (starting with \`_\`) are not allowed in indexes.`);
  }
};

/** Throws a fault for fields that no index may have. `max` is how many it may have, none of them twice. */
export const requireIndexFields = (
  table: string,
  index: string,
  fields: readonly string[],
  { min = 0, max = fieldsMax }: { readonly min?: number; readonly max?: number } = {},
): void => {
  for (const field of fields) requireField(table, index, field);
  const twice = fields.find((field, place) => fields.indexOf(field) !== place);
  if (twice !== undefined) {
    refuse(
      `In table "${table}": In ${index}: Duplicate field "${twice}". Index fields must be unique within an index.`,
    );
  }
  if (fields.length < min) refuse(`In table "${table}" ${index} must have at least one field.`);
  if (fields.length > max) refuse(`In table "${table}": In ${index}: Indexes may have up to ${max} fields.`);
};

/** Whether a document of this validator may have a value at the path. */
const mayHold = (validator: ValidatorJson, path: readonly string[]): boolean => {
  const [field, ...rest] = path;
  if (field === undefined || validator.type === "any") return true;
  if (validator.type === "union") return validator.value.some((member) => mayHold(member, path));
  if (validator.type === "record") return mayHold(validator.values.fieldType, rest);
  if (validator.type !== "object") return false;
  const declared = Object.hasOwn(validator.value, field) ? validator.value[field] : undefined;
  return declared !== undefined && mayHold(declared.fieldType, rest);
};

/** What is to be known of an index of any kind. */
export interface IndexFields {
  readonly name: string;
  readonly fields: readonly string[];
}

/** Throws a fault for more indexes than a table may have, two of a name, and fields that no document has. */
export const requireIndexesOf = (
  table: string,
  indexes: readonly IndexFields[],
  validator: ValidatorJson | null,
): void => {
  if (indexes.length > indexesMax) refuse(`Table "${table}" cannot have more than ${indexesMax} indexes.`);
  const names = indexes.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) refuse(`Table "${table}" has two or more definitions of index "${twice}".`);
  if (validator === null) return;
  for (const { name, fields } of indexes) {
    const missing = fields.find((field) => !mayHold(validator, field.split(".")));
    if (missing === undefined) continue;
    refuse(
      `In table "${table}" the index "${name}" is invalid because it references the field "${missing}" that does not exist.`,
    );
  }
};

/** Throws a fault for two indexes that hold the same. */
export const requireDifferent = (table: string, kind: string, indexes: readonly IndexFields[]): void => {
  const seen = new Map<string, string>();
  for (const { name, fields } of indexes) {
    const key = fields.join("\n");
    const other = seen.get(key);
    if (other !== undefined) {
      refuse(
        `In table "${table}" ${kind} "${other}" and ${kind} "${name}" have the same fields. Indexes must be unique within a table.`,
      );
    }
    seen.set(key, name);
  }
};

/** Tables that ids in this validator are of. */
export const tablesOfIds = (validator: ValidatorJson): readonly string[] => {
  switch (validator.type) {
    case "id":
      return [validator.tableName];
    case "array":
      return tablesOfIds(validator.value);
    case "union":
      return validator.value.flatMap(tablesOfIds);
    case "record":
      return [...tablesOfIds(validator.keys), ...tablesOfIds(validator.values.fieldType)];
    case "object":
      return Object.values(validator.value).flatMap(({ fieldType }) => tablesOfIds(fieldType));
    default:
      return [];
  }
};
