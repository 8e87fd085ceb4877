const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** Of the random end of a UUIDv7; its beginning is a time, much the same in all ids of a story. */
const KEPT = 6;

/**
 * Shortens the UUIDs of a text to their ends, where no two of them end alike; `except` stays whole.
 * The last lines say what each stands for.
 */
export const shortIds = (text: string, except: string): string => {
  const ids = [...new Set(text.match(uuid))].filter((id) => id !== except);
  const ends = ids.map((id) => id.slice(-KEPT));
  const short = new Map(
    ids.flatMap((id, i) =>
      ends.indexOf(ends[i]!) === ends.lastIndexOf(ends[i]!) ? [[id, `~${ends[i]}`]] : [],
    ),
  );
  if (short.size === 0) return text;
  const legend = [...short].map(([id, end]) => `${end} = ${id}`);
  return [text.replaceAll(uuid, (id) => short.get(id) ?? id), "", ...legend].join("\n");
};
