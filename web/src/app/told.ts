import type { WebConfig } from "../../../src/protocol/web-config.ts";
import type { Language } from "../words/words.ts";
import { minorDigits } from "./minor-digits.ts";

type Market = WebConfig["markets"][number];

/** Minor units of an ISO 4217 currency, all of them (B123). */
export const moneyText = (language: Language, money: { amount: number; currency: string }): string => {
  const { amount, currency } = money;
  const digits = minorDigits(currency);
  const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = new Intl.NumberFormat(language, { style: "currency", currency, ...shown });
  return format.format(amount / 10 ** digits);
};

/** Unix milliseconds or ISO 8601, as a clock in the market's zone says. */
export const clockText = (language: Language, market: Market, at: number | string): string =>
  new Intl.DateTimeFormat(language, { timeZone: market.time_zone, timeStyle: "medium" }).format(new Date(at));

/** "14:05" */
export const shortClockText = (language: Language, market: Market, at: number | string): string =>
  new Intl.DateTimeFormat(language, { timeZone: market.time_zone, timeStyle: "short" }).format(new Date(at));

export const dateText = (language: Language, market: Market, at: number | string): string =>
  new Intl.DateTimeFormat(language, {
    timeZone: market.time_zone,
    day: "numeric",
    month: "short",
    ...(new Date(at).getFullYear() !== new Date().getFullYear() && { year: "numeric" }),
    hour: "numeric",
    minute: "2-digit",
  }).format(new Date(at));

/** As a clock says, and where that was on another day, of which one (B139). */
export const momentText = (
  language: Language,
  market: Market,
  at: number | string,
  now = Date.now(),
): string => (isToday(market, at, now) ? clockText(language, market, at) : dateText(language, market, at));

/** "4 min" */
export const minutesText = (language: Language, s: number): string =>
  new Intl.NumberFormat(language, { style: "unit", unit: "minute", unitDisplay: "short" }).format(
    Math.max(1, Math.round(s / 60)),
  );

/** "850 m", "3.4 km" */
export const distanceText = (language: Language, m: number): string =>
  new Intl.NumberFormat(language, {
    style: "unit",
    unit: m < 1_000 ? "meter" : "kilometer",
    unitDisplay: "short",
    maximumFractionDigits: m < 1_000 ? 0 : 1,
  }).format(m < 1_000 ? Math.round(m / 10) * 10 : m / 1_000);

/** "12 sec. ago", "3 min. ago", "2 hr. ago" */
export const agoText = (language: Language, agoMs: number): string => {
  const [size, unit] =
    agoMs < 60_000
      ? ([1_000, "second"] as const)
      : agoMs < 3_600_000
        ? ([60_000, "minute"] as const)
        : ([3_600_000, "hour"] as const);
  return new Intl.RelativeTimeFormat(language, { style: "short" }).format(
    -Math.max(0, Math.floor(agoMs / size)),
    unit,
  );
};

/** Whether it is the same day there as now. */
export const isToday = (market: Market, at: number | string, now = Date.now()): boolean => {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: market.time_zone });
  return day.format(new Date(at)) === day.format(now);
};

/** A trip that lives, or ended on the day it is there. */
export const isOfToday = (
  market: Market,
  trip: { readonly completed_at: string | null; readonly cancelled_at: string | null },
  now = Date.now(),
): boolean => isToday(market, trip.completed_at ?? trip.cancelled_at ?? now, now);
