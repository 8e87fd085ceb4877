/** The end of a long id: its beginning is a time, and the same for all of a day. */
export const shortId = (id: string): string => (id.length > 12 ? `…${id.slice(-8)}` : id);
