/** A number for all that was taken in, in its order: two runs that differ in anything differ in it (FNV-1a, 53 bits). */
export interface Digest {
  take(text: string | Uint8Array): void;
  value(): string;
}

export const openDigest = (): Digest => {
  let a = 0x81_1c_9d_c5;
  let b = 0x12_34_56_78;
  const mix = (code: number): void => {
    a = Math.imul(a ^ code, 0x01_00_01_93);
    b = Math.imul(b ^ code, 0x85_eb_ca_6b) + 1;
  };
  return {
    take(text) {
      if (typeof text === "string") for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i));
      else for (const byte of text) mix(byte);
      mix(0x1_00_00);
    },
    value: () => `${(a >>> 0).toString(16).padStart(8, "0")}${(b >>> 0).toString(16).padStart(8, "0")}`,
  };
};
