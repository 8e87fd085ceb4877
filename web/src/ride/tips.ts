import { minorDigits } from "../app/minor-digits.ts";

interface Money {
  readonly amount: number;
  readonly currency: string;
}

const SHARES = [0, 0.05, 0.1, 0.2];

/** B51: tips to choose from, minor units: nothing, and shares of the fare in whole units of its currency, each once. */
export const tipsFor = ({ amount, currency }: Money): readonly number[] => {
  const unit = 10 ** minorDigits(currency);
  return [...new Set(SHARES.map((share) => Math.ceil((amount * share) / unit) * unit))];
};
