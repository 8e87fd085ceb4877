import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

/** A kind of recorded file, known by the columns it has; others may stand between them. */
export interface Layout<Row> {
  readonly name: string;
  readonly columns: readonly string[];
  /** What a row must hold, in words. */
  readonly holds: string;
  /** `cells` in the order of `columns`; null: it does not hold it. */
  readonly row: (cells: readonly string[]) => Row | null;
}

/** The rows of a `.csv` or `.csv.gz` file. Throws with one clear line on a file or row it cannot read (B3). */
export async function* readTable<Row>(file: string, layouts: readonly Layout<Row>[]): AsyncGenerator<Row> {
  let layout: Layout<Row> | undefined;
  let places: readonly number[] = [];
  let line = 0;
  for await (const text of linesOf(file)) {
    line += 1;
    if (text === "") continue;
    const cells = text.split(",");
    if (layout === undefined) {
      layout = layouts.find(({ columns }) => columns.every((name) => cells.includes(name)));
      if (layout === undefined) throw new Error(`${file}: unknown columns "${text}"; ${known(layouts)}`);
      places = layout.columns.map((name) => cells.indexOf(name));
      continue;
    }
    const row = layout.row(places.map((place) => cells[place] ?? ""));
    if (row === null) throw new Error(`${file}:${line}: not ${layout.holds}: "${text}"`);
    yield row;
  }
}

/** Of a cell: an empty one is no number. */
export const number = (cell = ""): number => (cell === "" ? Number.NaN : Number(cell));

const known = (layouts: readonly Layout<unknown>[]): string =>
  `known: ${layouts.map(({ name, columns }) => `${columns.join(",")} (${name})`).join("; ")}`;

async function* linesOf(file: string): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  // The callback is only there so that an error of the file reaches whoever reads the lines.
  const text = file.endsWith(".gz") ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  let rest = "";
  for await (const chunk of text.setEncoding("utf8")) {
    const lines = (rest + String(chunk)).split(/\r?\n/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
