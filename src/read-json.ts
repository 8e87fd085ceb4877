/** A text as JSON. Throws an error of one line that says where the text is wrong by line and column (P197). */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    throw new SyntaxError(
      message
        .replace(/position (\d+)(?: \(.*\))?/, (_, at: string) => placeOf(text.slice(0, Number(at))))
        .replaceAll("\n", " "),
      { cause: error },
    );
  }
};

const placeOf = (before: string): string => {
  const lines = before.split("\n");
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
};
