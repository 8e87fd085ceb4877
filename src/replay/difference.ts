/** Where what the log or a kept row says is not what its inputs give when they run again. */
export interface Difference {
  /** `event 412`, or a kept row: `actor trip:ID`, `trip ID`, `driver_status ID`, `claim ID`. */
  readonly row: string;
  readonly field: string;
  readonly logged: unknown;
  readonly replayed: unknown;
}

/** Nothing where both are the same to the log; inside objects each field that differs, by its path. */
export const differ = (row: string, field: string, logged: unknown, replayed: unknown): Difference[] => {
  if (sameJson(logged, replayed)) return [];
  if (!isObject(logged) || !isObject(replayed)) return [{ row, field, logged, replayed }];
  return [...new Set([...Object.keys(logged), ...Object.keys(replayed)])].flatMap((key) =>
    differ(row, `${field}.${key}`, logged[key], replayed[key]),
  );
};

/** Field by field; undefined: the row is missing on that side. */
export const differIn = <Row extends object>(
  row: string,
  fields: readonly (keyof Row & string)[],
  logged: Row | undefined,
  replayed: Row | undefined,
): Difference[] => {
  if (logged === undefined || replayed === undefined)
    return differ(row, "row", logged === undefined ? "missing" : "there", replayed ? "there" : "missing");
  const found: Difference[] = [];
  for (const field of fields)
    if (!sameJson(logged[field], replayed[field]))
      found.push(...differ(row, field, logged[field], replayed[field]));
  return found;
};

/** Equal once written as JSON: a key without a value is no key. Without writing it: this runs for every row. */
export const sameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((value, i) => sameJson(value, b[i]));
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in left) if (!sameJson(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && !(key in left)) return false;
  return true;
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
