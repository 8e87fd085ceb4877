/**
 * 32-bit FNV-1a over units of 16 bits (Fowler, Noll, Vo), and the final mix of MurmurHash3 (Appleby). What is made
 * of them is stored: never change them.
 */
export const HASH_START = 0x811c9dc5;
export const mix = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193);
export const finish = (hash: number): number => {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};
