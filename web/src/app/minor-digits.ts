const none = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "));
const three = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));
const four = new Set(["CLF", "UYW"]);

/**
 * How many digits of an amount are minor units, by ISO 4217: two, where it names no other number. `Intl` says how
 * people write prices, which for some currencies is without any.
 */
export const minorDigits = (currency: string): number =>
  none.has(currency) ? 0 : three.has(currency) ? 3 : four.has(currency) ? 4 : 2;
