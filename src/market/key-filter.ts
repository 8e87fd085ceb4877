import { HASH_START, finish, mix } from "../domain/hash.ts";

/** 2 MiB. With a million keys in it one new key in 450 is taken for a used one, with five million one in four. */
const BITS = 2 ** 24;
const BITS_A_KEY = 4;

/**
 * Which keys were used, of the same size however many they are (M104): a Bloom filter (1970) whose bits come from two
 * hashes (Kirsch and Mitzenmacher, 2006). It never takes a used key for a new one.
 */
export interface KeyFilter {
  add(key: string): void;
  /** False: certainly not. True: the log knows. */
  mayHave(key: string): boolean;
}

export const createKeyFilter = (): KeyFilter => {
  const words = new Uint32Array(BITS / 32);
  return {
    add(key) {
      const hash = hashOf(key);
      for (let i = 0; i < BITS_A_KEY; i++) {
        const bit = bitOf(hash, i);
        words[bit >>> 5]! |= 1 << (bit & 31);
      }
    },
    mayHave(key) {
      const hash = hashOf(key);
      for (let i = 0; i < BITS_A_KEY; i++) {
        const bit = bitOf(hash, i);
        if ((words[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
      }
      return true;
    },
  };
};

const hashOf = (key: string): number => {
  let hash = HASH_START;
  for (let i = 0; i < key.length; i++) hash = mix(hash, key.charCodeAt(i));
  return finish(hash);
};
/** An odd step, so that the bits of a key differ. */
const bitOf = (hash: number, i: number): number => (hash + i * (finish(hash ^ HASH_START) | 1)) & (BITS - 1);
