/** Reads a table written as text: `event | state | state`, one row a line. */
export const cellsOf = (table: string) => {
  const lines = table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((text) => text.trim()));
  const [head, ...body] = lines;
  const columns = head!.slice(1);
  const cells = new Map<string, readonly string[]>();
  for (const [event, ...row] of body)
    columns.forEach((state, i) =>
      cells.set(`${event} ${state}`, (row[i] ?? "").split(/\s+/).filter(Boolean)),
    );
  return {
    columns,
    rows: body.map(([event]) => event!),
    cell: (event: string, state: string): readonly string[] => cells.get(`${event} ${state}`) ?? [],
  };
};
