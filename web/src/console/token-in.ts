/** Three parts of base64url, as RFC 7515 writes a token. */
const aToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** What somebody pasted: a token, or the whole link that `npm start` prints. Null: neither. */
export const tokenIn = (text: string): string | null => {
  const last = text.trim().split("#").at(-1)!;
  return aToken.test(last) ? last : null;
};
