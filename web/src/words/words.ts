import { common as enCommon } from "./en/every-page.ts";
import { common as ruCommon } from "./ru/every-page.ts";
import { consoleWords as enConsole } from "./en/console.ts";
import { consoleWords as ruConsole } from "./ru/console.ts";
import { drive as enDrive } from "./en/drive.ts";
import { drive as ruDrive } from "./ru/drive.ts";
import { phone as enPhone } from "./en/phone.ts";
import { phone as ruPhone } from "./ru/phone.ts";
import { ride as enRide } from "./en/ride.ts";
import { ride as ruRide } from "./ru/ride.ts";
import { start as enStart } from "./en/start.ts";
import { start as ruStart } from "./ru/start.ts";

/** Every text that the pages show, by language. */
const en = {
  common: enCommon,
  console: enConsole,
  phone: enPhone,
  ride: enRide,
  drive: enDrive,
  start: enStart,
};
export type Words = typeof en;

export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];
export const languageNames: Record<Language, string> = { en: "EN", ru: "РУ" };

export const words: Record<Language, Words> = {
  en,
  ru: {
    common: ruCommon,
    console: ruConsole,
    phone: ruPhone,
    ride: ruRide,
    drive: ruDrive,
    start: ruStart,
  },
};
