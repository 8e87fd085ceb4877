/** Numbers in [0, 1), the same for the same seed and labels. */
export type Random = () => number;

/**
 * A stream of its own for each thing that draws (`seeded(7, "driver", 12)`), so that what one does
 * never shifts what another draws. sfc32 by Chris Doty-Humphrey (public domain, PractRand).
 */
export const seeded = (seed: number, ...labels: readonly (string | number)[]): Random => {
  let [a, b, c, counter] = [hash(0, seed, labels), hash(1, seed, labels), hash(2, seed, labels), 1];
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
};

export const between = (random: Random, low: number, high: number): number => low + random() * (high - low);

/** FNV-1a over the text, salted: three different starts for the three words of the state. */
const hash = (salt: number, seed: number, labels: readonly (string | number)[]): number => {
  let word = 0x81_1c_9d_c5 ^ salt;
  for (const char of `${seed}/${labels.join("/")}/${salt}`)
    word = Math.imul(word ^ char.charCodeAt(0), 0x01_00_01_93);
  return word | 0;
};
